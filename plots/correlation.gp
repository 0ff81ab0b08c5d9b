# ---- correlation. $cells: column, row, r (9: there is none, one counter is in both), 1 if it is shown
# by the data, 0 if not; NAME, in the order of likeness.
set lmargin at screen 0.25; set rmargin at screen 0.88
set tmargin at screen 0.875; set bmargin at screen 0.285
set xrange [-0.5 : size_of - 0.5]
set yrange [size_of - 0.5 : -0.5]
set border 0
unset grid
set xtics scale 0 rotate by 55 right offset 0.4, -0.1 (); set ytics scale 0 ()
set xtics textcolor rgb ink font small; set ytics textcolor rgb ink font small
do for [i = 1 : size_of] { set xtics add (NAME[i] i - 1); set ytics add (NAME[i] i - 1) }
set palette defined (-1 '#2166ac', -0.5 '#67a9cf', 0 '#f7f7f7', 0.5 '#ef8a62', 1 '#b2182b')
set cbrange [-1 : 1]
set cbtics (-1, -0.5, 0, 0.5, 1) textcolor rgb ink
set cblabel 'r' textcolor rgb ink
set colorbox user origin 0.905, 0.285 size 0.02, 0.59
stats $cells using ($1 != $2 && $3 > 2) nooutput
set label 3 corner . (STATS_sum > 0 ? ' · dot: one counter is in both' : '')
set label 10 nothing at graph 0.5, 0.5 center tc rgb soft
VALUES = size_of <= 18 ? "$cells using 1:2:($4 > 0 ? sprintf('%.2f', $3) : ''):(abs($3) > 0.72 ? 0xffffff : 0x000000) with labels font small tc rgb variable, $cells using 1:2:($4 > 0 || $3 > 2 ? '' : sprintf('%.2f', $3)) with labels font small tc rgb soft," : ""
plot $cells using ($4 > 0 ? $1 : NaN):2:(0.47):(0.47):3 with boxxyerror fs solid 1 noborder lc palette, \
	$cells using ($4 > 0 || $3 > 2 ? NaN : $1):2:(0.47):(0.47) with boxxyerror fs solid 1 noborder lc rgb faint, \
	@VALUES $cells using 1:2:($1 != $2 && $3 > 2 ? '·' : '') with labels tc rgb soft
