# ---- drop_bounded. $stack: place, delivered, then the upper edge of each stage of STAGE, first on
# top, in shares of what was asked. $shares: place, mean lo hi of each stage; zero is at `zero`.
array LINE[18] = [soft, orange, orange, purple, '#b0a010', red, red, red, purple, purple, sky, sky, \
	green, green, green, '#a08050', '#a08050', black]
# 0 empty, 3 solid, the others hatched: hues that are alike in grey differ in it
array PATTERN[18] = [0, 4, 3, 5, 3, 4, 3, 5, 5, 6, 3, 4, 4, 2, 5, 5, 6, 3]
array POINT[18] = [4, 9, 9, 13, 5, 11, 7, 6, 13, 12, 5, 4, 15, 15, 14, 3, 1, 2]
style(k) = int(word($style[k], 1)) + 1
set multiplot
set lmargin at screen 0.12
set tmargin at screen 0.875; set bmargin at screen 0.60
set rmargin at screen 0.70
set yrange [0 : 1.02]
unset xtics
set ytics ('0' 0, '25 %%' 0.25, '50 %%' 0.5, '75 %%' 0.75, '100 %%' 1)
set label 21 'of what was asked' at screen 0.014, 0.735 center rotate tc rgb ink
set key at screen 0.71, 0.88 left top font 'DejaVu Sans,10.5' width -2
low(k) = column(k == stages ? 2 : k + 3)
high(k) = column(k + 2)
plot $stack using 1:($2 / 2):(0.36):($2 / 2) with boxxyerror lc rgb pale fs solid 1 noborder \
		title 'delivered', \
	for [k = stages : 1 : -1] '' using 1:((low(k) + high(k)) / 2):(0.36):((high(k) - low(k)) / 2) \
		with boxxyerror lc rgb LINE[style(k)] \
		fs transparent pattern PATTERN[style(k)] border rgb LINE[style(k)] title STAGE[k]
eval UNLABEL
set label 21 'of what was asked' at screen 0.014, 0.365 center rotate tc rgb ink
set tmargin at screen 0.555; set bmargin at screen 0.175
set logscale y
set yrange [zero / 2.2 : 2]
unset ytics
set ytics nomirror out scale 0.6 ('0' zero)
set ytics textcolor rgb ink
# a tic's label is a format itself: %% of %%
share_text(e) = e >= -4 ? sprintf('%g %%%%', 10.0 ** (e + 2)) : sprintf('%g ppm', 10.0 ** (e + 6))
do for [e = 0 : floor(log10(zero) + 0.5) + 1 : -1] { set ytics add (share_text(e) 10.0 ** e) }
set arrow 1 from graph 0, first zero * 2 to graph 1, first zero * 2 nohead lc rgb soft lw 0.8 dt 3 back
set label 10 nothing at graph 0.5, 0.5 center tc rgb soft
set xlabel rate_title textcolor rgb ink
eval RATES
set key at screen 0.71, 0.54 left top font 'DejaVu Sans,10.5' width -2
dodge(k) = (k - (stages + 1) / 2.0) * 0.5 / stages
SPREAD = whiskers ? "for [k = 1 : stages] $shares using ($1 + dodge(k)):(column(3 * k)):(0):(column(3 * k + 1) - column(3 * k)) with vectors nohead lc rgb LINE[style(k)] lw 1.3," : ""
HOVER = image eq 'svg' ? "for [k = 1 : stages] $shares using ($1 + dodge(k)):(column(3 * k - 1)):(sprintf('%s, %s: %s', LABEL[int($0) + 1], STAGE[k], column(3 * k - 1) > zero ? sprintf('%.3g %%', 100 * column(3 * k - 1)) : '0')) with labels hypertext point @POINTER" : "NaN lc rgb paper"
plot @SPREAD \
	for [k = 1 : stages] $shares using ($1 + dodge(k)):(column(3 * k - 1)) \
		with points lc rgb LINE[style(k)] lw 1.4 pt POINT[style(k)] ps 1.1 title STAGE[k], \
	@HOVER
unset multiplot
