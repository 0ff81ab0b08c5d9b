/* SPDX-License-Identifier: Apache-2.0 */
/* Rows in every format, with hostile text, missing values and awkward numbers. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/output.h"

static const struct column columns[] = {
	{"name",	 COL_TEXT},
	{"rate_pps", COL_SI  },
	{"p",	      COL_P   },
	{"reasons",  COL_JSON},
};

static char *render(enum output_format format)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);
	struct output *o = output_begin(f, format, "test", columns, 4);
	const struct cell hostile[] = {cell_text("a,\"b\"\n|\t\x1b[31m\xff"), cell_real(1234567.0),
				       cell_real(0.1), cell_text("[1]")};
	const struct cell missing[] = {cell_null(), cell_real(NAN), cell_real(INFINITY),
				       cell_null()};
	output_row(o, hostile);
	output_row(o, missing);
	if (format == FMT_JSON)
		output_warn(o, "few", "only %d \"runs\"", 2);
	assert_int_equal(output_rows(o), 2);
	output_end(o);
	fclose(f);
	return text;
}

static void a_table_without_rows_is_nothing(void **state)
{
	static const enum output_format aligned[] = {FMT_TABLE, FMT_MARKDOWN};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char *text = NULL;
		size_t size;
		FILE *f = open_memstream(&text, &size);
		output_end(output_begin(f, aligned[i], "test", columns, 4));
		fclose(f);
		assert_string_equal(text, "");
		free(text);
	}
}

static void check(enum output_format format, const char *want)
{
	char *got = render(format);
	assert_string_equal(got, want);
	free(got);
}

static void csv_is_quoted_by_rfc_4180(void **state)
{
	(void)state;
	check(FMT_CSV, "name,rate_pps,p,reasons\n"
		       "\"a,\"\"b\"\"\n|\t\x1b[31m\xff\",1234567,0.10000000000000001,[1]\n"
		       ",,,\n");
}

static void tsv_escapes_its_separators(void **state)
{
	(void)state;
	check(FMT_TSV, "name\trate_pps\tp\treasons\n"
		       "a,\"b\"\\n|\\t\x1b[31m\xff\t1234567\t0.10000000000000001\t[1]\n"
		       "\t\t\t\n");
}

static void json_is_an_envelope_with_warnings(void **state)
{
	(void)state;
	check(FMT_JSON,
	      "{\"schema\":\"netbound.test/1\",\"rows\":[\n"
	      "{\"name\":\"a,\\\"b\\\"\\u000a|\\u0009\\u001b[31m\\ufffd\",\"rate_pps\":1234567,"
	      "\"p\":0.10000000000000001,\"reasons\":[1]},\n"
	      "{\"name\":null,\"rate_pps\":null,\"p\":null,\"reasons\":null}\n"
	      "],\"warnings\":[{\"code\":\"few\",\"text\":\"only 2 \\\"runs\\\"\"}]}\n");
}

static void tables_never_send_control_characters(void **state)
{
	char *got = render(FMT_TABLE);
	(void)state;
	for (char *c = got; *c; c++)
		assert_true(*c == '\n' || (unsigned char)*c >= 0x20);
	assert_non_null(strstr(got, "1.23 M"));
	assert_non_null(strstr(got, "-"));
	free(got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv_is_quoted_by_rfc_4180),
		cmocka_unit_test(a_table_without_rows_is_nothing),
		cmocka_unit_test(tsv_escapes_its_separators),
		cmocka_unit_test(json_is_an_envelope_with_warnings),
		cmocka_unit_test(tables_never_send_control_characters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
