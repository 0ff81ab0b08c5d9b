# ---- the axis of rates: a place for each rate that was asked, in order
slots = n < 5 ? (5 - n) / 2.0 : 0
set xrange [-0.6 - slots : n - 0.4 + slots]
RATES = "set xtics nomirror out scale 0.6 (); set xtics textcolor rgb ink; do for [i = 1 : n] { if (LABEL[i] ne '') { set xtics add (LABEL[i] i - 1) } }"
# a line from lowest to highest; a macro, since data without any value draw a warning
BAR = "with vectors heads size 0.06, 90 lc rgb black lw 1.3,"
