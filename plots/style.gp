# ---- style, the same in every picture; out, image, width, height may be set before (gnuplot -e)
if (!exists('out')) out = file
if (!exists('image')) image = made_as
if (!exists('width')) width = 1000
if (!exists('height')) height = 720
set encoding utf8
set datafile missing 'NaN'
if (image eq 'svg') {
	set terminal svg noenhanced size width, height font 'DejaVu Sans,11' background '#ffffff'
} else {
	set terminal pngcairo noenhanced size width, height font 'DejaVu Sans,11' background '#ffffff'
}
set output out
small = 'DejaVu Sans,8.5'
ink = '#303030'; soft = '#606060'; faint = '#d8d8d8'
# Okabe and Ito's colours: told apart with any colour vision, and by lightness in grey
blue = '#0072B2'; orange = '#E69F00'; green = '#009E73'; red = '#D55E00'
purple = '#CC79A7'; sky = '#56B4E9'; yellow = '#F0E442'; black = '#000000'
set border 3 back lc rgb soft
set tics nomirror out scale 0.6 textcolor rgb ink
set grid ytics back lt 1 lw 0.6 lc rgb faint
set key noautotitle Left reverse samplen 1.6 spacing 1.15 textcolor rgb ink
set bars 0.5
# the key stands above the bars, which may be anywhere
KEY_TOP = 0.9; KEY_ROW = 0.027
set lmargin at screen 0.09
set rmargin at screen 0.985
set label 1 title at screen 0.09, 0.955 left font 'DejaVu Sans Bold,13' textcolor rgb black
set label 2 words at screen 0.09, 0.915 left textcolor rgb soft
set label 3 corner at screen 0.012, 0.048 left font small textcolor rgb soft
set label 4 corner2 at screen 0.012, 0.022 left font small textcolor rgb soft
set label 5 origin at screen 0.988, 0.022 right font small textcolor rgb soft
# 1.2 M and not 1 M: tics as figures with a prefix, at round places from 0 to `top`
si(v) = v >= 1e9 ? sprintf('%g G', v / 1e9) : v >= 1e6 ? sprintf('%g M', v / 1e6) : \
	v >= 1e3 ? sprintf('%g k', v / 1e3) : sprintf('%g', v)
si3(v) = v >= 999.5 ? si(v >= 999500 ? 1e4 * floor(v / 1e4 + 0.5) : 10 * floor(v / 10 + 0.5)) : \
	sprintf('%.3g', v)
decade(v) = 10.0 ** floor(log10(v))
round_step(v) = (v / decade(v) < 1.5 ? 1 : v / decade(v) < 3.5 ? 2 : v / decade(v) < 7.5 ? 5 : 10) \
	* decade(v)
step = round_step(top / 5.0)
YTICS = "set ytics (); do for [i = 0 : int(top / step) + 1] { set ytics add (si(i * step) i * step) }"
XTICS = "set xtics (); do for [i = 0 : int(top / step) + 1] { set xtics add (si(i * step) i * step) }"
