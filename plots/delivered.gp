# ---- delivered. $points: offered (mean lo hi), received (mean lo hi), 1 if a run is marked. knee: where
# two lines meet that fit the runs best, its interval knee_lo to knee_hi; ndr, pdr: rates.
set tmargin at screen KEY_TOP - KEY_ROW * (2 + (knee_words ne '')) - 0.012; set bmargin at screen 0.175
set xrange [0 : top * 1.06]
set yrange [0 : top * 1.06]
eval XTICS
eval YTICS
set grid xtics ytics back lt 1 lw 0.6 lc rgb faint
set xlabel 'offered by the sender (packets/s)' textcolor rgb ink
set ylabel 'received (packets/s)' textcolor rgb ink
set key at screen 0.097, KEY_TOP left top
if (knee == knee) {
	if (knee_lo == knee_lo && knee_hi == knee_hi) { set object 6 rect from first knee_lo, graph 0 to first knee_hi, graph 1 fc rgb red fs transparent solid 0.10 noborder behind }
	set arrow 6 from 0, 0 to knee, knee_y nohead lc rgb red lw 1.6 dt 4 back
	set arrow 7 from knee, knee_y to knee_end, knee_end_y nohead lc rgb red lw 1.6 dt 4 back
}
# ticks from the axis up, their words on the side with room
if (ndr == ndr) {
	set arrow 8 from first ndr, graph 0 to first ndr, graph 0.055 nohead lc rgb blue lw 2 front
	if (ndr > top / 2) { set label 8 ndr_words at first ndr, graph 0.035 right offset -0.7, 0 font small tc rgb blue front } else { set label 8 ndr_words at first ndr, graph 0.035 left offset 0.7, 0 font small tc rgb blue front }
}
if (pdr == pdr) {
	set arrow 9 from first pdr, graph 0 to first pdr, graph 0.105 nohead lc rgb orange lw 2 back
	if (pdr > top / 2) { set label 9 pdr_words at first pdr, graph 0.085 right offset -0.7, 0 font small tc rgb black front } else { set label 9 pdr_words at first pdr, graph 0.085 left offset 0.7, 0 font small tc rgb black front }
}
SPREAD = whiskers ? "$points using 1:4:2:3:5:6 with xyerrorbars lc rgb black lw 1 pt 0," : ""
PLAIN = marked < |MARK| ? "$points using 1:($7 > 0 ? NaN : $4) with points lc rgb green pt 7 ps 1.4," : ""
MARKED = marked > 0 ? "$points using 1:($7 > 0 ? $4 : NaN) with points lc rgb green pt 6 lw 1.6 ps 1.6, $points using 1:4:(MARK[int($0) + 1]) with labels offset 1.2, -0.6 tc rgb ink," : ""
HOVER = image eq 'svg' ? "$points using 1:4:(sprintf('offered %s, received %s', si3($1), si3($4))) with labels hypertext point @POINTER" : "NaN lc rgb paper"
plot x lc rgb soft lw 1.2 dt 2 title 'all that was offered', \
	$points using 1:4 with lines lc rgb green lw 1.6, \
	@SPREAD @PLAIN @MARKED \
	keyentry with points lc rgb green pt 7 ps 1.4 title seen_title, \
	keyentry with lines lc rgb red lw 1.6 dt 4 title knee_words, \
	@HOVER
