/* SPDX-License-Identifier: Apache-2.0 */
/* The differences of two runs: what was not the same, when a figure is not. */
#include "analyze/show_two.h"

#include "analyze/rows.h"
#include "analyze/select.h"

static const struct rows_style styles[] = {
	{"section", COL_TEXT},
	       {"item",	COL_TEXT},
	   {"a",	 COL_TEXT},
	{"b",	      COL_TEXT},
	       {NULL,      COL_TEXT},
};

static int one_run(int64_t *out, struct store *s, const char *name, struct nb_err *err)
{
	struct runs runs = {0};
	struct selection only = {0};
	only.run = (struct opt_texts){.v = &name, .n = 1};
	int ret = select_runs(&runs, s, &only, SELECT_ALL, err);
	if (!ret && runs.n != 1)
		ret = nb_error_code(err, NB_USAGE, "show: '%s' names %zu runs: name two runs", name,
				    runs.n);
	if (!ret)
		*out = runs.run[0].id;
	runs_free(&runs);
	return ret;
}

int show_two(struct cli *cli, const char *a, const char *b)
{
	struct store *s = NULL;
	sqlite3_stmt *st = NULL;
	int64_t first, second;
	int ret = -1;
	if (store_open(&s, cli->db, STORE_READ, &cli->err))
		return -1;
	if (one_run(&first, s, a, &cli->err) || one_run(&second, s, b, &cli->err) ||
	    store_prepare(s, &st, store_query("show_two.sql"), "compare two runs", &cli->err))
		goto cleanup;
	sqlite3_bind_int64(st, 1, first);
	sqlite3_bind_int64(st, 2, second);
	int64_t n = rows_print(cli, s, st, "show", styles);
	if (!n)
		cli_say(cli, "configuration and facts are the same");
	ret = n < 0 ? -1 : 0;
cleanup:
	sqlite3_finalize(st);
	store_close(s);
	return ret;
}
