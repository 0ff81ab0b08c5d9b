# ---- queue_rate. $tx and $rx: queue, packets/s; their means, numbers and words on balance.
set multiplot
middle = LEFT + (0.985 - LEFT) / 2
set boxwidth 0.84
# a side without counters leaves its place to the other, and says so
both = n_tx > 0 && n_rx > 0
only = n_tx > 0 || n_rx == 0 ? 1 : 2
last = both ? 2 : only
first_side = both ? 1 : only
do for [side = first_side : last] {
	set lmargin at screen side == 1 || !both ? LEFT : middle + 0.03
	set rmargin at screen side == 1 && both ? middle - 0.012 : 0.985
	set tmargin at screen 0.80; set bmargin at screen 0.165
	queues = side == 1 ? n_tx : n_rx
	mean = side == 1 ? mean_tx : mean_rx
	stride = ceil(queues / 16.0)
	set xrange [-0.6 - (queues < 4) : queues - 0.4 + (queues < 4)]
	set xtics 0, stride < 1 ? 1 : stride, queues
	set yrange [0 : top * 1.06]
	eval YTICS
	if (both && side == 2) { set format y ''; set ytics ('' 0); unset label 22 } else { set label 22 'packets/s' at screen 0.02, 0.48 center rotate tc rgb ink }
	set label 23 (both ? '' : only == 1 ? words_rx : words_tx) at screen 0.985, 0.84 right font small tc rgb soft
	set xlabel side == 1 ? 'transmit queue' : 'receive queue' textcolor rgb ink
	set label 20 (side == 1 ? words_tx : words_rx) at graph 0, 1.045 left tc rgb ink
	unset key
	set label 21 (queues ? sprintf('mean %s', si3(mean)) : '') at graph 0.995, first mean right offset 0, 0.6 font small tc rgb black
	plot sprintf('$%s', side == 1 ? 'tx' : 'rx') using 1:2 with boxes lc rgb (side == 1 ? blue : green) fs solid 1 noborder, \
		mean lc rgb black lw 1.4 dt 2
	eval UNLABEL
}
unset multiplot
