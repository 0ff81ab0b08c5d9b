/* SPDX-License-Identifier: Apache-2.0 */
/* Text for gnuplot, names of pictures, levels of repeats. */
#include "unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/plot/envelope.h"
#include "analyze/plot/level.h"
#include "analyze/plot/picture.h"
#include "analyze/plot/script.h"
#include "common/utf8.h"

static void text_is_single_quoted_on_one_line(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"plain",		  "'plain'"		   },
		{"",		     "''"			 },
		{"it's",		 "'it''s'"		  },
		{"'",		      "''''"		    },
		{"a\nb\tc\rd",	       "'a b c d'"		  },
		{"`x` $(y) \"z\" @m \\", "'`x` $(y) \"z\" @m \\'"},
		{"\033[31mred\177",	    "' [31mred '"		 },
		{"ümlaut – ×",       "'ümlaut – ×'"	     },
		{"\xff\xc3.",	      "'?"
			      "?.'" },
	};
	struct nb_text t = {0};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		text_cut(&t, 0);
		gp_quote(&t, rows[i].in);
		assert_string_equal(t.s, rows[i].out);
	}
	text_free(&t);
}

/* Whatever comes in, what goes out is one quoted string of well-formed text. */
static void any_bytes_stay_inside_the_quotes(void **state)
{
	uint64_t s = 7;
	char in[300];
	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct nb_text t = {0};
		size_t n = (size_t)round % sizeof(in), quotes = 0;
		for (size_t i = 0; i < n; i++) {
			static const char often[] = "'`\n\\\"$";
			s = s * 6364136223846793005U + 1442695040888963407U;
			in[i] = (s >> 60) < 6 ? often[(s >> 40) % 6]
					      : (char)(unsigned char)(1 + (s >> 33) % 255);
		}
		in[n ? n - 1 : 0] = '\0';
		gp_quote(&t, in);
		assert_true(t.len >= 2 && t.s[0] == '\'' && t.s[t.len - 1] == '\'');
		for (size_t i = 1; i + 1 < t.len;) {
			size_t len = utf8_length(t.s + i);
			assert_true(len > 0 && (unsigned char)t.s[i] >= 0x20);
			quotes += t.s[i] == '\'';
			i += len;
		}
		assert_int_equal(quotes % 2, 0);
		text_free(&t);
	}
}

static void long_text_is_cut_at_a_character(void **state)
{
	struct nb_text in = {0}, t = {0};
	(void)state;
	for (int i = 0; i < 500; i++)
		text_add(&in, "ü");
	gp_quote(&t, in.s);
	assert_int_equal(t.len, 2 + GP_TEXT_MAX + strlen("…"));
	text_free(&in);
	text_free(&t);
}

static void numbers_keep_their_digits_and_missing_is_nan(void **state)
{
	const double row[] = {0.1, (double)NAN, INFINITY, -3};
	struct nb_text t = {0};
	(void)state;
	gp_data_begin(&t, "d");
	gp_data_row(&t, row, 4);
	gp_data_end(&t);
	assert_string_equal(t.s, "$d << NBEOD\n0.10000000000000001 NaN NaN -3\nNBEOD\n");
	text_free(&t);
}

static void a_percent_sign_at_a_tic_is_no_format(void **state)
{
	char first[] = "rx-%n%s", second[] = "plain", *const v[] = {first, second, NULL};
	struct nb_text t = {0};
	(void)state;
	gp_set_tics(&t, "ROW", v, 3);
	assert_string_equal(t.s, "array ROW[3] = ['rx-%%n%%s', 'plain', '']\n");
	text_free(&t);
}

static struct property *properties(struct curve *c, const char *const (*v)[2], size_t n)
{
	struct property *p = calloc(n, sizeof(*p));
	for (size_t i = 0; i < n; i++)
		p[i] = (struct property){nb_strdup(v[i][0]), nb_strdup(v[i][1]), false};
	c->properties = p;
	c->n_properties = n;
	return p;
}

static void properties_free(struct curve *curve, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < curve[i].n_properties; k++) {
			free(curve[i].properties[k].key);
			free(curve[i].properties[k].value);
		}
		free(curve[i].properties);
	}
}

static void a_name_says_what_the_runs_differ_in(void **state)
{
	static const char *const a[][2] = {
		{"cores",	  "2,4"   },
		   {"frame_size", "64"    },
		 {"generator",  "paced" },
		{"cni",	"../a b"},
		   {"testbed",    "kube"  },
		 {"target_pps", "1"	   }
	    };
	static const char *const b[][2] = {
		{"cores",	  "2,4"    },
		  {"frame_size", "64"     },
		{"generator",  "trafgen"},
		{"cni",	"none"   },
		  {"testbed",    "kube"   },
		{"target_pps", "2"	  }
	   };
	char few[] = "2,4", many[] = "0,1,2,3,4,5,6,7,8", empty[] = "";
	struct run run[2] = {
		{.frame_size = 64, .n_cores = 2, .cores = few},
		{.frame_size = 64, .n_cores = 2, .cores = few}
	      };
	struct curve curve[2] = {{.runs = {0, 1}}, {.runs = {1, 1}}};
	struct runs r = {.run = run, .n = 2, .curve = curve, .n_curves = 2};
	struct nb_text t = {0};
	(void)state;
	properties(&curve[0], a, 6);
	properties(&curve[1], b, 6);
	picture_name(&t, "tx_bounded", &r, &curve[0], BY_NOTHING);
	assert_string_equal(t.s, "tx_bounded_64_cores_2-4_generator_paced_cni_..-a-b");
	r.n_curves = 1;
	text_cut(&t, 0);
	picture_name(&t, "tx_bounded", &r, &curve[0], BY_NOTHING);
	assert_string_equal(t.s, "tx_bounded_64_cores_2-4");
	run[0].cores = many;
	text_cut(&t, 0);
	picture_name(&t, "delivered", &r, &curve[0], BY_NOTHING);
	assert_string_equal(t.s, "delivered_64_cores_n9");
	run[0].cores = empty;
	run[0].n_cores = run[0].frame_size = RUN_NONE;
	text_cut(&t, 0);
	picture_name(&t, "delivered", &r, &curve[0], BY_NOTHING);
	assert_string_equal(t.s, "delivered_any_cores_any");
	text_cut(&t, 0);
	picture_name(&t, "loss", &r, &curve[0], BY_CORES);
	assert_string_equal(t.s, "loss_any_by_cores");
	text_cut(&t, 0);
	picture_name(&t, "loss", &r, &curve[1], BY_SIZE);
	assert_string_equal(t.s, "loss_by_size_cores_2-4");
	text_free(&t);
	properties_free(curve, 2);
}

/* Six curves: 1, 2 and 2 other cores at 64 bytes, 512 bytes, another generator at 1 and 2 cores. */
static void curves_of_other_cores_share_a_picture_never_generators(void **state)
{
	static const struct {
		const char *cores, *size, *generator;
		int64_t n;
	} rows[] = {
		{"4",   "64",  "paced",   1},
		  {"4,5", "64",	"paced",	 2},
		     {"6,7", "64",  "paced",   2},
		{"4",   "512", "paced",   1},
		  {"4",	"64",  "trafgen", 1},
		     {"4,5", "64",  "trafgen", 2},
	};
	enum { N = sizeof(rows) / sizeof(*rows) };
	struct run run[N];
	struct curve curve[N];
	struct runs r = {.run = run, .n = N, .curve = curve, .n_curves = N};
	struct families f;
	struct nb_text t = {0};
	char *cores[N];
	(void)state;
	for (size_t i = 0; i < N; i++) {
		const char *const v[][2] = {
			{"cores",	  rows[i].cores    },
			{"frame_size", rows[i].size	   },
			{"generator",  rows[i].generator}
		};
		cores[i] = nb_strdup(rows[i].cores);
		run[i] = (struct run){.frame_size = strtol(rows[i].size, NULL, 10),
				      .n_cores = rows[i].n,
				      .cores = cores[i]};
		curve[i] = (struct curve){
			.runs = {i, 1}
		      };
		properties(&curve[i], v, 3);
	}
	families_make(&f, &r);
	assert_int_equal(f.n, 3);
	assert_true(f.v[0].n == 3 && f.v[0].by == BY_CORES && f.v[0].curve[2] == &curve[2]);
	assert_true(f.v[1].n == 2 && f.v[1].by == BY_CORES && f.v[1].curve[0] == &curve[4]);
	assert_true(f.v[2].n == 1 && f.v[2].by == BY_NOTHING && f.v[2].curve[0] == &curve[3]);
	assert_true(families_at(&f, &curve[4]) == &f.v[1] && !families_at(&f, &curve[1]));
	family_name(&t, &r, &f.v[0], 2);
	assert_string_equal(t.s, "2 cores (6,7)");
	text_cut(&t, 0);
	family_name(&t, &r, &f.v[1], 0);
	assert_string_equal(t.s, "1 core");
	families_free(&f);
	/* and the size, where the cores are the same */
	struct curve both[2] = {curve[0], curve[3]};
	r.curve = both;
	r.n_curves = 2;
	families_make(&f, &r);
	assert_true(f.n == 1 && f.v[0].n == 2 && f.v[0].by == BY_SIZE);
	text_cut(&t, 0);
	family_name(&t, &r, &f.v[0], 1);
	assert_string_equal(t.s, "512-byte frames");
	families_free(&f);
	text_free(&t);
	properties_free(curve, N);
	for (size_t i = 0; i < N; i++)
		free(cores[i]);
}

static void few_repeats_show_their_range_many_an_interval(void **state)
{
	const double x[] = {10, 12, 14, 16, 18};
	struct level l = level_of(x, 0);
	(void)state;
	assert_true(isnan(l.mean) && isnan(l.lo));
	l = level_of(x, 1);
	assert_true(l.mean >= 10 && l.mean <= 10 && isnan(l.lo) && isnan(l.hi));
	l = level_of(x, 4);
	assert_true(l.lo <= 10 && l.lo >= 10 && l.hi >= 16 && l.hi <= 16);
	l = level_of(x, 5); /* 14 ± t(0.975, 4) √2 */
	assert_true(fabs(l.lo - (14 - 2.7764451051977987 * M_SQRT2)) < 1e-9);
	assert_true(fabs(l.hi - (14 + 2.7764451051977987 * M_SQRT2)) < 1e-9);
}

/* 100,000 values with one peak and one gap, onto 50 stretches. */
static void an_envelope_keeps_every_extreme(void **state)
{
	enum { N = 100000, COLUMNS = 50 };
	double *t = nb_alloc(N, sizeof(*t)), *v = nb_alloc(N, sizeof(*v));
	double lowest = INFINITY, highest = -INFINITY;
	size_t gaps = 0;
	(void)state;
	for (size_t i = 0; i < N; i++) {
		t[i] = (double)i;
		v[i] = i == 31234 ? 1e6 : i == 77777 ? -5 : 100 + (double)(i % 7);
		if (i >= 40000 && i < 44000)
			v[i] = NAN;
	}
	size_t n = plot_envelope(t, v, N, COLUMNS);
	assert_true(n <= 2 * COLUMNS && n >= COLUMNS);
	for (size_t i = 0; i < n; i++) {
		assert_true(!i || t[i] > t[i - 1]);
		gaps += isnan(v[i]) ? 1 : 0;
		lowest = fmin(lowest, v[i]);
		highest = fmax(highest, v[i]);
	}
	assert_int_equal(gaps, 2);
	assert_true(highest >= 1e6 && lowest <= -5);
	free(t);
	free(v);
}

static void a_short_or_uneven_series_keeps_what_it_has(void **state)
{
	double t[] = {0, 1, 2, 3, 100}, v[] = {5, 1, 9, 2, 7};
	(void)state;
	assert_int_equal(plot_envelope(t, v, 5, 3), 5);
	assert_int_equal(plot_envelope(t, v, 5, 2), 3); /* 0 to 50: 1 and 9; 50 to 100: 7 */
	assert_true(v[0] <= 1 && v[1] >= 9 && v[2] >= 7 && t[2] >= 100);
	assert_int_equal(plot_envelope(t, v, 0, 2), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_single_quoted_on_one_line),
		cmocka_unit_test(any_bytes_stay_inside_the_quotes),
		cmocka_unit_test(long_text_is_cut_at_a_character),
		cmocka_unit_test(numbers_keep_their_digits_and_missing_is_nan),
		cmocka_unit_test(a_percent_sign_at_a_tic_is_no_format),
		cmocka_unit_test(a_name_says_what_the_runs_differ_in),
		cmocka_unit_test(curves_of_other_cores_share_a_picture_never_generators),
		cmocka_unit_test(few_repeats_show_their_range_many_an_interval),
		cmocka_unit_test(an_envelope_keeps_every_extreme),
		cmocka_unit_test(a_short_or_uneven_series_keeps_what_it_has),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
