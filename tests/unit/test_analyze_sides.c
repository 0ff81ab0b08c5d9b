/* SPDX-License-Identifier: Apache-2.0 */
/* Which runs are on which side of a comparison, and where they are held against each other. The
 * store: builds a and b, at 1 M and at 20 k, taking turns; run 41 is void. */
#include "unit.h"

#include <string.h>

#include "analyze/select.h"
#include "analyze/sides.h"
#include "analyze_store.h"

static struct test_store store;
static struct runs runs;

static int open_runs(void **state)
{
	struct nb_err err = {0};
	const struct selection all = {0};
	(void)state;
	if (test_store_open(&store, "scenario_ab.sql"))
		return -1;
	return select_runs(&runs, store.s, &all, SELECT_ALL, &err);
}

static int close_runs(void **state)
{
	(void)state;
	runs_free(&runs);
	test_store_close(&store);
	return 0;
}

static void made(struct sides *s, const char *a, const char *b)
{
	struct nb_err err = {0};
	if (sides_make(s, &runs, a, b, &err))
		fail_msg("%s", err.text);
}

/* The number of runs on each side, in all cells. */
static void holds(const struct sides *s, size_t a, size_t b)
{
	size_t n[2] = {0, 0};
	for (size_t i = 0; i < s->n_cells; i++)
		for (int k = 0; k < 2; k++)
			n[k] += s->cell[i].n[k];
	assert_int_equal(n[0], a);
	assert_int_equal(n[1], b);
}

/* What varies inside a side makes cells; what tells the sides apart is their difference. */
static void a_rate_that_varies_makes_cells(void **state)
{
	struct sides s;
	(void)state;
	made(&s, "build=a", "build=b");
	assert_int_equal(s.n_cells, 2);
	holds(&s, 21, 21);
	assert_int_equal(s.n_differences, 1);
	assert_string_equal(s.difference[0].item, "build");
	assert_string_equal(s.difference[0].a, "a");
	assert_string_equal(s.difference[0].b, "b");
	for (size_t i = 0; i < s.n_cells; i++) {
		assert_non_null(strstr(s.cell[i].label, "target_pps="));
		for (size_t k = 0; k < s.cell[i].n[0]; k++)
			assert_int_equal(runs.run[s.cell[i].run[0][k]].id % 2, 1);
	}
	sides_free(&s);
}

/* All ways to name the same sides. */
static void a_word_is_a_value_of_any_label(void **state)
{
	struct sides s;
	(void)state;
	made(&s, "a", "b");
	holds(&s, 21, 21);
	sides_free(&s);
	made(&s, "build=a,pps=1M", "build=b,pps=1000000");
	assert_int_equal(s.n_cells, 1);
	assert_string_equal(s.cell[0].label, "all");
	holds(&s, 11, 11);
	sides_free(&s);
	made(&s, "pps=20k", "pps=1M");
	holds(&s, 20, 22);
	assert_int_equal(s.n_cells, 2); /* the builds */
	sides_free(&s);
}

/* Different keys must all hold, of the same key one. */
static void terms_of_one_key_are_choices(void **state)
{
	struct sides s;
	(void)state;
	made(&s, "run=1,run=5", "run=2..3,run=f1bbcd88");
	holds(&s, 2, 3);
	sides_free(&s);
	made(&s, "run=1..4,build=a", "run=last");
	holds(&s, 2, 1);
	sides_free(&s);
	made(&s, "campaign=first sweep,size=64,cores=1,build=a", "testbed=netns,pairs=1,build=b");
	holds(&s, 21, 21);
	sides_free(&s);
}

static void what_cannot_be_told_apart_is_refused(void **state)
{
	static const struct {
		const char *a, *b;
		enum nb_code code;
		const char *words;
	} bad[] = {
		{"",	     "b",	  NB_USAGE,  "a side is key=value"	 },
		{"build=a,",  "b",	  NB_USAGE,  "'' is not key=value"	 },
		{"build=",	   "b",	NB_USAGE,  "is not key=value"	    },
		{"=a",	       "b",	    NB_USAGE,  "is not key=value"	},
		{"a,build=a", "b",	   NB_USAGE,  "'a' is not key=value" },
		{"colour=a",  "b",	  NB_USAGE,  "no run has a 'colour'"},
		{"build=a",   "pps=1M",   NB_USAGE,	"is in both"	    },
		{"build=c",   "b",	 NB_NODATA, "no run is 'build=c'"	 },
		{"c",	      "b",	   NB_NODATA, "no run is 'c'"	     },
		{"a",	      "run=99",	NB_NODATA, "no run is 'run=99'"   },
		{"a",	      "run=9..x", NB_NODATA, "no run is"		},
		{"a",	      "run=9e37", NB_NODATA, "no run is"		}, /* under 8 digits */
		{"a",	      "pps=fast", NB_NODATA, "no run is 'pps=fast'" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct sides s;
		struct nb_err err = {0};
		assert_int_equal(sides_make(&s, &runs, bad[i].a, bad[i].b, &err), -1);
		if (err.code != bad[i].code || !strstr(err.text, bad[i].words))
			fail_msg("'%s' '%s': %d %s", bad[i].a, bad[i].b, (int)err.code, err.text);
		sides_free(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rate_that_varies_makes_cells),
		cmocka_unit_test(a_word_is_a_value_of_any_label),
		cmocka_unit_test(terms_of_one_key_are_choices),
		cmocka_unit_test(what_cannot_be_told_apart_is_refused),
	};
	return cmocka_run_group_tests(tests, open_runs, close_runs);
}
