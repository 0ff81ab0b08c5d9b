# ---- style, the same in every picture. out, image, theme, width, height may be set before: gnuplot -e
# "theme = 'dark'; width = 1600; height = 900" FILE.gp
if (!exists('out')) out = file
if (!exists('image')) image = made_as
if (!exists('theme')) theme = made_theme
if (!exists('width')) width = made_width
if (!exists('height')) height = made_height
set encoding utf8
set datafile missing 'NaN'
# Okabe and Ito's colours: told apart with any colour vision, and by lightness in grey
blue = '#0072B2'; orange = '#E69F00'; green = '#009E73'; red = '#D55E00'
purple = '#CC79A7'; sky = '#56B4E9'; yellow = '#C8B900'; pale = '#b8d8ee'
if (theme eq 'dark') {
	paper = '#14171c'; black = '#f2f4f6'; ink = '#dfe3e8'; soft = '#a0a8b2'; faint = '#2c323a'
	fainter = '#22272e'; blue = '#4aa3df'; pale = '#3a6a8c'; yellow = '#e6d84a'
} else { if (theme eq 'print') {
	paper = '#ffffff'; black = '#000000'; ink = '#000000'; soft = '#404040'; faint = '#c4c4c4'
	fainter = '#e0e0e0'
} else {
	paper = '#ffffff'; black = '#000000'; ink = '#2a2e34'; soft = '#5c636c'; faint = '#d8dce0'
	fainter = '#ebedf0'
} }
# what is larger is drawn larger, so that it looks the same
zoom = width / 1000.0 < height / 720.0 ? width / 1000.0 : height / 720.0
zoom = (zoom < 0.55 ? 0.55 : zoom) * (theme eq 'print' ? 1.05 : 1)
thick = theme eq 'print' ? 1.2 * zoom : zoom
if (image eq 'svg') {
	set terminal svg noenhanced size width, height fontscale zoom lw thick font 'DejaVu Sans,12' \
		background paper
} else {
	set terminal pngcairo noenhanced size width, height fontscale zoom lw thick pointscale zoom \
		font 'DejaVu Sans,12' background paper
}
set output out
small = 'DejaVu Sans,9.5'
set border 3 back lc rgb soft
set tics nomirror out scale 0.6 textcolor rgb ink
set grid ytics back lt 1 lw 0.6 lc rgb faint
set key noautotitle Left reverse samplen 1.6 spacing 1.15 textcolor rgb ink
set bars 0.5
# the key stands above the bars, which may be anywhere
KEY_TOP = 0.895; KEY_ROW = 0.0315 * zoom * 720.0 / height
LEFT = 0.105
set lmargin at screen LEFT
set rmargin at screen 0.985
set label 1 title at screen 0.03, 0.963 left font 'DejaVu Sans Bold,15' textcolor rgb black
set label 2 words at screen 0.03, 0.921 left textcolor rgb soft
set label 3 corner at screen 0.012, 0.045 left font small textcolor rgb soft
set label 4 corner2 at screen 0.012, 0.018 left font small textcolor rgb soft
set label 5 origin at screen 0.988, 0.018 right font small textcolor rgb soft
UNLABEL = "do for [i = 1 : 5] { unset label i }"
# 1.2 M and not 1 M: tics as figures with a prefix, at round places from 0 to `top`
si(v) = v < 0 ? '−' . si(-v) : v >= 1e9 ? sprintf('%g G', v / 1e9) : v >= 1e6 ? sprintf('%g M', v / 1e6) : \
	v >= 1e3 ? sprintf('%g k', v / 1e3) : sprintf('%g', v)
si3(v) = v == 0 ? '0' : si(floor(v / digit3(v) + 0.5) * digit3(v))
digit3(v) = 10.0 ** (floor(log10(abs(v))) - 2)
decade(v) = 10.0 ** floor(log10(v))
round_step(v) = (v / decade(v) < 1.5 ? 1 : v / decade(v) < 3.5 ? 2 : v / decade(v) < 7.5 ? 5 : 10) \
	* decade(v)
step = round_step(top / 5.0)
YTICS = "set ytics (); do for [i = 0 : int(top / step) + 1] { set ytics add (si(i * step) i * step) }"
XTICS = "set xtics (); do for [i = 0 : int(top / step) + 1] { set xtics add (si(i * step) i * step) }"
# where the pointer shows a value: our own words and numbers only, since it is written into an attribute
POINTER = "pt 7 ps 1.6 lc rgb '#ff000000'"
