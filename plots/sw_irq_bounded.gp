# ---- sw_irq_bounded. $rates: place, mean lo hi of each of SERIES; $style: how each is drawn.
array COLOR[8] = [red, blue, green, purple, red, blue, green, purple]
array POINT[8] = [5, 7, 9, 13, 4, 6, 8, 12]
array DASH[8] = [1, 1, 1, 1, 2, 2, 2, 2]
style(k) = int(word($style[k], 1)) + 1
set tmargin at screen 0.885; set bmargin at screen 0.175
set rmargin at screen 0.70
set logscale y
set yrange [bottom / (zeros ? 2.0 : 1.15) : top * 1.6]
set format y '%.0s %c'
set mytics 10
set grid ytics mytics back lt 1 lw 0.6 lc rgb faint, lt 1 lw 0.3 lc rgb fainter
if (zeros) { set ytics add ('0' bottom) }
set ylabel 'per second' textcolor rgb ink
set xlabel rate_title textcolor rgb ink
set label 10 hosts at screen 0.715, 0.90 left font small tc rgb soft
eval RATES
set key at screen 0.715, 0.88 left top font 'DejaVu Sans,10.5' width -2
SPREAD = whiskers ? "for [k = 1 : series] $rates using 1:(column(3 * k)):(0):(column(3 * k + 1) - column(3 * k)) with vectors nohead lc rgb COLOR[style(k)] lw 2," : ""
FIGURES = n == 1 ? "for [k = 1 : series] $rates using 1:(column(3 * k - 1)):(column(3 * k - 1) > bottom ? si3(column(3 * k - 1)) : '0') with labels left offset 1.2, 0 font small," : ""
HOVER = image eq 'svg' ? "for [k = 1 : series] $rates using 1:(column(3 * k - 1)):(sprintf('%s, %s: %s/s', LABEL[int($0) + 1], SERIES[k], column(3 * k - 1) > bottom ? si3(column(3 * k - 1)) : '0')) with labels hypertext point @POINTER" : "NaN lc rgb paper"
plot @SPREAD @FIGURES \
	for [k = 1 : series] $rates using 1:(column(3 * k - 1)) with lines lc rgb COLOR[style(k)] \
		lw 1 dt DASH[style(k)], \
	for [k = 1 : series] $rates using 1:(column(3 * k - 1)) with points lc rgb COLOR[style(k)] \
		lw 1.4 pt POINT[style(k)] ps 1.2 title SERIES[k], \
	@HOVER
