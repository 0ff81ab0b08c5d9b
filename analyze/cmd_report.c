/* SPDX-License-Identifier: Apache-2.0 */
/* nbanalyze report: all that the runs say on one page that needs nothing else. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/commands.h"
#include "analyze/report/report.h"
#include "analyze/select.h"

static struct {
	const char *file;
} opts = {.file = "report.html"};

/* clang-format off */
const struct option report_options[] = {
	{'o', "output", OPT_TEXT, &opts.file, "FILE", "(default report.html; - is standard output)", NULL},
	SELECT_OPTIONS,
	{0, NULL, OPT_FLAG, NULL, NULL, NULL, NULL},
};
/* clang-format on */

const char report_help[] =
	"One HTML file without anything from elsewhere: what was measured and where, whether it is\n"
	"valid, what binds each path, the configurations as a table that sorts, the pictures with values\n"
	"at the pointer, where packets went, what moves together, the commands that made it, and the\n"
	"figures of each run as JSON. Pictures need gnuplot; without it the page says so.\n";

/* Aside first: a page that was there is whole until the new one is. */
static int write_page(const char *file, const struct nb_text *page, struct nb_err *err)
{
	struct nb_text part = {0};
	int ret = 0;
	text_addf(&part, "%s.part", file);
	FILE *f = fopen(part.s, "w");
	bool bad = !f || fwrite(page->s, 1, page->len, f) != page->len;
	if ((f && fclose(f)) || bad || rename(part.s, file)) {
		ret = nb_error(err, "report: %s: %s: name another file with -o", file,
			       strerror(errno));
		if (f)
			remove(part.s);
	}
	text_free(&part);
	return ret;
}

int cmd_report(struct cli *cli)
{
	struct store *s = NULL;
	struct runs runs;
	struct nb_text page = {0}, note = {0};
	if (select_open(&s, &runs, cli, SELECT_ANALYSE))
		return -1;
	int ret = report_page(&page, &note, cli, s, &runs);
	if (!ret && !strcmp(opts.file, "-"))
		fwrite(page.s, 1, page.len, stdout);
	else if (!ret)
		ret = write_page(opts.file, &page, &cli->err);
	if (!ret && note.len)
		cli_warn(cli, "%s", note.s);
	if (!ret && strcmp(opts.file, "-") != 0)
		cli_say(cli, "%s: %zu kB", opts.file, (page.len + 999) / 1000);
	text_free(&page);
	text_free(&note);
	runs_free(&runs);
	store_close(s);
	return ret;
}
