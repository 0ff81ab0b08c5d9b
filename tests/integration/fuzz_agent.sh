#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The agent and whatever may stand on its input: it ends with it, says what is wrong in its protocol,
# leaves nothing running, and no sanitizer complains. In namespaces of its own: it may be told to send.
source "$(dirname "$0")/lib.sh"
need perl
netns_possible || skip "network namespaces cannot be made here"

cat >"$work/drive.pl" <<'PERL'
use strict;
use warnings;
my ($agent, $rounds) = @ARGV;
my ($failed, $count) = (0, 0);
srand(20240607); # the same sessions every time
$SIG{PIPE} = 'IGNORE';

sub now_ns { open(my $f, '<', '/proc/uptime') or die; return int((split ' ', <$f>)[0] * 1e9) }

# Feeds a session, ends the input, and returns the exit code and the output.
sub session {
	my ($what, $input) = @_;
	pipe(my $in_r, my $in_w) or die;
	pipe(my $out_r, my $out_w) or die;
	my $pid = fork // die;
	if (!$pid) {
		open(STDIN, '<&', $in_r);
		open(STDOUT, '>&', $out_w);
		close $_ for $in_r, $in_w, $out_r, $out_w;
		exec $agent, 'agent' or die;
	}
	close $in_r;
	close $out_w;
	my $writer = fork // die; # long input must not wait for output that nobody reads yet
	if (!$writer) {
		close $out_r;
		syswrite($in_w, $input) if length $input;
		close $in_w;
		require POSIX;
		POSIX::_exit(0);
	}
	close $in_w;
	local $SIG{ALRM} = sub { kill 'KILL', $pid };
	alarm 30;
	my $out = do { local $/; <$out_r> } // '';
	waitpid $pid, 0;
	my $status = $?;
	alarm 0;
	waitpid $writer, 0;
	$count++;
	fail($what, "status $status") if $status & 127 || $status >> 8 > 1;
	for my $line (split /\n/, $out) {
		fail($what, "it printed: $line") if $line !~ /^\{"type":"[a-z]+",.*\}$/;
	}
	fail($what, 'no hello') if $out !~ /^\{"type":"hello"/;
	return ($status >> 8, $out);
}

sub fail {
	my ($what, $why) = @_;
	$failed++;
	$what =~ s/[^ -~]/?/g;
	print "FAIL  ", substr($what, 0, 300), ": $why\n";
}

sub says {
	my ($what, $input, @parts) = @_;
	my ($code, $out) = session($what, $input);
	for my $part (@parts) {
		fail($what, "'$part' is not in: $out") if index($out, $part) < 0;
	}
	print "ok    $what\n";
}

my $plan = '{"type":"plan","role":"node","pair":-1,"ifname":"","interval_ns":10000000,' .
	'"duration_ns":100000000,"cores":[],"pin":[]}' . "\n";
my $receiver = '{"type":"plan","role":"receiver","pair":0,"ifname":"lo","interval_ns":10000000,' .
	'"duration_ns":100000000,"cores":[0],"pin":[0]}' . "\n";
my $sender = '{"type":"plan","role":"sender","pair":0,"ifname":"lo","interval_ns":10000000,' .
	'"duration_ns":100000000,"cores":[0],"pin":[0],"generator":{"name":"paced","src_mac":' .
	'"00:00:00:00:00:00","dst_mac":"00:00:00:00:00:00","src_ip":"198.18.0.1","dst_ip":' .
	'"198.18.0.2","src_port":1024,"dst_port":1024,"random_src_port":false,"frame_size":64,' .
	'"pps":1000,"flows":0,"qdisc":false,"run":1,"cores":[0]}}' . "\n";
my ($stop, $finish) = ("{\"type\":\"stop\"}\n", "{\"type\":\"finish\"}\n");
sub start { my $o = now_ns() + 2e7; return "{\"type\":\"start\",\"origin_ns\":$o,\"generate_ns\":" . ($o + 5e6) . "}\n" }

says('no input', '', '"hello"');
says('garbage', "\x00\xff{{{\n", '"type":"error"');
says('an empty line', "\n", '"type":"error"');
says('an array', "[1,2]\n", '"type":"error"');
says('no type', "{}\n", '"type":"error"', 'type');
says('an unknown type', "{\"type\":\"dance\"}\n", '"type":"error"', 'dance');
says('deep nesting', ('[' x 100000) . "\n", '"type":"error"');
says('a line without an end', '{"type":"plan"' . 'x' x 1000000);
says('a line that is too long', 'x' x 20000000 . "\n");
says('start before a plan', start(), '"type":"error"', 'plan');
says('stop before a plan', $stop . $plan, '"type":"ready"');
says('finish before a plan', $finish);
says('two plans', $plan . $plan, '"type":"ready"', '"type":"error"', 'twice');
says('two starts', $plan . start() . start(), '"type":"error"');
says('a whole session of a node', $plan . start() . $stop . $finish, '"type":"ready"', '"type":"tick"', '"type":"done"');
says('a whole session of a receiver', $receiver . start() . $finish, '"type":"ready"', '"type":"done"');
says('a whole session of a sender', $sender . start() . $stop . $finish, '"type":"ready"', '"type":"done"');
says('finish twice', $plan . start() . $finish . $finish . $stop, '"type":"done"');
says('an interface that is not there', $receiver =~ s/"lo"/"none0"/r, '"type":"');
says('an origin long ago', $plan . '{"type":"start","origin_ns":1,"generate_ns":2}' . "\n" . $finish);
says('an origin in a far future', $plan . '{"type":"start","origin_ns":9223372036854775807,"generate_ns":9223372036854775807}' . "\n" . $finish, '"type":"error"');

# every number and text of the plans replaced by what does not belong there
for my $line ($plan, $receiver, $sender) {
	my @places;
	push @places, [$-[1], $+[1] - $-[1]] while $line =~ /:("[^"]*"|-?\d+|\[[^\]]*\]|true|false)/g;
	for my $place (@places) {
		for my $value ('null', '-1', '1e300', '9223372036854775807', '-9223372036854775808',
			'"' . 'a' x 5000 . '"', '[-1, 99999999, "a"]') {
			my $changed = $line;
			substr($changed, $place->[0], $place->[1]) = $value;
			session("plan $changed", $changed . start() . $finish);
		}
	}
}
print "ok    plans with one value replaced, so far $count sessions\n";

# the input ends after every byte of a short session
my $whole = $receiver . start() . $stop . $finish;
for (my $n = 0; $n < length $whole; $n += 9) {
	session("the first $n bytes", substr($whole, 0, $n));
}
print "ok    input that ends at any point, so far $count sessions\n";

# bytes changed, left out, doubled; lines in any order
my @parts = ($plan, $receiver, $sender, $stop, $finish, "{}\n", "\n");
for my $round (1 .. $rounds) {
	my $text = join '', map { $parts[rand @parts] } 1 .. 1 + rand 4;
	$text .= start() . $finish if rand() < 0.5;
	for (1 .. rand 6) {
		my $at = int rand(length($text) || 1);
		my $kind = int rand 4;
		if ($kind == 0) { substr($text, $at, 1) = chr int rand 256 }
		elsif ($kind == 1) { substr($text, $at, 1 + rand 8) = '' }
		elsif ($kind == 2) { substr($text, $at, 0) = substr($text, $at, 1 + rand 30) }
		else { substr($text, $at, 0) = ('9' x 25, '"', '{', '[', "\n", '\\u0000', '-')[rand 7] }
	}
	session("round $round: $text", $text);
}
print "ok    $rounds changed sessions, $count in all\n";
exit($failed != 0);
PERL

if unshare --net true 2>/dev/null; then
	apart=(unshare --net --pid --fork --mount-proc)
else
	apart=(unshare --user --map-root-user --net --pid --fork --mount-proc)
fi
"${apart[@]}" sh -c 'ip link set lo up 2>/dev/null; exec perl "$@"' sh "$work/drive.pl" "$nbcollect" 100 ||
	fail "sessions of the agent"
done_testing
