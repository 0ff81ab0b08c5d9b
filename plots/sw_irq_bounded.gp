# ---- sw_irq_bounded. $rates: place, mean lo hi of each of SERIES, a second; $packet: the same of
# packet_series, for each packet; $style, $packet_style: how each is drawn.
array COLOR[8] = [red, blue, green, purple, red, blue, green, purple]
array POINT[8] = [5, 7, 9, 13, 4, 6, 8, 12]
array DASH[8] = [1, 1, 1, 1, 2, 2, 2, 2]
style(k) = int(word($style[k], 1)) + 1
packet_style(k) = int(word($packet_style[k], 1)) + 1
RIGHT = n == 1 ? 0.66 : 0.725
set multiplot
set rmargin at screen RIGHT
set logscale y
set grid ytics mytics back lt 1 lw 0.6 lc rgb faint, lt 1 lw 0.3 lc rgb fainter
set mytics 10
set tmargin at screen 0.885; set bmargin at screen 0.50
set yrange [bottom / (zeros ? 2.0 : 1.15) : top * 1.6]
unset xtics
set ytics ()
fine = top < 50 * bottom
do for [e = -3 : 12] { if (10.0 ** e > bottom * 0.999 * (zeros ? 1.5 : 1)) { set ytics add (si(10.0 ** e) 10.0 ** e) }; if (fine) { set ytics add (si(2 * 10.0 ** e) 2 * 10.0 ** e); set ytics add (si(5 * 10.0 ** e) 5 * 10.0 ** e) } }
if (zeros) { set ytics add ('0' bottom) }
set label 21 'per second' at screen 0.02, 0.69 center rotate tc rgb ink
set label 10 (one_host ? "both ends on one host:\nits totals; per packet:\nthe same, of those received" : '') at screen RIGHT + 0.015, (n == 1 ? 0.23 : 0.42) left font small tc rgb soft
key_font = n == 1 ? 'DejaVu Sans,9.5' : 'DejaVu Sans,10.5'
set key at screen RIGHT + 0.015, 0.885 left top font key_font width -2
SPREAD(data, n, style) = whiskers ? sprintf("for [k = 1 : %s] %s using 1:(column(3 * k)):(0):(column(3 * k + 1) - column(3 * k)) with vectors nohead lc rgb COLOR[%s(k)] lw 2,", n, data, style) : ''
UPPER = SPREAD('$rates', 'series', 'style')
LOWER = SPREAD('$packet', 'packet_series', 'packet_style')
# of one rate the figures stand in the keys, where none can cover another
figure(data, k) = word(data, 3 * k - 1) eq 'NaN' ? NaN : real(word(data, 3 * k - 1))
said(name, text) = n == 1 ? name . ': ' . text : name
rate_of(k) = figure($rates[1], k) > bottom ? si3(figure($rates[1], k)) : '0'
count_of(k) = figure($packet[1], k) > packet_bottom ? sprintf('%.3g', figure($packet[1], k)) : '0'
array PACKET_NAME[8]
do for [k = 1 : packet_series] { do for [i = 1 : series] { if (style(i) == packet_style(k)) { PACKET_NAME[k] = SERIES[i] } } }
HOVER = image eq 'svg' ? "for [k = 1 : series] $rates using 1:(column(3 * k - 1)):(sprintf('%s, %s: %s/s', LABEL[int($0) + 1], SERIES[k], column(3 * k - 1) > bottom ? si3(column(3 * k - 1)) : '0')) with labels hypertext point @POINTER" : "NaN lc rgb paper"
plot @UPPER \
	for [k = 1 : series] $rates using 1:(column(3 * k - 1)) with lines lc rgb COLOR[style(k)] \
		lw 1 dt DASH[style(k)], \
	for [k = 1 : series] $rates using 1:(column(3 * k - 1)) with points lc rgb COLOR[style(k)] \
		lw 1.4 pt POINT[style(k)] ps 1.2 title said(SERIES[k], rate_of(k)), \
	@HOVER
eval UNLABEL
unset label 10; unset label 21
set key at screen RIGHT + 0.015, 0.46
set tmargin at screen 0.46; set bmargin at screen 0.165
set yrange [packet_bottom / (packet_zeros ? 2.0 : 1.15) : packet_top * 1.6]
set ytics ()
fine = packet_top < 50 * packet_bottom
count_text(v) = v >= 0.00095 ? sprintf('%g', v) : sprintf('1 in %s', si(floor(1 / v + 0.5)))
do for [e = -9 : 6] { if (10.0 ** e > packet_bottom * 0.999 * (packet_zeros ? 1.5 : 1)) { set ytics add (count_text(10.0 ** e) 10.0 ** e) }; if (fine) { set ytics add (count_text(2 * 10.0 ** e) 2 * 10.0 ** e); set ytics add (count_text(5 * 10.0 ** e) 5 * 10.0 ** e) } }
if (packet_zeros) { set ytics add ('0' packet_bottom) }
set label 21 'per packet' at screen 0.02, 0.315 center rotate tc rgb ink
set label 11 (packet_known ? '' : 'not known: no packets, or not counted') at graph 0.5, 0.5 center tc rgb soft
set xlabel rate_title textcolor rgb ink
eval RATES
plot @LOWER \
	for [k = 1 : packet_series] $packet using 1:(column(3 * k - 1)) with lines lc rgb COLOR[packet_style(k)] \
		lw 1 dt DASH[packet_style(k)], \
	for [k = 1 : packet_series] $packet using 1:(column(3 * k - 1)) with points lc rgb COLOR[packet_style(k)] \
		lw 1.4 pt POINT[packet_style(k)] ps 1.2 title n == 1 ? said(PACKET_NAME[k], count_of(k)) : ''
unset multiplot
