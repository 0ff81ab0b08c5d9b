// SPDX-License-Identifier: Apache-2.0
/* The tables of watch --show: rows of instances, rates by their width, sorted by a column. */
#include "unit.h"

#include <string.h>

#include "collector/watch_tables.h"

static struct counter_cell cell(const char *metric, const char *instance)
{
	struct counter_cell c = {.metric = metric_find(metric)};
	assert_non_null(c.metric);
	memcpy(c.instance, instance, strlen(instance) + 1);
	return c;
}

static const struct watch_table *table(const char *name)
{
	const struct watch_table *t = watch_table_find(name, strlen(name));
	assert_non_null(t);
	return t;
}

/* The first words of the lines of a text, joined by blanks. */
static void heads(struct nb_text *out, const char *text)
{
	text_cut(out, 0);
	for (const char *line = text; *line; line = strchr(line, '\n') + 1) {
		text_add_n(out, line, strcspn(line, " "));
		text_add(out, " ");
	}
}

static void rows_are_instances_and_fall_by_a_column(void **state)
{
	(void)state;
	const struct counter_cell cells[] = {
		cell("softnet_processed", "0"), cell("softnet_dropped", "0"),
		cell("softnet_processed", "1"), cell("softnet_dropped", "1"),
		cell("softnet_processed", "3"), cell("softnet_dropped", "3"),
	};
	const uint64_t before[] = {UINT32_MAX - 9, 5, 0, 0, 0, METRIC_MISSING};
	const uint64_t now[] = {90, 7, 1000, 50, 5, 9};
	struct nb_text out = {0};
	struct nb_text got = {0};
	watch_table_print(&out, table("softnet"), cells, 6, before, now, 500000000, NULL);
	heads(&got, out.s);
	assert_string_equal(got.s, "softnet 0 1 3 ");
	assert_non_null(strstr(out.s, " 200 ")); /* 100 in half a second, across 2^32 */
	text_cut(&out, 0);
	watch_table_print(&out, table("softnet"), cells, 6, before, now, 500000000, "dropped");
	heads(&got, out.s);
	assert_string_equal(got.s, "softnet 1 0 3 "); /* what is not known comes last */
	assert_non_null(strstr(out.s, " - "));
	text_free(&out);
	text_free(&got);
}

static void other_metrics_of_the_source_make_no_rows(void **state)
{
	(void)state;
	const struct counter_cell cells[] = {cell("irqs", ""), cell("cpu_idle", "7")};
	const uint64_t before[] = {0, 0}, now[] = {5, 250000000};
	struct nb_text out = {0};
	struct nb_text got = {0};
	watch_table_print(&out, table("cpu"), cells, 2, before, now, 1000000000, "idle");
	heads(&got, out.s);
	assert_string_equal(got.s, "cpu 7 ");
	assert_non_null(strstr(out.s, " 25.0\n"));
	text_free(&out);
	text_free(&got);
}

static void names_are_whole_words(void **state)
{
	(void)state;
	assert_null(watch_table_find("soft", 4));
	assert_null(watch_table_find("", 0));
	assert_true(watch_table_has(table("queue"), "ring_full"));
	assert_false(watch_table_has(table("queue"), "rate"));
	for (const struct watch_table *t = watch_tables; t->name; t++) {
		assert_non_null(counter_source_find(t->source));
		for (size_t c = 0; t->columns[c].title; c++)
			assert_non_null(metric_find(t->columns[c].metric));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_instances_and_fall_by_a_column),
		cmocka_unit_test(other_metrics_of_the_source_make_no_rows),
		cmocka_unit_test(names_are_whole_words),
	};
	return cmocka_run_group_tests_name("watch tables", tests, NULL, NULL);
}
