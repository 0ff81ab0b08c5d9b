# ---- loss. $pointsK of each of `curves`: offered, loss ratio (mean lo hi, nothing lost at `zero`), 1 to 3
# if a run is marked; $curves: points, of them marked.
array COLOR[8] = [curves > 1 ? blue : red, orange, purple, black, green, red, sky, yellow]
array FULL[8] = [7, 5, 9, 13, 11, 15, 7, 5]
array HOLLOW[8] = [6, 4, 8, 12, 10, 14, 6, 4]
array DASH[8] = [1, 1, 4, 2, 5, 1, 3, 2]
array MARK[3] = ['*', '†', '*†']
field(k, i) = real(word($curves[k], i))
set lmargin at screen 0.12
set tmargin at screen curves > 4 ? 0.825 : 0.85; set bmargin at screen 0.165
set logscale y
set yrange [zero / 2.2 : 1.6]
set xrange [0 : top * 1.06]
eval XTICS
set grid xtics ytics back lt 1 lw 0.6 lc rgb faint
unset ytics
set ytics nomirror out scale 0.6 ('0' zero)
set ytics textcolor rgb ink
# a tic's label is a format itself: %% of %%
share_text(e) = e >= -4 ? sprintf('%g %%%%', 10.0 ** (e + 2)) : sprintf('%g ppm', 10.0 ** (e + 6))
do for [e = 0 : floor(log10(zero) + 0.5) + 1 : -1] { set ytics add (share_text(e) 10.0 ** e) }
set arrow 1 from graph 0, first zero * 2 to graph 1, first zero * 2 nohead lc rgb soft lw 0.8 dt 3 back
set arrow 2 from graph 0, first 0.005 to graph 1, first 0.005 nohead lc rgb red lw 1.2 dt 2 back
set label 10 'PDR 0.5 %' at graph 0, first 0.005 right offset -0.9, 0 font small tc rgb red
set label 11 nothing at graph 0.5, 0.5 center tc rgb soft
set xlabel 'offered by the sender (packets/s)' textcolor rgb ink
set label 21 'lost, of what was offered' at screen 0.014, 0.5 center rotate tc rgb ink
set key at screen 0.985, 0.895 right top horizontal maxrows (curves > 4 ? 2 : 1)
CURVES = ''; KEYS = ''; HOVER = ''
do for [k = 1 : curves] {
	if (field(k, 1)) {
		CURVES = CURVES . sprintf("$points%d using 1:2 smooth unique with lines lc rgb COLOR[%d] lw 1.4 dt DASH[%d], ", k, k, k)
		if (whiskers) { CURVES = CURVES . sprintf("$points%d using 1:2:3:4 with yerrorbars lc rgb %s lw 1 pt 0, ", k, curves > 1 ? sprintf('COLOR[%d]', k) : 'black') }
		if (field(k, 2) < field(k, 1)) { CURVES = CURVES . sprintf("$points%d using 1:($5 > 0 ? NaN : $2) with points lc rgb COLOR[%d] pt FULL[%d] ps 1.4, ", k, k, k) }
		if (field(k, 2)) { CURVES = CURVES . sprintf("$points%d using 1:($5 > 0 ? $2 : NaN) with points lc rgb COLOR[%d] pt HOLLOW[%d] lw 1.6 ps 1.6, $points%d using 1:($5 > 0 ? $2 : NaN):(MARK[$5 > 0 ? int($5) : 1]) with labels offset 1.2, -0.6 tc rgb COLOR[%d], ", k, k, k, k, k) }
		if (image eq 'svg') { HOVER = HOVER . sprintf("$points%d using 1:2:(sprintf('offered %%s: %%s lost', si3($1), $2 > zero ? sprintf('%%.3g %%%%', 100 * $2) : 'nothing')) with labels hypertext point @POINTER, ", k) }
	}
	KEYS = KEYS . sprintf("keyentry with linespoints lc rgb COLOR[%d] pt FULL[%d] ps 1.4 lw 1.4 dt DASH[%d] title curves > 1 ? NAME[%d] : 'loss ratio (offered − received) / offered', ", k, k, k, k)
}
plot @CURVES @KEYS @HOVER NaN lc rgb paper
