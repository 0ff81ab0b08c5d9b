# ---- regression. $points: x, y, residual; $fit: x, fitted, interval of the mean (lo hi).
set multiplot
set lmargin at screen 0.125
set xrange [x_low : x_high]
set tmargin at screen 0.845; set bmargin at screen 0.43
set yrange [y_low : y_high]
set format x ''
ystep = round_step((y_high - y_low) / 5.0)
set ytics (); do for [i = ceil(y_low / ystep) : floor(y_high / ystep)] { set ytics add (si(i * ystep) i * ystep) }
set grid xtics ytics back lt 1 lw 0.6 lc rgb faint
set ylabel y_name textcolor rgb ink
set key at screen 0.985, 0.893 right top horizontal maxrows 1 font 'DejaVu Sans,10' width (fitted ? -4 : 0)
# beside the title: words of a long configuration fill the line below it
set label 10 (fitted ? equation : nothing) at screen 0.985, 0.963 right tc rgb (fitted ? black : soft)
BAND = fitted ? "$fit using 1:3:4 with filledcurves fs transparent solid 0.25 noborder lc rgb orange title '95 % interval of the line', $fit using 1:2 with lines lc rgb red lw 1.6 title 'fit'," : ""
plot @BAND $points using 1:2 with points lc rgb blue pt 7 ps (points > 100 ? 0.6 : 1) title points_title
eval UNLABEL
unset label 10
set tmargin at screen 0.385; set bmargin at screen 0.165
xstep = round_step((x_high - x_low) / 6.0)
set xtics (); do for [i = ceil(x_low / xstep) : floor(x_high / xstep)] { set xtics add (si(i * xstep) i * xstep) }
set xlabel x_name textcolor rgb ink
set yrange [-res_top * 1.1 : res_top * 1.1]
set ytics ()
if (fitted) { set ytics add ('0' 0); set ytics add ('+' . si3(res_top) res_top); set ytics add ('−' . si3(res_top) -res_top) }
if (!fitted) { unset ytics; set label 11 'no line, no residuals' at graph 0.5, 0.5 center tc rgb soft }
set ylabel 'residual' textcolor rgb ink
unset key
RESIDUALS = fitted ? "0 lc rgb red lw 1.2, $points using 1:3:(0):(-$3) with vectors nohead lc rgb faint lw 1, $points using 1:3 with points lc rgb blue pt 7 ps (points > 100 ? 0.6 : 0.9)" : "NaN lc rgb paper"
plot @RESIDUALS
unset label 11
unset multiplot
