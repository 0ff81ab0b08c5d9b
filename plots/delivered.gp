# ---- delivered. $pointsK of each of `curves`: offered (mean lo hi), received (mean lo hi), 1 to 3 if a
# run is marked; $curves: points, of them with an interval, of them marked; knee, where two lines meet
# that fit the runs best, its height, its interval, the end of the second line; ndr, pdr.
# In grey they differ by their lightness, dashes and points.
array COLOR[8] = [curves > 1 ? blue : green, orange, purple, black, green, red, sky, yellow]
array FULL[8] = [7, 5, 9, 13, 11, 15, 7, 5]
array HOLLOW[8] = [6, 4, 8, 12, 10, 14, 6, 4]
array DASH[8] = [1, 1, 4, 2, 5, 1, 3, 2]
array MARK[3] = ['*', '†', '*†']
field(k, i) = real(word($curves[k], i))
number(k, i) = word($curves[k], i) eq 'NaN' ? NaN : field(k, i)
many = curves > 1
joined(a, b) = a eq '' || b eq '' ? a . b : a . ', ' . b
said(k) = NAME[k] . ': ' . joined(KNEE[k] eq '' ? '' : 'knee ' . KNEE[k], joined(NDR[k], PDR[k]))
key_rows = many ? curves + 1 : 2 + (KNEE[1] ne '')
KEY_STEP = many && curves > 4 ? 0.025 : KEY_ROW
set tmargin at screen KEY_TOP - KEY_STEP * key_rows - 0.012; set bmargin at screen 0.175
set xrange [0 : top * 1.06]
# what hardly rises beside what was offered has the height to itself: the broken line leaves the picture
height_of = seen_top * 1.5 < top ? seen_top * 1.5 : top * 1.06
# NDR and PDR of several have a strip below the axis, a lane each
strip = many ? 0.034 * (curves + 0.4) * height_of : 0
set yrange [-strip : height_of]
yheight = round_step(height_of / 6.0)
eval XTICS
set ytics (); do for [i = 0 : int(height_of / yheight)] { set ytics add (si(i * yheight) i * yheight) }
set grid xtics ytics back lt 1 lw 0.6 lc rgb faint
set xlabel 'offered by the sender (packets/s)' textcolor rgb ink
set ylabel many ? seen_title . ', packets/s' : 'received (packets/s)' textcolor rgb ink
key_font = many && curves > 4 ? 'DejaVu Sans,10' : 'DejaVu Sans,12'
set key at screen 0.097, KEY_TOP left top font key_font
# through 0, then from the knee on
bend(x) = x > number(1, 8) ? NaN : x < number(1, 4) ? x * number(1, 5) / number(1, 4) : number(1, 5) + (x - number(1, 4)) * (number(1, 9) - number(1, 5)) / (number(1, 8) - number(1, 4))
set samples 500
CURVES = ''; KNEES = ''; HOVER = ''
do for [k = 1 : curves] {
	if (number(k, 4) == number(k, 4)) {
		if (number(k, 6) == number(k, 6) && number(k, 7) == number(k, 7)) { set object 10 + k rect from first number(k, 6), graph 0 to first number(k, 7), graph 1 fc rgb (many ? COLOR[k] : red) fs transparent solid 0.10 noborder behind }
		if (!many) { CURVES = CURVES . "bend(x) lc rgb red lw 1.6 dt 4, " }
	}
	# their figures are in the key
	if (many) {
		lane = -strip * (k - 0.4) / curves
		if (number(k, 10) == number(k, 10)) { CURVES = CURVES . sprintf("$curves every ::%d::%d using 10:(%g) with points lc rgb COLOR[%d] pt 9 ps 1.1, ", k - 1, k - 1, lane, k) }
		if (number(k, 11) == number(k, 11)) { CURVES = CURVES . sprintf("$curves every ::%d::%d using 11:(%g) with points lc rgb COLOR[%d] pt 8 ps 1.9 lw 1.4, ", k - 1, k - 1, lane, k) }
	}
	if (field(k, 1)) {
		if (field(k, 2) > 1) { CURVES = CURVES . sprintf("$points%d using 1:5:6 with filledcurves fs transparent solid 0.18 noborder lc rgb COLOR[%d], ", k, k) }
		CURVES = CURVES . sprintf("$points%d using 1:4 with lines lc rgb COLOR[%d] lw 1.8 dt DASH[%d], ", k, k, k)
		if (field(k, 2)) { CURVES = CURVES . sprintf("$points%d using 1:4:2:3:5:6 with xyerrorbars lc rgb %s lw 1 pt 0, ", k, many ? sprintf('COLOR[%d]', k) : 'black') }
		if (field(k, 3) < field(k, 1)) { CURVES = CURVES . sprintf("$points%d using 1:($7 > 0 ? NaN : $4) with points lc rgb COLOR[%d] pt FULL[%d] ps 1.4, ", k, k, k) }
		if (field(k, 3)) { CURVES = CURVES . sprintf("$points%d using 1:($7 > 0 ? $4 : NaN) with points lc rgb COLOR[%d] pt HOLLOW[%d] lw 1.6 ps 1.6, $points%d using 1:($7 > 0 ? $4 : NaN):(MARK[$7 > 0 ? int($7) : 1]) with labels offset 1.2, -0.6 tc rgb %s, ", k, k, k, k, many ? sprintf('COLOR[%d]', k) : 'ink') }
		if (image eq 'svg') { HOVER = HOVER . sprintf("$points%d using 1:4:(sprintf('offered %%s, received %%s', si3($1), si3($4))) with labels hypertext point @POINTER, ", k) }
	}
	if (many) { KNEES = KNEES . sprintf("keyentry with linespoints lc rgb COLOR[%d] pt FULL[%d] ps 1.4 lw 1.8 dt DASH[%d] title said(%d), ", k, k, k, k) }
}
if (many) {
	set label 40 'NDR' at screen 0.835, KEY_TOP - 0.014 left offset 1, 0 font small tc rgb ink point lc rgb ink pt 9 ps 1.1
	set label 41 'PDR' at screen 0.915, KEY_TOP - 0.014 left offset 1.2, 0 font small tc rgb ink point lc rgb ink pt 8 ps 1.9 lw 1.4
} else {
	# ticks from the axis up, their words on the side with room, and clear of the lines from 0 on
	ndr = number(1, 10); pdr = number(1, 11)
	clear_of(v, least) = v < least * top ? least * top : v
	if (ndr == ndr) {
		set arrow 8 from first ndr, graph 0 to first ndr, graph 0.055 nohead lc rgb blue lw 2 front
		if (ndr > top / 2 || (ndr > 0.16 * top && pdr > ndr && pdr < ndr + 0.16 * top)) { set label 8 NDR[1] at first ndr, graph 0.035 right offset -0.7, 0 font small tc rgb blue front } else { set label 8 NDR[1] at first clear_of(pdr > ndr && pdr < ndr + 0.16 * top ? pdr : ndr, 0.08), graph 0.035 left offset 0.7, 0 font small tc rgb blue front }
	}
	if (pdr == pdr) {
		set arrow 9 from first pdr, graph 0 to first pdr, graph 0.105 nohead lc rgb orange lw 2 back
		if (pdr > top / 2) { set label 9 PDR[1] at first pdr, graph 0.085 right offset -0.7, 0 font small tc rgb black front } else { set label 9 PDR[1] at first clear_of(pdr, 0.14), graph 0.085 left offset 0.7, 0 font small tc rgb black front }
	}
	KNEES = "keyentry with points lc rgb green pt 7 ps 1.4 title seen_title, keyentry with lines lc rgb red lw 1.6 dt 4 title KNEE[1] eq '' ? '' : 'two lines that meet at ' . KNEE[1], "
}
AXIS = many ? "0 lc rgb soft lw 1," : ''
plot @AXIS x < 0 ? NaN : x lc rgb soft lw 1.2 dt 2 title 'all that was offered', \
	@CURVES @KNEES @HOVER NaN lc rgb paper
