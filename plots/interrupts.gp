# ---- interrupts. $cells: CPU, row, rate a second; ROW names the rows; nothing counted is left blank.
set lmargin at screen 0.20; set rmargin at screen 0.86
set tmargin at screen 0.87; set bmargin at screen 0.165
set xrange [-0.5 : cpus - 0.5]
set yrange [rows - 0.5 : -0.5]
set border 0
unset grid
stride = cpus > 64 ? 16 : cpus > 32 ? 8 : cpus > 16 ? 4 : cpus > 8 ? 2 : 1
set xtics 0, stride, cpus - 1 scale 0
rstride = ceil(rows / 24.0)
set ytics scale 0 (); set ytics textcolor rgb ink font small
do for [i = 1 : rows] { if ((i - 1) % rstride == 0) { set ytics add (ROW[i] i - 1) } }
set xlabel 'CPU' textcolor rgb ink
# viridis (CC0), from dark to light
set palette defined (0 '#440154', 1 '#482878', 2 '#3e4a89', 3 '#31688e', 4 '#26828e', 5 '#1f9e89', 6 '#35b779', 7 '#6ece58', 8 '#b5de2b', 9 '#fde725')
# on dark paper without its darkest
if (theme eq 'dark') { set palette defined (0 '#46508f', 3 '#31688e', 4 '#26828e', 5 '#1f9e89', 6 '#35b779', 7 '#6ece58', 8 '#b5de2b', 9 '#fde725') }
set logscale cb
set cbrange [low : top]
set cbtics textcolor rgb ink
set format cb '%.0s%c'
set label 21 'per second' at screen 0.885, 0.888 left font small tc rgb ink
set colorbox user origin 0.885, 0.165 size 0.02, 0.70
set object 1 rect from graph 0, graph 0 to graph 1, graph 1 fc rgb fainter fs solid 1 noborder behind
set label 10 nothing at graph 0.5, 0.5 center tc rgb soft
VALUES = cpus * rows <= 160 ? "$cells using 1:2:($3 > 0 ? si3($3) : '0'):($3 > sqrt(low * top) ? 0x000000 : $3 > 0 ? 0xffffff : 0x808080) with labels font small tc rgb variable," : ""
plot $cells using 1:2:(0.48):(0.46):($3 > 0 ? $3 : NaN) with boxxyerror fs solid 1 noborder lc palette, \
	@VALUES NaN lc rgb paper
