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
do for [h = 1 : hosts] {
	set lmargin at screen left_of(h); set rmargin at screen right_of(h)
	set tmargin at screen top_edge; set bmargin at screen top_edge - tall
	set yrange [0 : 102]
	set ytics (0, 25, 50, 75, 100)
	set format y (h == 1 ? '%g' : '')
	set xtics 0, stride, cpus - 1
	set format x (with_counts ? '' : '%g')
	set xlabel (with_counts ? '' : 'CPU') textcolor rgb ink
	if (h == 1) { set ylabel 'busy, %' textcolor rgb ink; set key at screen 0.985, 0.893 right top horizontal maxrows (hosts == 2 ? 2 : 1) font 'DejaVu Sans,11' } else { unset ylabel; unset key }
	set label 20 HOST[h] at graph 0, 1 left offset 0, 0.7 tc rgb ink
	plot for [k = 5 : 1 : -1] sprintf('$cpu%d', h) using 1:(up(k)) with boxes lc rgb SHADE[k] fs solid 1 noborder title h == 1 ? PART[k] : ''
	eval UNLABEL
	unset label 20
	if (with_counts) {
		set tmargin at screen top_edge - tall - gap; set bmargin at screen top_edge - 2 * tall - gap
		set yrange [0 : soft_top * 1.05]
		set ytics (); set ytics add ('0' 0); set ytics add ((h == 1 ? si3(soft_top / 2) : '') soft_top / 2); set ytics add ((h == 1 ? si3(soft_top) : '') soft_top)
		if (h == 1) { set ylabel 'softirqs/s' textcolor rgb ink; set key at screen 0.985, top_edge - tall - 0.012 right top horizontal maxrows (hosts == 2 ? 2 : 1) font 'DejaVu Sans,11' }
		if (panels == 2) { set format x '%g'; set xlabel 'CPU' textcolor rgb ink }
		plot for [k = 5 : 1 : -1] sprintf('$soft%d', h) using 1:(up(k)) with boxes lc rgb HUE[k] fs solid 1 noborder title h == 1 ? SOFT[k] : ''
		if (panels == 3) {
		set tmargin at screen top_edge - 2 * tall - 2 * gap; set bmargin at screen bottom_edge
		set yrange [0 : irq_top * 1.05]
		set ytics (); set ytics add ('0' 0); set ytics add ((h == 1 ? si3(irq_top) : '') irq_top)
		set format x '%g'; set xlabel 'CPU' textcolor rgb ink
		if (h == 1) { set ylabel 'interrupts/s' textcolor rgb ink }
		unset key
		plot sprintf('$soft%d', h) using 1:7 with boxes lc rgb red fs solid 1 noborder
		}
	}
}
unset multiplot
