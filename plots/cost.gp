# ---- cost. $rates: place, mean lo hi of each of SERIES; the first `upper` are CPU time in ns.
array COLOR[5] = [blue, green, red, orange, purple]
array POINT[5] = [5, 6, 9, 10, 13]
array DASH[5] = [1, 4, 1, 4, 1]
set multiplot
set rmargin at screen 0.70
set logscale y
set tmargin at screen 0.885; set bmargin at screen 0.545
set yrange [cpu_low / 1.3 : cpu_top * 1.5]
set grid ytics mytics back lt 1 lw 0.6 lc rgb faint, lt 1 lw 0.3 lc rgb fainter
set mytics 10
cost_text(v) = v >= 1e6 ? sprintf('%g ms', v / 1e6) : v >= 1e3 ? sprintf('%g µs', v / 1e3) : sprintf('%g ns', v)
unset xtics
set ytics ()
do for [e = 0 : 10] { set ytics add (cost_text(10.0 ** e) 10.0 ** e); if (cpu_top < 200 * cpu_low) { set ytics add (cost_text(2 * 10.0 ** e) 2 * 10.0 ** e); set ytics add (cost_text(5 * 10.0 ** e) 5 * 10.0 ** e) } }
set label 21 'CPU time per packet' at screen 0.02, 0.715 center rotate tc rgb ink
set key at screen 0.715, 0.885 left top font 'DejaVu Sans,11' width -2
SPREAD(a, b) = whiskers && b >= a ? sprintf("for [k = %d : %d] $rates using 1:(column(3 * k)):(0):(column(3 * k + 1) - column(3 * k)) with vectors nohead lc rgb COLOR[k] lw 2,", a, b) : ""
# gnuplot asks for the title of a range's first, even where the range is empty
NAME(k) = k <= series ? SERIES[k] : ""
UPPER = SPREAD(1, upper)
LOWER = SPREAD(upper + 1, series)
set label 11 upper ? '' : 'not measured' at graph 0.5, 0.5 center tc rgb soft
plot @UPPER for [k = 1 : upper] $rates using 1:(column(3 * k - 1)) with linespoints lc rgb COLOR[k] lw 1.2 \
		dt DASH[k] pt POINT[k] ps 1.2 title NAME(k), (upper ? NaN : cpu_low) lc rgb paper
eval UNLABEL
unset label 11; unset label 21
set tmargin at screen 0.505; set bmargin at screen 0.165
set yrange [low / 1.3 : top * 1.5]
set ytics ()
count_text(v) = v >= 0.00095 ? sprintf('%g', v) : sprintf('1 in %s', si(floor(1 / v + 0.5)))
do for [e = -9 : 6] { set ytics add (count_text(10.0 ** e) 10.0 ** e); if (top < 200 * low) { set ytics add (count_text(2 * 10.0 ** e) 2 * 10.0 ** e); set ytics add (count_text(5 * 10.0 ** e) 5 * 10.0 ** e) } }
set label 21 'count per packet' at screen 0.02, 0.335 center rotate tc rgb ink
set xlabel rate_title textcolor rgb ink
eval RATES
set label 12 (one_host ? "both ends on one host:\nits totals" : '') at screen 0.715, 0.23 left font small tc rgb soft
set key at screen 0.715, 0.505 left top font 'DejaVu Sans,11' width -2
plot @LOWER for [k = upper + 1 : series] $rates using 1:(column(3 * k - 1)) with linespoints \
		lc rgb COLOR[k] lw 1.2 dt DASH[k] pt POINT[k] ps 1.2 title NAME(k), (series > upper ? NaN : low) lc rgb paper
unset multiplot
