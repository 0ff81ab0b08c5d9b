# ---- delivered. $points: offered (mean lo hi), received (mean lo hi), 1 if a run is marked.
set tmargin at screen KEY_TOP - KEY_ROW * 2; set bmargin at screen 0.17
set xrange [0 : top * 1.06]
set yrange [0 : top * 1.06]
eval XTICS
eval YTICS
set grid xtics ytics back lt 1 lw 0.6 lc rgb faint
set xlabel 'offered by the sender (packets/s)' textcolor rgb ink
set ylabel 'received (packets/s)' textcolor rgb ink
set key at screen 0.085, KEY_TOP left top
SPREAD = whiskers ? "$points using 1:4:2:3:5:6 with xyerrorbars lc rgb black lw 1 pt 0," : ""
PLAIN = marked < |MARK| ? "$points using 1:($7 > 0 ? NaN : $4) with points lc rgb green pt 7 ps 1.4," : ""
MARKED = marked > 0 ? "$points using 1:($7 > 0 ? $4 : NaN) with points lc rgb green pt 6 lw 1.6 ps 1.6, $points using 1:4:(MARK[int($0) + 1]) with labels offset 1.2, -0.6," : ""
plot x lc rgb soft lw 1.2 dt 2 title 'all that was offered', \
	$points using 1:4 with lines lc rgb green lw 1.6, \
	@SPREAD @PLAIN @MARKED \
	keyentry with points lc rgb green pt 7 ps 1.4 title seen_title
