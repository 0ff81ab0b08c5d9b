/* SPDX-License-Identifier: Apache-2.0 */
/* Which runs a selection names, and how they are grouped. */
#include "unit.h"

#include <string.h>

#include "analyze/select.h"
#include "analyze_store.h"

static struct test_store store;

static int open_zoo(void **state)
{
	(void)state;
	return test_store_open(&store, "scenario_zoo.sql");
}

static int close_zoo(void **state)
{
	(void)state;
	test_store_close(&store);
	return 0;
}

/* The selected ids in order, "1,6,2"; "error N" for a failure with that code. */
static char *ids(const struct selection *sel, enum select_what what)
{
	struct runs runs;
	struct nb_err err = {0};
	struct nb_text t = {0};
	if (select_runs(&runs, store.s, sel, what, &err)) {
		text_addf(&t, "error %d", (int)err.code);
		return t.s;
	}
	for (size_t i = 0; i < runs.n; i++)
		text_addf(&t, "%s%lld", i ? "," : "", (long long)runs.run[i].id);
	runs_free(&runs);
	return t.s;
}

#define CHECK(sel, what, wanted)                                                                   \
	do {                                                                                       \
		char *got_ = ids(&(sel), what);                                                    \
		assert_string_equal(got_, wanted);                                                 \
		free(got_);                                                                        \
	} while (0)

static void repeats_stand_together_by_rate(void **state)
{
	struct selection sel = {.size = "64", .testbed = "netns"};
	(void)state;
	CHECK(sel, SELECT_ANALYSE, "1,6,2,5,3,8,4,7,9,10");
}

static void only_what_ended_in_order_is_analysed(void **state)
{
	const char *range[] = {"31..34"};
	struct selection sel = {
		.run = {range, 1}
	 };
	(void)state;
	CHECK(sel, SELECT_ALL, "31,32,33,34");
	CHECK(sel, SELECT_ANALYSE, "error 3");
	sel.include_void = true;
	CHECK(sel, SELECT_ANALYSE, "31");
}

static void every_option_narrows(void **state)
{
	static const struct {
		struct selection sel;
		const char *wanted;
	} rows[] = {
		{{.pps = "1M", .size = "64"},			      "9,10"   },
		{{.pps = "0"},				      "14"	   },
		{{.pps = "100k:200k:100k", .size = "512"},	   "11,15"  },
		{{.cores = "2", .pps = "1M"},			      "13,16"  },
		{{.core_list = "4,2", .pps = "1M"},		    "13,16"  },
		{{.core_list = "2-4"},			       "error 3"},
		{{.pairs = "3", .pps = "50k"},		       "21"	   },
		{{.testbed = "kube,ssh", .pps = "50k"},		"21"	    },
		{{.generator = "trafgen", .size = "128,256"},	      "41,42"  },
		{{.path = "loopback"},			       "error 3"},
		{{.campaign = "first sweep", .size = "128"},	     "41"	 },
		{{.since = "2026-11-20T10:30Z", .size = "64,1518"}, "51"	},
		{{.since = "2026-11-20 10:30"},			"51"	    },
		{{.since = "tomorrow"},				"error 2"},
		{{.size = "x"},				     "error 2"},
		{{.size = ""},				      "error 2"},
		{{.core_list = "4-2"},			       "error 2"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK(rows[i].sel, SELECT_ANALYSE, rows[i].wanted);
}

static void runs_are_named_by_id_range_uuid_and_last(void **state)
{
	static const struct {
		const char *name, *wanted;
	} rows[] = {
		{"3",				    "3"	 },
		     {"3..5",				      "5,3,4"  },
		{"3,51",				 "3,51"   },
		     {"last",				      "51"	  },
		{"9e3779b1",			     "1"	},
		     {"9e3779b1-0000-4000-8000-000000000001", "1"	 },
		{"9e3",				  "error 3"},
		     {"0",					   "error 3"},
		{"5..3",				 "error 2"},
		     {"a..b",				      "error 2"},
		{"",				     "error 2"},
		     {"' OR 1=1 --",			     "error 3"},
		{"3..",				  "error 2"},
		     {"99999999999999999999",		      "error 3"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *names[] = {rows[i].name};
		struct selection sel = {
			.run = {names, 1}
		 };
		CHECK(sel, SELECT_ALL, rows[i].wanted);
	}
}

static void labels_must_all_match(void **state)
{
	const char *right[] = {"o'brien=\"; DROP TABLE run; --"};
	const char *both[] = {right[0], "x=`touch HACKED` $(touch HACKED)"};
	const char *wrong[] = {right[0], "x=y"}, *bare[] = {"x"};
	struct selection sel = {
		.label = {right, 1}
	   };
	(void)state;
	CHECK(sel, SELECT_ANALYSE, "51");
	sel.label = (struct opt_texts){both, 2};
	CHECK(sel, SELECT_ANALYSE, "51");
	sel.label = (struct opt_texts){wrong, 2};
	CHECK(sel, SELECT_ANALYSE, "error 3");
	sel.label = (struct opt_texts){bare, 1};
	CHECK(sel, SELECT_ANALYSE, "error 2");
}

static void configurations_never_mix(void **state)
{
	struct selection sel = {0};
	struct runs r;
	struct nb_err err = {0};
	(void)state;
	assert_int_equal(select_runs(&r, store.s, &sel, SELECT_ANALYSE, &err), 0);
	assert_int_equal(r.n, 23);
	size_t covered = 0;
	for (size_t i = 0; i < r.n_configs; i++) {
		struct run_group g = r.config[i];
		assert_int_equal(g.first, covered);
		covered += g.n;
		for (size_t k = 1; k < g.n; k++)
			assert_string_equal(r.run[g.first].config_hash,
					    r.run[g.first + k].config_hash);
	}
	assert_int_equal(covered, r.n);
	for (size_t i = 0; i < r.n_curves; i++)
		for (size_t k = 1; k < r.curve[i].runs.n; k++) {
			const struct run *a = &r.run[r.curve[i].runs.first];
			assert_string_equal(a->curve_key, a[k].curve_key);
		}
	assert_int_equal(r.n_curves, 6);
	assert_true(runs_differ(&r, "generator"));
	assert_true(runs_differ(&r, "o'brien"));
	assert_false(runs_differ(&r, "listener"));
	assert_string_equal(curve_property(&r.curve[1], "hosts"), "host0+host1");
	assert_int_equal(r.run[runs_find(&r, 14)].id, 14);
	assert_int_equal(runs_find(&r, 31), r.n);
	runs_free(&r);
}

static void ids_read_as_ranges(void **state)
{
	struct run list[] = {{.id = 5}, {.id = 3}, {.id = 4}, {.id = 9}, {.id = 10}, {.id = 1}};
	struct runs r = {.run = list, .n = 6};
	struct nb_text t = {0};
	(void)state;
	runs_ids_text(&t, &r, (struct run_group){0, 6});
	assert_string_equal(t.s, "1, 3–5, 9, 10");
	text_cut(&t, 0);
	runs_ids(&t, &r);
	assert_string_equal(t.s, "[1,3,4,5,9,10]");
	text_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(repeats_stand_together_by_rate),
		cmocka_unit_test(only_what_ended_in_order_is_analysed),
		cmocka_unit_test(every_option_narrows),
		cmocka_unit_test(runs_are_named_by_id_range_uuid_and_last),
		cmocka_unit_test(labels_must_all_match),
		cmocka_unit_test(configurations_never_mix),
		cmocka_unit_test(ids_read_as_ranges),
	};
	return cmocka_run_group_tests(tests, open_zoo, close_zoo);
}
