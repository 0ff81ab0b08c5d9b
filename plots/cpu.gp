# ---- cpu, cpu_interrupts. For each host k: $cpuK: CPU, user, system, softirq, irq, steal (percent);
# $softK: CPU, NET_RX, NET_TX, TIMER, SCHED, other softirqs, interrupts (per second).
set multiplot
panels = !with_counts ? 1 : irq_words eq '' ? 3 : 2 # no panel for vectors that are not there
bottom_edge = 0.15; top_edge = 0.80
gap = with_counts ? (hosts == 2 ? 0.08 : 0.055) : 0
tall = (top_edge - bottom_edge - gap * (panels - 1)) / panels
middle = LEFT + (0.985 - LEFT) / 2
left_of(h) = hosts == 1 || h == 1 ? LEFT : middle + 0.03
right_of(h) = hosts == 1 || h == 2 ? 0.985 : middle - 0.012
array PART[5] = ['user', 'system', 'softirq', 'irq', 'steal']
array SHADE[5] = [sky, blue, orange, red, soft]
array SOFT[5] = ['NET_RX', 'NET_TX', 'TIMER', 'SCHED', 'other']
array HUE[5] = [green, purple, yellow, sky, soft]
up(k) = sum [i = 2 : k + 1] column(i)
stride = cpus > 64 ? 16 : cpus > 32 ? 8 : cpus > 16 ? 4 : cpus > 8 ? 2 : 1
set boxwidth 0.84
set xrange [-0.6 - (cpus < 4) : cpus - 0.4 + (cpus < 4)]
unset key
# a row of squares and words, the last at the right edge; its own, since a key is as wide as a panel
LETTER = 0.0086 * (theme eq 'print' ? 1.05 : 1)
ROW_OF(name, from, y) = sprintf("at_x = 0.985; do for [i = 5 : 1 : -1] { at_x = at_x - LETTER * strlen(%s[i]) - 0.012; set label %d + i %s[i] at screen at_x, %g left font 'DejaVu Sans,11' tc rgb ink; set label %d + i '' at screen at_x - 0.012, %g point pt 5 ps 1.4 lc rgb %s[i]; at_x = at_x - 0.02 }", name, from, name, y, from + 10, y, name eq 'PART' ? 'SHADE' : 'HUE')
do for [h = 1 : hosts] {
	set lmargin at screen left_of(h); set rmargin at screen right_of(h)
	set tmargin at screen top_edge; set bmargin at screen top_edge - tall
	set yrange [0 : 102]
	set ytics (0, 25, 50, 75, 100)
	set format y (h == 1 ? '%g' : '')
	set xtics 0, stride, cpus - 1
	set format x (with_counts ? '' : '%g')
	set xlabel (with_counts ? '' : 'CPU') textcolor rgb ink
	if (h == 1) { set label 21 'busy, %' at screen 0.02, top_edge - tall / 2 center rotate tc rgb ink; eval ROW_OF('PART', 30, 0.875) }
	set label 20 HOST[h] at graph 0, 1 left offset 0, 0.7 tc rgb ink
	plot for [k = 5 : 1 : -1] sprintf('$cpu%d', h) using 1:(up(k)) with boxes lc rgb SHADE[k] fs solid 1 noborder
	eval UNLABEL
	unset label 20; unset label 21
	do for [i = 31 : 45] { unset label i }
	if (with_counts) {
		set tmargin at screen top_edge - tall - gap; set bmargin at screen top_edge - 2 * tall - gap
		set yrange [0 : soft_top * 1.05]
		set ytics (); set ytics add ((h == 1 ? '0' : '') 0); set ytics add ((h == 1 ? si3(soft_top / 2) : '') soft_top / 2); set ytics add ((h == 1 ? si3(soft_top) : '') soft_top)
		if (h == 1) { set label 21 'softirqs/s' at screen 0.02, top_edge - 1.5 * tall - gap center rotate tc rgb ink; eval ROW_OF('SOFT', 30, top_edge - tall - gap / 2 - 0.004) }
		if (panels == 2) { set format x '%g'; set xlabel 'CPU' textcolor rgb ink }
		plot for [k = 5 : 1 : -1] sprintf('$soft%d', h) using 1:(up(k)) with boxes lc rgb HUE[k] fs solid 1 noborder
		unset label 21
		do for [i = 31 : 45] { unset label i }
		if (panels == 3) {
		set tmargin at screen top_edge - 2 * tall - 2 * gap; set bmargin at screen bottom_edge
		set yrange [0 : irq_top * 1.05]
		set ytics (); set ytics add ((h == 1 ? '0' : '') 0); set ytics add ((h == 1 ? si3(irq_top) : '') irq_top)
		set format x '%g'; set xlabel 'CPU' textcolor rgb ink
		if (h == 1) { set label 21 'interrupts/s' at screen 0.02, bottom_edge + tall / 2 center rotate tc rgb ink }
		plot sprintf('$soft%d', h) using 1:7 with boxes lc rgb red fs solid 1 noborder
		unset label 21
		}
	}
}
unset multiplot
