/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Included before everything else where stats/ is tested as on a machine whose long double is
 * double (the compiler's -mlong-double-64): this libm's functions of long double are of another
 * type there.
 */
#ifndef NB_NARROW_H
#define NB_NARROW_H

#include <math.h>

#define erfcl(x)    ((long double)erfc((double)(x)))
#define erfl(x)	    ((long double)erf((double)(x)))
#define expl(x)	    ((long double)exp((double)(x)))
#define fabsl(x)    ((long double)fabs((double)(x)))
#define fmaxl(x, y) ((long double)fmax((double)(x), (double)(y)))
#define fminl(x, y) ((long double)fmin((double)(x), (double)(y)))
#define log1pl(x)   ((long double)log1p((double)(x)))
#define logl(x)	    ((long double)log((double)(x)))
#define sqrtl(x)    ((long double)sqrt((double)(x)))

#endif
