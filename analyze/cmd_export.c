/* SPDX-License-Identifier: Apache-2.0 */
/* nbanalyze export: what the store holds, for other tools: rows that stream, or the metric files
 * of the scripts around trafgen. */
#include <string.h>

#include "analyze/commands.h"
#include "analyze/folder.h"
#include "analyze/metric_files.h"
#include "analyze/rows.h"
#include "analyze/select.h"

static struct {
	const char *what, *dir;
} opts = {.what = "samples"};

const struct option export_options[] = {
	{0,   "what",   OPT_CHOICE, &opts.what, "runs|samples|summary|metrics",
	 "a row a run, a sample or a configuration, or metric files (default samples)",				NULL},
	{'o', "output", OPT_TEXT,	  &opts.dir,  "DIR",			    "the folder of the metric files", NULL},
	SELECT_OPTIONS,
	{0,   NULL,	  OPT_FLAG,   NULL,	  NULL,				NULL,			      NULL}
};

const char export_help[] =
	"Rows go to standard output, all columns at full precision, as csv unless --format says\n"
	"otherwise; csv, tsv and ndjson take no more memory for ten million samples than for ten.\n"
	"metrics writes a file for each end of each pair under the names, and with the fourteen\n"
	"columns, of the scripts around trafgen: a row a second, nan where nothing was counted.\n";

static int export_samples(struct cli *cli)
{
	struct store *s = NULL;
	struct runs runs;
	struct nb_text ids = {0};
	sqlite3_stmt *st = NULL;
	int ret = -1;
	if (select_open(&s, &runs, cli, SELECT_ALL))
		return -1;
	runs_ids(&ids, &runs);
	if (!store_prepare(s, &st, store_query("export_samples.sql"), "read the samples",
			   &cli->err)) {
		sqlite3_bind_text(st, 1, ids.s, -1, SQLITE_STATIC);
		ret = rows_print(cli, s, st, "export", NULL) < 0 ? -1 : 0;
	}
	sqlite3_finalize(st);
	text_free(&ids);
	runs_free(&runs);
	store_close(s);
	return ret;
}

static const struct column columns[] = {
	{"run_id",  COL_INT },
	     {"role",    COL_TEXT},
	   {"pair",    COL_INT },
	{"rows",	 COL_INT },
	     {"missing", COL_INT },
	   {"file",    COL_TEXT},
};

struct report {
	struct output *out;
	size_t files, missing;
};

static void take_file(void *user, const struct metric_file *f)
{
	struct report *r = user;
	const struct cell cells[] = {
		cell_int(f->run->id),
		cell_text(f->role),
		cell_int(f->pair),
		cell_int((int64_t)f->rows),
		cell_int((int64_t)f->missing),
		cell_text(f->name),
	};
	output_row(r->out, cells);
	r->files++;
	r->missing += f->missing;
}

static int export_metrics(struct cli *cli)
{
	struct store *s = NULL;
	struct runs runs;
	int ret = 0;
	if (!opts.dir)
		return nb_error_code(&cli->err, NB_USAGE,
				     "export: metrics are files: name their folder with -o DIR");
	if (select_open(&s, &runs, cli, SELECT_ANALYSE))
		return -1;
	if (folder_make(opts.dir, &cli->err))
		ret = -1;
	struct report r = {.out = output_begin(stdout, cli->format, "export", columns,
					       sizeof(columns) / sizeof(*columns))};
	for (size_t i = 0; !ret && i < runs.n; i++)
		ret = metric_files_write(opts.dir, s, &runs.run[i], take_file, &r, &cli->err);
	struct notes notes = {0};
	if (!ret && r.missing)
		notes_add(&notes, "missing_values",
			  "%zu values were not counted and stand as nan in the files", r.missing);
	rows_end(cli, r.out, &notes, NULL);
	if (!ret && !r.files)
		ret = nb_error_code(&cli->err, NB_NODATA,
				    "export: none of the %zu runs has samples of an interface",
				    runs.n);
	runs_free(&runs);
	store_close(s);
	return ret;
}

int cmd_export(struct cli *cli)
{
	if (!strcmp(opts.what, "metrics"))
		return export_metrics(cli);
	if (opts.dir)
		return nb_error_code(&cli->err, NB_USAGE,
				     "export: -o is for metrics; %s go to standard output: > FILE",
				     opts.what);
	if (cli->format == FMT_TABLE)
		cli->format = FMT_CSV;
	if (!strcmp(opts.what, "runs"))
		return cmd_runs(cli);
	if (!strcmp(opts.what, "summary"))
		return cmd_summary(cli);
	return export_samples(cli);
}
