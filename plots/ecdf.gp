# ---- ecdf. $stepsK: rate in % of the median, share of samples at or below it, of rate K of RATE; $box:
# row, 5 %, 25 %, 50 %, 75 %, 95 % in percent of the median, samples.
array COLOR[6] = [blue, red, green, orange, purple, sky]
array DASH[6] = [1, 4, 2, 1, 4, 2]
set multiplot
set xrange [x_low : x_high]
set rmargin at screen 0.80
set tmargin at screen 0.875; set bmargin at screen 0.43
set yrange [0 : 1]
set format x ''
set ytics ('0' 0, '25 %%' 0.25, '50 %%' 0.5, '75 %%' 0.75, '100 %%' 1)
set grid xtics ytics back lt 1 lw 0.6 lc rgb faint
set ylabel 'samples at or below' textcolor rgb ink
set key at screen 0.815, 0.875 left top width -2
set label 11 nothing at graph 0.5, 0.5 center tc rgb soft
plot for [k = 1 : rates] sprintf('$steps%d', k) using 1:2 with steps lc rgb COLOR[k] lw 1.8 dt DASH[k] title RATE[k], NaN lc rgb paper
eval UNLABEL
unset label 11
set tmargin at screen 0.385; set bmargin at screen 0.165
set format x '%g'
set yrange [rates - 0.4 : -0.6]
set ytics scale 0 (); set ytics textcolor rgb ink
do for [k = 1 : rates] { set ytics add (RATE[k] k - 1) }
set grid noytics
unset ylabel; unset key
set xlabel x_name textcolor rgb ink
set label 20 'samples, middle half' at screen 0.815, first -0.6 left offset 0, 0.5 font small tc rgb soft
do for [k = 1 : rates] { set label 20 + k SAMPLES[k] at screen 0.815, first k - 1 left font small tc rgb soft }
plot $box using 2:1:($6 - $2):(0) with vectors nohead lc rgb black lw 1.4, \
	for [k = 1 : rates] $box using ($1 == k - 1 ? ($3 + $5) / 2 : NaN):1:(($5 - $3) / 2):(0.3) with boxxyerror lc rgb COLOR[k] fs solid 1 noborder, \
	$box using 4:($1 - 0.3):(0):(0.6) with vectors nohead lc rgb black lw 2
unset multiplot
