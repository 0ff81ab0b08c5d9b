# ---- rx_bounded. $pairs: place, lowest and highest pair, times pairs. $rates: place, target, received (mean lo hi), offered by the sender, the received
# in percent of the target (mean lo hi)
TARGET = targets ? "$rates using 1:2:(0.72) with boxes lc rgb soft lw 1.2 fs empty border rgb soft title 'target'," : ""
SPREAD = whiskers ? "$rates using 1:4:(0):($5 - $4) " . BAR : ""
SHARE_SPREAD = whiskers ? "$rates using 1:8:(0):($9 - $8) " . BAR : ""
SIDE = short_at * 2 < n ? 'left' : 'right'
PAIRS = pairs > 1 ? "$pairs using ($1 + 0.3):2 with points lc rgb black pt 11 ps 0.9 title 'lowest and highest pair, times pairs', $pairs using ($1 + 0.3):3 with points lc rgb black pt 9 ps 0.9," : ''
HOVER = image eq 'svg' ? "$rates using 1:3:(sprintf('asked %s: received %s', LABEL[int($0) + 1], si3($3))) with labels hypertext point @POINTER" : "NaN lc rgb paper"
set multiplot
set tmargin at screen KEY_TOP - KEY_ROW * (targets + 2 + (pairs > 1))
set bmargin at screen targets ? 0.435 : 0.175
set yrange [0 : top * 1.16]
# a figure stands above its bar, and above the target where that would run through it
above(target, bar) = target > bar && target < bar + 0.11 * top ? target : bar
unset xtics
eval YTICS
if (!targets) { eval RATES; set xlabel rate_title textcolor rgb ink }
set ylabel 'packets/s' textcolor rgb ink
if (short_at >= 0) { set arrow 6 from first short_at - 0.5, graph 0 to first short_at - 0.5, graph 1 nohead lc rgb red lw 1.2 dt 2 front; set label 6 short_words at first (short_at * 2 < n ? short_at - 0.4 : short_at - 0.6), graph 0.965 @SIDE front font small tc rgb red }
set key at screen 0.097, KEY_TOP left top
plot @TARGET \
	$rates using 1:6:(0.58) with boxes lc rgb pale lw 1.2 fs solid 1 border rgb blue \
		title 'offered by the sender', \
	$rates using 1:3:(0.44) with boxes lc rgb green fs solid 1 noborder title seen_title, \
	@SPREAD @PAIRS \
	$rates using 1:(above($2, $5 > $3 ? $5 : $3)):(VALUE[int($0) + 1]) \
		with labels offset 0, 0.7 font small tc rgb black, \
	@HOVER
eval UNLABEL
unset arrow 6; unset label 6
set tmargin at screen 0.395
set bmargin at screen 0.175
set yrange [0 : share_top * 1.25]
above_100(bar) = bar < 100 && bar > 100 - 0.19 * share_top ? 100 : bar
unset ytics
set ytics nomirror out textcolor rgb ink
set ytics 0, share_top > 150 ? 100 : 25, share_top > 150 ? 100 * ceil(share_top / 100) : 100
set format y '%.0f'
set ylabel '% of target' textcolor rgb ink
set xlabel rate_title textcolor rgb ink
eval RATES
if (targets) {
	plot 100 lc rgb soft lw 1.2 dt 2, \
		$rates using 1:(100 * $6 / $2):(0.58) with boxes lc rgb pale lw 1.2 \
			fs solid 1 border rgb blue, \
		$rates using 1:7:(0.44) with boxes lc rgb green fs solid 1 noborder, \
		@SHARE_SPREAD \
		$rates using 1:(above_100($9 > $7 ? $9 : $7)):(SHARE[int($0) + 1]) \
			with labels offset 0, 0.7 font small tc rgb black
}
unset multiplot
