# ---- timeseries. $offered, $received, $drops, $udp_drops, $cpu_s, $cpu_r: seconds, value; steady_from
# and _to bound the window that rates are taken from.
set multiplot
set xrange [0 : t_end]
set key at screen 0.985, 0.893 right top horizontal maxrows 1
set rmargin at screen 0.985
SHADE = "set object 1 rect from graph 0, graph 0 to first steady_from, graph 1 fc rgb fainter fs solid 1 noborder behind; set object 2 rect from first steady_to, graph 0 to graph 1, graph 1 fc rgb fainter fs solid 1 noborder behind"
# the words stand above the lines
if (steady_to > steady_from) { eval SHADE; set label 6 (steady_from > 0.055 * t_end ? 'start' : '') at graph 0.006, 0.935 left font small tc rgb soft; set label 7 (t_end - steady_to > 0.11 * t_end ? 'end, drain' : '') at graph 0.994, 0.935 right font small tc rgb soft }
set label 8 verdict at screen 0.985, 0.963 right font 'DejaVu Sans Bold,12' tc rgb (verdict[1:5] eq 'valid' ? green : red)
set tmargin at screen 0.845; set bmargin at screen 0.51
set yrange [0 : top * 1.2]
set format x ''
eval YTICS
set ylabel 'packets/s' textcolor rgb ink
plot asked lc rgb soft lw 1.2 dt 2 title asked <= top * 1.08 ? 'asked' : '', \
	$offered using 1:2 with lines lc rgb blue lw 1.6 title 'offered', \
	$received using 1:2 with lines lc rgb green lw 1.6 dt 4 title 'received'
eval UNLABEL
do for [i = 6 : 8] { unset label i }
set tmargin at screen 0.46; set bmargin at screen 0.34
set yrange [0 : drop_top * 1.1]
set ytics (); set ytics add ('0' 0); set ytics add (si3(drop_top) drop_top)
set ylabel 'dropped/s' textcolor rgb ink
set key at screen 0.985, 0.502 right top horizontal maxrows 1 font 'DejaVu Sans,11'
set label 6 (any_drops ? '' : 'none') at graph 0.5, 0.5 center tc rgb soft
if (any_udp_drops) {
	plot $drops using 1:2 with lines lc rgb red lw 1.6 title 'at the interfaces', \
		$udp_drops using 1:2 with lines lc rgb purple lw 1.6 dt 2 title 'at the socket (InErrors)'
} else {
	plot $drops using 1:2 with lines lc rgb red lw 1.6
}
unset label 6
set tmargin at screen 0.28; set bmargin at screen 0.15
set yrange [0 : 105]
set ytics (0, 50, 100)
set ylabel 'core busy, %' textcolor rgb ink
set format x '%g'
set xlabel 'seconds from the start of the run' textcolor rgb ink offset 0, 0.4
set key at screen 0.985, 0.322 right top horizontal maxrows 1 font 'DejaVu Sans,11'
set label 6 (has_cpu ? '' : 'not counted') at graph 0.5, 0.5 center tc rgb soft
plot $cpu_s using 1:2 with lines lc rgb blue lw 1.6 title has_cpu ? 'cores of the sender' : '', \
	$cpu_r using 1:2 with lines lc rgb green lw 1.6 dt 4 title has_cpu ? 'cores of the receiver' : ''
unset multiplot
