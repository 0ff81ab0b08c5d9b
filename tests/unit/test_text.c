/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as people write and read them: common/text.h, common/utf8.h. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "common/utf8.h"

static void rates_take_si_suffixes(void **state)
{
	static const struct {
		const char *text;
		uint64_t value;
	} good[] = {
		{"200000", 200000	 },
		    {"200k",   200000	   },
		      {"1.5M",   1500000   },
		 {"0",      0		},
		{"1G",     1000000000},
		    {".5k",    500       },
		      {"10K",    10000	   }
	    };
	static const char *const bad[] = {"",	  "abc",  "-1",	  "1e3", "1.2.3", "k",	  "10kk",
					  " 10k", "10k ", "0x10", "nan", "inf",	  "1..5k"};
	uint64_t v;
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		assert_int_equal(parse_rate(&v, good[i].text), 0);
		assert_int_equal(v, good[i].value);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(parse_rate(&v, bad[i]), -1);
}

static void times_take_units(void **state)
{
	static const struct {
		const char *text;
		int64_t ns;
	} good[] = {
		{"120",	120000000000 },
		       {"500ms", 500000000	  },
		     {"2m",    120000000000 },
		{"0.5",	500000000	 },
		       {"250us", 250000       },
		     {"1h",    3600000000000},
		{"10ns",	 10	   }
	    };
	int64_t v;
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		assert_int_equal(parse_time(&v, good[i].text), 0);
		assert_int_equal(v, good[i].ns);
	}
	assert_int_equal(parse_time(&v, "5x"), -1);
	assert_int_equal(parse_time(&v, "-5"), -1);
	assert_int_equal(parse_time(&v, "99999999999999999999"), -1);
}

static void rate_lists_mix_items_and_ranges(void **state)
{
	uint64_t *list;
	size_t n;
	(void)state;
	assert_int_equal(parse_rate_list(&list, &n, "1000,10k:30k:10k,1M"), 0);
	assert_int_equal(n, 5);
	assert_int_equal(list[0], 1000);
	assert_int_equal(list[3], 30000);
	assert_int_equal(list[4], 1000000);
	free(list);
	static const char *const bad[] = {"",	   "1,",     ",1",	"1:2",	 "1:2:0",
					  "5:1:1", "1:2:1:", "1:2:3:4", "0:1G:1"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(parse_rate_list(&list, &n, bad[i]), -1);
}

static void cpu_lists_are_sorted_and_unique(void **state)
{
	int *list;
	size_t n;
	(void)state;
	assert_int_equal(parse_cpulist(&list, &n, "8,0-2,1\n"), 0);
	assert_int_equal(n, 4);
	assert_int_equal(list[0], 0);
	assert_int_equal(list[3], 8);
	free(list);
	assert_int_equal(parse_cpulist(&list, &n, "5-7,3"), 0);
	assert_int_equal(n, 4);
	assert_int_equal(list[0], 3);
	assert_int_equal(list[3], 7);
	free(list);
	assert_int_equal(parse_cpulist(&list, &n, ""), 0);
	assert_int_equal(n, 0);
	free(list);
	assert_int_equal(parse_cpulist(&list, &n, "3-1"), -1);
	assert_int_equal(parse_cpulist(&list, &n, "0-99999999"), -1);
	assert_int_equal(parse_cpulist(&list, &n, "a"), -1);
}

static void si_numbers_keep_three_digits(void **state)
{
	char b[32];
	(void)state;
	assert_string_equal(format_si(b, 0), "0");
	assert_string_equal(format_si(b, 950), "950");
	assert_string_equal(format_si(b, 1000), "1 k");
	assert_string_equal(format_si(b, 150900), "151 k");
	assert_string_equal(format_si(b, 1234567), "1.23 M");
	assert_string_equal(format_si(b, 1500000), "1.5 M");
	assert_string_equal(format_si(b, 999600), "1 M");
	assert_string_equal(format_si(b, 0.25), "0.25");
	assert_string_equal(format_si(b, -49990), "-50 k");
}

static void broken_utf8_has_no_length(void **state)
{
	(void)state;
	assert_int_equal(utf8_length("a"), 1);
	assert_int_equal(utf8_length("\xc3\xa9"), 2);
	assert_int_equal(utf8_length("\xe2\x82\xac"), 3);
	assert_int_equal(utf8_length("\xc0\xaf"), 0);	      /* overlong */
	assert_int_equal(utf8_length("\xed\xa0\x80"), 0);     /* a surrogate */
	assert_int_equal(utf8_length("\xf4\x90\x80\x80"), 0); /* above U+10FFFF */
	assert_int_equal(utf8_length("\xe2\x82"), 0);	      /* cut off */
	assert_int_equal(utf8_width("caf\xc3\xa9"), 4);
}

static void hashes_differ_where_texts_do(void **state)
{
	char a[17], b[17];
	(void)state;
	text_hash(a, "{\"pps\":1000}");
	text_hash(b, "{\"pps\":1001}");
	assert_string_not_equal(a, b);
	text_hash(a, "");
	assert_string_equal(a, "cbf29ce484222325"); /* FNV-1a's offset basis */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates_take_si_suffixes),
		cmocka_unit_test(times_take_units),
		cmocka_unit_test(rate_lists_mix_items_and_ranges),
		cmocka_unit_test(cpu_lists_are_sorted_and_unique),
		cmocka_unit_test(si_numbers_keep_three_digits),
		cmocka_unit_test(broken_utf8_has_no_length),
		cmocka_unit_test(hashes_differ_where_texts_do),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
