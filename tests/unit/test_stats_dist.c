// SPDX-License-Identifier: Apache-2.0
/*
 * Distribution functions against R 4.2.2 (15 digits printed) and against values computed with 50
 * digits, which R's double arithmetic does not reach.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analyze/stats/dist.h"
#include "analyze/stats/special.h"
#include "close.h"

#define R_DIGITS 1e-13
#define EXACT	 2e-15

struct row {
	double x, a, b, want;
};

/* R: pt */
static const struct row t_cdf[] = {
	{0.5,	      1.0,	   0, 0.647583617650433   },
	       {2.22813885196494, 10.0,	0, 0.974999999999096   },
	{-40.0,		3.0,	     0, 1.71903403945793e-05},
	       {-8.0,	      1000.0,    0, 1.71333074119574e-15},
	{-12.0,		5.5,	     0, 1.87402503146167e-05},
	       {1e-08,	       7.0,	    0, 0.500000003849914	},
	{3.3,	      1000000.0, 0, 0.99951655896033    },
	       {-30.0,	       200.0,     0, 2.86208060441392e-76},
};

/* R: pt(log.p = TRUE) */
static const struct row t_log[] = {
	{0.5,	      1.0,	   0, -0.434507354517728	},
	{2.22813885196494, 10.0,	 0, -0.0253178079852174  },
	{-40.0,		3.0,	     0, -10.9711629368703	 },
	{-8.0,	       1000.0,    0, -34.0003371170336	   },
	{-12.0,		5.5,	     0, -10.8848369240065	 },
	{1e-08,		7.0,	     0, -0.693147172860116	  },
	{3.3,	      1000000.0, 0, -0.000483557934965594},
	{-30.0,		200.0,     0, -173.944918223143	   },
};

/* R: qt */
static const struct row t_q[] = {
	{0.975, 1.0,		     0, 12.7062047361747 },
	      {0.975, 2.0,		   0, 4.30265272974946 },
	{0.975, 3.0,		     0, 3.18244630528371 },
	      {0.975, 10.0,		    0, 2.22813885198627 },
	{0.975, 1000.0,		0, 1.96233908082641 },
	      {0.995, 4.7,		   0, 4.16789204011906 },
	{1e-10, 5.0,		     0, -156.825592708894},
	      {0.95,  16.3676118951677, 0, 1.74348190634989 },
};

/* R: pnorm */
static const struct row n_cdf[] = {
	{-37.0, 0, 0, 5.72557122252458e-300},
	      {-10.0, 0, 0, 7.61985302416053e-24 },
	{-1.96, 0, 0, 0.0249978951482204	},
	      {0.0,   0, 0, 0.5		     },
	{1.0,   0, 0, 0.841344746068543    },
	      {5.0,   0, 0, 0.999999713348428	   },
	{8.0,   0, 0, 0.999999999999999    },
};

/* R: qnorm */
static const struct row n_q[] = {
	{1e-300,	 0, 0, -37.0470962993612},
	{1e-20,	0, 0, -9.26234008979841},
	{1e-05,	0, 0, -4.26489079392283},
	{0.025,	0, 0, -1.95996398454005},
	{0.5,	      0, 0, 0.0	       },
	{0.8,	      0, 0, 0.841621233572914},
	{0.975,	0, 0, 1.95996398454005 },
	{0.9999999999, 0, 0, 6.36134088969742 },
};

/* R: pf(lower.tail = FALSE) */
static const struct row f_up[] = {
	{5436385.54079785,	   1.0,	34.0, 4.65404085247237e-90},
	{2162.43954511489,	   10.0, 71.0, 5.14345843835135e-84},
	{330.285339234588,	   6.0,	9.0,  4.98403052872481e-10},
	{1.0,		 3.0,  20.0, 0.41325191406246	 },
	{0.00675524458240122, 5.0,  15.0, 0.999986184089607	  },
};

/* R: pchisq(lower.tail = FALSE) */
static const struct row chi_up[] = {
	{3.84145882069412, 1.0,	0, 0.05		       },
	{50.0,	       10.0,  0, 2.6690834249045e-07 },
	{500.0,		300.0, 0, 3.35922245757955e-12},
	{0.01,	       4.0,   0, 0.999987541588646	},
};

/* R: pbeta */
static const struct row beta_lo[] = {
	{0.2,   0.5,	   0.5,	0.295167235300866	 },
	{0.999, 30.0,    0.5,	   0.807237306159537  },
	{1e-05, 2.0,     300.0,   4.5060101494277e-06},
	{0.5,   10000.0, 10000.0, 0.5		   },
};

/* 50 digits: the incomplete beta and gamma functions by their hypergeometric series */
static const struct row t_exact[] = {
	{-37.0,	1000000.0,	   0, 9.149865430901131e-300},
	{-100000000.0, 1.5,	    0, 3.770852432016246e-13 },
	{-0.001,	 0.1,	      0, 0.49985190814779157   },
	{-1.7,	       12345.6,	0, 0.04457805721844744   },
	{-2.5,	       29.0,	     0, 0.009162672169213038  },
	{-12.0,	100.0,	       0, 2.197543857802189e-21 },
	{-1.8,	       30000000.0,	   0, 0.03593032413415588	 },
	{-30.0,	10000000000.0, 0, 4.90681350979029e-198 },
	{-1000.0,	  2.0,	       0, 4.9999925000125e-07   },
};

static const struct row f_exact[] = {
	{5000000.0, 77.7, 34.0,	6.694545182954494e-107},
	{10.0,      1.0,  100000.0, 0.001565869817958231  },
	{1e-06,	2.0,  9.0,	  0.9999990000006111    },
	{1.5,	      10.0, 200.0,	   0.14143592479879327   },
	{3.0,	      3.0,  1.0,	0.39581869640940787   },
};

static const struct row chi_exact[] = {
	{1400.0, 0.5,    0, 1.9961522273582567e-307},
	{1000.0, 1000.0, 0, 0.49405285382923964    },
	{1e-08,	0.01,   0, 0.08853635738568592    },
	{1.0,    4.0,	   0, 0.9097959895689501	},
};

static const struct row n_exact[] = {
	{-37.5, 0, 0, 4.605353009581955e-308},
	       {-30.0, 0, 0, 4.906713927148187e-198},
	{-5.0,  0, 0, 2.866515718791939e-07 },
	       {-0.5,  0, 0, 0.3085375387259869    },
	{0.3,   0, 0, 0.6179114221889527    },
	       {4.0,   0, 0, 0.9999683287581669    },
};

static const struct row n_log_exact[] = {
	{-1000000.0, 0, 0, -500000000014.73444   },
	 {-500.0,	  0, 0, -125007.13355063158   },
	{-101.0,	 0, 0, -5106.034157055638	 },
	 {-99.0,	 0, 0, -4906.014160387732	 },
	{-1.0,       0, 0, -1.8410216450092636	},
	 {4.0,	       0, 0, -3.167174337748927e-05},
	{8.0,	      0, 0, -6.220960574271786e-16},
};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static void check_1(double (*f)(double), const struct row *r, size_t n, double rel)
{
	for (; n; n--, r++)
		assert_close(f(r->x), r->want, rel);
}

static void check_2(double (*f)(double, double), const struct row *r, size_t n, double rel)
{
	for (; n; n--, r++)
		assert_close(f(r->x, r->a), r->want, rel);
}

static void check_3(double (*f)(double, double, double), const struct row *r, size_t n, double rel)
{
	for (; n; n--, r++)
		assert_close(f(r->x, r->a, r->b), r->want, rel);
}

static void normal_matches_r(void **state)
{
	size_t i;

	(void)state;
	check_1(stats_norm_cdf, n_cdf, COUNT(n_cdf), R_DIGITS);
	check_1(stats_norm_quantile, n_q, COUNT(n_q), R_DIGITS);
	for (i = 0; i < COUNT(n_cdf); i++)
		assert_close(stats_norm_upper(-n_cdf[i].x), n_cdf[i].want, R_DIGITS);
}

static void normal_tails_are_exact(void **state)
{
	(void)state;
	check_1(stats_norm_cdf, n_exact, COUNT(n_exact), EXACT);
	check_1(stats_norm_log_cdf, n_log_exact, COUNT(n_log_exact), EXACT);
}

static void t_matches_r(void **state)
{
	size_t i;

	(void)state;
	check_2(stats_t_cdf, t_cdf, COUNT(t_cdf), R_DIGITS);
	check_2(stats_t_log_cdf, t_log, COUNT(t_log), R_DIGITS);
	check_2(stats_t_quantile, t_q, COUNT(t_q), R_DIGITS);
	for (i = 0; i < COUNT(t_cdf); i++) {
		const struct row *r = &t_cdf[i];

		assert_close(stats_t_upper(-r->x, r->a), r->want, R_DIGITS);
		if (r->x < 0)
			assert_close(stats_t_two_sided(r->x, r->a), 2 * r->want, R_DIGITS);
	}
}

static void t_tails_are_exact(void **state)
{
	(void)state;
	check_2(stats_t_cdf, t_exact, COUNT(t_exact), EXACT);
}

static void f_and_chi_square_match_r(void **state)
{
	(void)state;
	check_3(stats_f_upper, f_up, COUNT(f_up), R_DIGITS);
	check_3(stats_f_upper, f_exact, COUNT(f_exact), EXACT);
	check_2(stats_chisq_upper, chi_up, COUNT(chi_up), R_DIGITS);
	check_2(stats_chisq_upper, chi_exact, COUNT(chi_exact), EXACT);
}

static void incomplete_beta_matches_r_in_both_tails(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(beta_lo); i++) {
		const struct row *r = &beta_lo[i];
		long double x = (long double)r->x, lower, upper, swapped;

		stats_beta_inc(&lower, &upper, x, 1 - x, (long double)r->a, (long double)r->b);
		assert_close((double)lower, r->want, R_DIGITS);
		assert_close((double)upper, 1 - r->want, R_DIGITS);
		stats_beta_inc(&upper, &swapped, 1 - x, x, (long double)r->b, (long double)r->a);
		assert_close((double)swapped, (double)lower, 1e-15);
	}
}

static void quantiles_invert_their_functions(void **state)
{
	static const double p[] = {1e-200, 1e-12, 0.003, 0.2, 0.49999, 0.6, 0.95, 0.9999};
	static const double df[] = {0.7, 1, 2, 6.5, 40, 1e4, 1e9};
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(p) / sizeof(*p); i++) {
		assert_close(stats_norm_cdf(stats_norm_quantile(p[i])), p[i], 1e-13);
		for (j = 0; j < sizeof(df) / sizeof(*df); j++)
			assert_close(stats_t_cdf(stats_t_quantile(p[i], df[j]), df[j]), p[i],
				     1e-13);
	}
	/* df = 1 and 2 have closed forms */
	assert_close(stats_t_quantile(0.9, 1), tan(M_PI * 0.4), 1e-15);
	assert_close(stats_t_quantile(0.9, 2), 0.8 / sqrt(2 * 0.9 * 0.1), 1e-15);
}

static void ends_of_the_range(void **state)
{
	(void)state;
	assert_close(stats_norm_quantile(0), -HUGE_VAL, 0);
	assert_close(stats_norm_quantile(1), HUGE_VAL, 0);
	assert_close(stats_t_quantile(0, 4), -HUGE_VAL, 0);
	assert_close(stats_t_quantile(0.5, 4), 0, 0);
	assert_close(stats_t_two_sided(HUGE_VAL, 4), 0, 0);
	assert_close(stats_t_two_sided(0, 4), 1, 0);
	assert_close(stats_t_two_sided(2.5, HUGE_VAL), 2 * stats_norm_upper(2.5), 1e-15);
	assert_close(stats_t_quantile(0.975, HUGE_VAL), stats_norm_quantile(0.975), 0);
	assert_close(stats_f_upper(0, 3, 4), 1, 0);
	assert_close(stats_f_upper(HUGE_VAL, 3, 4), 0, 0);
	assert_close(stats_f_upper(2.5, 3, HUGE_VAL), stats_chisq_upper(7.5, 3), 1e-15);
	assert_close(stats_chisq_upper(HUGE_VAL, 3), 0, 0);
}

static void outside_the_domain_is_nan(void **state)
{
	double nan = (double)NAN;

	(void)state;
	assert_true(isnan(stats_norm_quantile(-0.1)));
	assert_true(isnan(stats_norm_quantile(1.1)));
	assert_true(isnan(stats_norm_cdf(nan)));
	assert_true(isnan(stats_t_cdf(1, 0)));
	assert_true(isnan(stats_t_cdf(nan, 3)));
	assert_true(isnan(stats_t_quantile(0.5, -1)));
	assert_true(isnan(stats_t_quantile(nan, 3)));
	assert_true(isnan(stats_f_upper(1, 0, 3)));
	assert_true(isnan(stats_f_upper(nan, 1, 3)));
	assert_true(isnan(stats_chisq_upper(1, nan)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(normal_matches_r),
		cmocka_unit_test(normal_tails_are_exact),
		cmocka_unit_test(t_matches_r),
		cmocka_unit_test(t_tails_are_exact),
		cmocka_unit_test(f_and_chi_square_match_r),
		cmocka_unit_test(incomplete_beta_matches_r_in_both_tails),
		cmocka_unit_test(quantiles_invert_their_functions),
		cmocka_unit_test(ends_of_the_range),
		cmocka_unit_test(outside_the_domain_is_nan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
