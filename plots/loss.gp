# ---- loss. $points: offered, loss ratio (mean lo hi, nothing lost at `zero`), 1 if a run is marked.
set tmargin at screen 0.85; set bmargin at screen 0.165
set logscale y
set yrange [zero / 2.2 : 1.6]
set xrange [0 : top * 1.06]
eval XTICS
set grid xtics ytics back lt 1 lw 0.6 lc rgb faint
unset ytics
set ytics nomirror out scale 0.6 ('0' zero)
set ytics textcolor rgb ink
# a tic's label is a format itself: %% of %%
share_text(e) = e >= -4 ? sprintf('%g %%%%', 10.0 ** (e + 2)) : sprintf('%g ppm', 10.0 ** (e + 6))
do for [e = 0 : floor(log10(zero) + 0.5) + 1 : -1] { set ytics add (share_text(e) 10.0 ** e) }
set arrow 1 from graph 0, first zero * 2 to graph 1, first zero * 2 nohead lc rgb soft lw 0.8 dt 3 back
set arrow 2 from graph 0, first 0.005 to graph 1, first 0.005 nohead lc rgb red lw 1.2 dt 2 back
set label 10 '0.5 %: the limit of PDR' at graph 0.01, first 0.0066 left font small tc rgb red
set label 11 nothing at graph 0.5, 0.5 center tc rgb soft
set xlabel 'offered by the sender (packets/s)' textcolor rgb ink
set ylabel 'lost, of what was offered' textcolor rgb ink
set key at screen 0.985, 0.895 right top horizontal
SPREAD = whiskers ? "$points using 1:2:3:4 with yerrorbars lc rgb black lw 1 pt 0," : ""
HOVER = image eq 'svg' ? "$points using 1:2:(sprintf('offered %s: %s lost', si3($1), $2 > zero ? sprintf('%.3g %%', 100 * $2) : 'nothing')) with labels hypertext point @POINTER" : "NaN lc rgb paper"
plot $points using 1:2 with lines lc rgb red lw 1, \
	@SPREAD $points using 1:($5 > 0 ? NaN : $2) with points lc rgb red pt 7 ps 1.4, \
	$points using 1:($5 > 0 ? $2 : NaN) with points lc rgb red pt 6 lw 1.6 ps 1.6, \
	keyentry with points lc rgb red pt 7 ps 1.4 title 'loss ratio (offered − received) / offered', \
	@HOVER
