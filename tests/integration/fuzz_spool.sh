#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a dead collector leaves, cut off and garbled: each spool is stored as an aborted, void run, or
# left where it is and named; the store stays whole, and no sanitizer complains.
source "$(dirname "$0")/lib.sh"
need_testbed
need perl

# a real header and, from agents of our own, real lines: a real spool is written after ten seconds only
start_run -p 1k -s 60 -i 10ms
kill -KILL "$pid"
finish
spool=$(find "$work" -name '*.nbrun')
is "lines of the spool before its first write" "$(wc -l <"$spool")" 1
for role in sender receiver node; do
	perl -e '
		my ($role, $lo) = @ARGV;
		$| = 1;
		open(my $f, "<", "/proc/uptime") or die;
		my $origin = int((split " ", <$f>)[0] * 1e9) + 2e8; # it opens its sources until then
		my $ifname = $role eq "node" ? "" : "lo";
		print qq({"type":"plan","role":"$role","pair":0,"ifname":"$ifname","interval_ns":10000000,) .
			qq("duration_ns":100000000,"cores":[0],"pin":[0]}\n),
			qq({"type":"start","origin_ns":$origin,"generate_ns":) . ($origin + 5e6) . "}\n";
		select undef, undef, undef, 0.35;
		print qq({"type":"finish"}\n)' "$role" | "$nbcollect" agent >"$work/$role.lines" 2>/dev/null
done
is "what agents said" "$(grep -c '"type":"done"' "$work"/{sender,receiver,node}.lines | cut -d : -f 2 | tr '\n' ' ')" "1 1 1 "

perl - "$spool" "$db" "$work/sender.lines" "$work/receiver.lines" "$work/node.lines" <<'PERL'
use strict;
use warnings;
my ($spool, $db, @lines) = @ARGV;
sub slurp { open(my $f, '<', $_[0]) or die; local $/; return <$f> }
srand(42);
my $header = slurp($spool);
my $body = "started\t2026-01-02T03:04:05.000000Z\n";
my @said = map { [split /^/, slurp($_)] } @lines;
while (grep { @$_ } @said) { # as they come: mixed, in order for each
	my $i = int rand 3;
	$body .= "$i\t" . shift @{$said[$i]} if @{$said[$i]};
}
my $n = 0;
sub put {
	my ($text) = @_;
	my $uuid = sprintf '%08x-0000-4000-8000-%012x', ++$n, $n;
	$text =~ s/"uuid":"[^"]*"/"uuid":"$uuid"/;
	open(my $f, '>', "$db.$uuid.nbrun") or die;
	print $f $text;
}
put($header . $body);				# whole
put($header);
put('');
put("\n");
put("no header\n$body");
put($body);
put("{}\n$body");
put(substr($header, 0, length($header) / 2));	# its header is cut
put($header . substr($body, 0, $_ * length($body) / 24)) for 1 .. 23;
put($header . $body . $body);			# everything twice
put($header . join '', reverse split /^/, $body);
put($header . $body =~ s/^(\d)/@{[(1, 2, 0)[$1]]}/gmr); # said by another
put($header . $body =~ s/^0/77/gmr);
put($header . $body =~ s/"source":"link"/"source":"stat"/gr);
put($header . $body =~ s/"rx_packets"/"no_such_metric"/gr);
put($header . $body =~ s/\["cpu_user","0"\]/["cpu_user","x\x27; DROP TABLE run;--"]/gr);
put($header . $body =~ s/:\[(-?\d+),/:[9223372036854775807,/gr);
put($header . $body =~ s/"seq":(\d+)/"seq":@{[$1 * 1e17]}/gr);
put($header . $body =~ s/,\[(\d+),/,["18446744073709551615",/gr);
put($header . $body =~ s/\d+/-1/gr);
put($header . $body =~ s/\d+/null/gr);
put($header =~ s/"endpoints":\[.*\]/"endpoints":[]/r . $body);
put($header =~ s/"node":2/"node":$_/gr . $body) for -7, 0, 1, 99, '"x"', 'null';
put($header =~ s/"role":"receiver"/"role":$_/r . $body) for '"x"', 'null', '"sender"', '"node"';
put($header =~ s/"pair":0/"pair":$_/gr . $body) for 5, -1, 'null';
for my $key ('duration_ns', 'interval_ns', 'pairs', 'target_pps', 'intended', 'campaign_id', 'frame_size') {
	put($header =~ s/"$key":[^,}]+/"$key":$_/r . $body) for 0, -1, 'null', '"x"', '9223372036854775807', '1e300';
}
for my $key ('started_utc', 'testbed', 'path', 'generator', 'source_port_mode', 'time_quality', 'labels', 'config', 'note', 'cores') {
	put($header =~ s/"$key":("([^"\\]|\\.)*"|null)/"$key":$_/r . $body) for 'null', '"x\u0027"', '7', '""';
}
for (1 .. 120) {
	my $text = $header . $body;
	for (0 .. rand 8) {
		my $at = rand() < 0.3 ? int rand length $header : int rand length $text;
		my $kind = int rand 4;
		if ($kind == 0) { substr($text, $at, 1) = chr int rand 256 }
		elsif ($kind == 1) { substr($text, $at, 1 + rand 40) = '' }
		elsif ($kind == 2) { substr($text, $at, 0) = substr($text, $at, 1 + rand 400) }
		else { substr($text, $at, 0) = ('9' x 25, '"', '{', '[', "\n", '\\u0000', '-', "\t")[rand 8] }
	}
	put($text);
}
print "note  $n spools\n";
PERL

# what looks for spools, without making a run
all=$(find "$work" -name '*.nbrun' | wc -l)
collect sweep --wait 20m --resume nobody
is "exit code" "$rc" 3
left=$(find "$work" -name '*.nbrun' | wc -l)
printf 'note  %s of %s spools were stored\n' $((all - left)) "$all"
is "each that was left is named" "$(for f in "$work"/*.nbrun; do
	grep -qF "$f" "$work/err" || echo "$f"
done | head -3)" ""
is "runs and what was left" "$(($(q 'SELECT count(*) FROM run') + left))" "$all"
is "the states of the runs" "$(q "SELECT DISTINCT status || ' ' || verdict FROM run")" "aborted void"
holds "most were stored" "$left < $all / 2"
whole
is "the whole one: readings of each end, and the start" "$(q "SELECT (SELECT count(*) > 5 FROM sample
	JOIN endpoint e ON e.id = endpoint_id WHERE e.run_id = r.id AND role = 'receiver') || ' ' ||
	started_utc FROM run r WHERE uuid LIKE '00000001-%'")" "1 2026-01-02T03:04:05.000000Z"
for view in v_run v_total v_sample v_run_role v_pair_total v_ledger v_run_metric v_run_summary v_cpu v_softnet; do
	rows=$(q "SELECT count(*) FROM $view") || fail "$view cannot be read"
	ok "$view: $rows rows"
done
collect sweep --wait 20m --resume nobody
is "a second look: exit code" "$rc" 3
is "a second look stores none twice" "$(q 'SELECT count(*) FROM run')" $((all - left))
done_testing
