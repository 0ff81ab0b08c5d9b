# ---- ledger. $bars: row, from, to in packets, 0 whole, 1 lost, 2 gained or not offered; NAME, VALUE.
set lmargin at screen 0.30; set rmargin at screen 0.80
set tmargin at screen 0.88; set bmargin at screen 0.15
set xrange [0 : top * 1.01]
set yrange [rows - 0.4 + pad : -0.6 - pad]
eval XTICS
set grid noytics xtics back lt 1 lw 0.6 lc rgb faint
set border 1
unset ytics
set ytics scale 0 (); set ytics textcolor rgb ink
do for [i = 1 : rows] { set ytics add (NAME[i] i - 1); set label 10 + i VALUE[i] at screen 0.815, first i - 1 left tc rgb ink }
set xlabel 'packets' textcolor rgb ink
COLOR(k) = k == 0 ? 0x0072B2 : k == 1 ? 0xD55E00 : k == 3 ? 0x009E73 : 0x9a9a9a
plot $bars using (($2 + $3) / 2):1:(abs($3 - $2) / 2 + top * 0.001):(0.36):(COLOR($4)) \
		with boxxyerror lc rgb variable fs solid 1 noborder, \
	$bars using 3:1:(0):(1) every ::0::(rows - 2) with vectors nohead lc rgb soft lw 1 dt 3
