# ---- compare. $rows: line, change in percent, its interval (lo hi), manner, 1 if a run is marked; a
# manner of -1 is the head of the lines below it. $manners: how many there are of each.
array COLOR[4] = [soft, blue, red, purple]
array POINT[4] = [6, 7, 5, 13]
array WORD[4] = [few ? 'no change shown (too few runs to show any)' : 'no change shown', 'better', 'worse', 'changed, neither better nor worse']
count(k) = int(word($manners[k], 1))
# beyond `unit` percent the scale is logarithmic where some change dwarfs the others
place(v) = curved ? asinh(v / unit) : v
pad = 0.06 * (place(x_high) - place(x_low))
set xrange [place(x_low) - pad : place(x_high) + pad]
set yrange [lines - 0.4 : -0.6]
set lmargin at screen 0.275; set rmargin at screen 0.665
set tmargin at screen 0.80; set bmargin at screen 0.165
set border 1
unset ytics
unset grid
set grid xtics back lt 1 lw 0.6 lc rgb faint
set xtics ()
if (curved) {
	every = asinh(x_high / unit) - asinh(x_low / unit) > 14 ? 2 : 1
	do for [e = 0 : 12 : every] { tic = unit * 10.0 ** e; if (tic <= x_high * 1.2) { set xtics add (sprintf('+%g', tic) place(tic)) }; if (-tic >= x_low * 1.2) { set xtics add (sprintf('−%g', tic) place(-tic)) } }
	set xtics add ('0' 0)
} else {
	xstep = round_step((x_high - x_low + 2 * pad) / 6.0)
	do for [i = ceil((x_low - pad) / xstep) : floor((x_high + pad) / xstep)] { set xtics add ((i ? sprintf(i > 0 ? '+%g' : '−%g', abs(i) * xstep) : '0') i * xstep) }
}
set xtics textcolor rgb ink
set xlabel curved ? sprintf('change of B against A, %% (logarithmic beyond ±%g %%)', unit) : 'change of B against A, %' textcolor rgb ink
set arrow 1 from first 0, graph 0 to first 0, graph 1 nohead lc rgb soft lw 1.4 back
set label 6 differs at screen 0.03, 0.888 left font small tc rgb soft
words_font = lines > 32 ? 'DejaVu Sans,8' : lines > 22 ? 'DejaVu Sans,9' : 'DejaVu Sans,10.5'
head_font = lines > 32 ? 'DejaVu Sans Bold,8' : lines > 22 ? 'DejaVu Sans Bold,9' : 'DejaVu Sans Bold,10.5'
set label 11 'medians A → B' at screen 0.785, 0.822 right font small tc rgb soft
set label 12 'change' at screen 0.868, 0.822 right font small tc rgb soft
set label 13 'p' at screen 0.933, 0.822 right font small tc rgb soft
set label 14 'runs' at screen 0.988, 0.822 right font small tc rgb soft
do for [i = 1 : lines] {
	manner = int(word($rows[i], 5))
	tint = manner < 0 ? black : manner == 0 ? soft : ink
	set label 100 + i ROW[i] at screen (grouped && manner >= 0 ? 0.03 : 0.015), first i - 1 left font (manner < 0 ? head_font : words_font) tc rgb (manner < 0 ? black : ink)
	set label 200 + i MEDIANS[i] at screen 0.785, first i - 1 right font words_font tc rgb tint
	set label 300 + i CHANGE[i] at screen 0.868, first i - 1 right font words_font tc rgb tint
	set label 400 + i P[i] at screen 0.933, first i - 1 right font words_font tc rgb tint
	set label 500 + i RUNS[i] at screen 0.988, first i - 1 right font words_font tc rgb soft
	if (manner >= 0) { set arrow 200 + i from graph 0, first i - 1 to graph 1, first i - 1 nohead lc rgb fainter lw 0.8 back }
	if (manner < 0 && i > 1) { set arrow 100 + i from screen 0.015, first i - 1.5 to screen 0.988, first i - 1.5 nohead lc rgb faint lw 0.8 back }
}
unset key
across = 0.042
do for [k = 1 : 4] { if (count(k)) { set label 20 + k WORD[k] at screen across, 0.85 left offset 1, 0 font 'DejaVu Sans,10.5' tc rgb ink point lc rgb COLOR[k] pt POINT[k] ps 1.3 lw 1.8; across = across + 0.05 + 0.0072 * strlen(WORD[k]) } }
size = lines > 32 ? 0.8 : lines > 22 ? 1.0 : 1.4
# only what is there: data without any value draw a warning
INTERVALS = ''; POINTS = ''
do for [k = 1 : 4] {
	if (count(k) && intervals) { INTERVALS = INTERVALS . sprintf("$rows using (column(5) == %d ? place($3) : NaN):1:(place($4) - place($3)):(0) with vectors heads size graph 0.006, 90 lc rgb COLOR[%d] lw 2, ", k - 1, k) }
	if (count(k)) { POINTS = POINTS . sprintf("$rows using ($5 == %d ? place($2) : NaN):1 with points lc rgb COLOR[%d] pt POINT[%d] ps size lw 1.8, ", k - 1, k, k) }
}
HOVER = image eq 'svg' && POINTS ne '' ? "$rows using (place($2)):1:(CHANGE[int($0) + 1]) with labels hypertext point @POINTER" : "NaN lc rgb paper"
plot @INTERVALS @POINTS @HOVER
