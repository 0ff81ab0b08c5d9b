/* SPDX-License-Identifier: Apache-2.0 */
/* nbcollect import: metric files of the scripts before netbound, by folder, file, URL or pipe. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "collector/cmd.h"
#include "collector/ingest/fetch.h"
#include "collector/ingest/import.h"
#include "collector/plan.h"
#include "collector/run.h"
#include "collector/spool.h"
#include "common/clock.h"
#include "common/text.h"

static const char *role, *core_list, *note;
static uint64_t pps, size = 64;
static bool rate_given;
static struct opt_texts label_list;

const struct option import_options[] = {
	{0,   "role",  OPT_CHOICE, &role,       "sender|receiver",
	 "with -: which end the rows were counted at",							  NULL},
	{'p', "pps",   OPT_RATE,   &pps,	     "PPS",		    "with -: the rate that was asked (0: none)",
	 &rate_given												},
	{'z', "size",  OPT_COUNT,	 &size,	"SIZE",		"with -: the frame size (default 64)",       NULL},
	{'c', "cores", OPT_TEXT,	 &core_list,  "CORES",
	 "with -: the sender's CPUs, such as 2,4 or 2-4",							  NULL},
	{0,   "label", OPT_APPEND, &label_list, "K=V",
	 "a label; runs with different labels are different configurations",				     NULL},
	{0,   "note",  OPT_TEXT,   &note,	     "TEXT",	     "a remark, kept with each run",		     NULL},
	{0,   NULL,	  OPT_FLAG,   NULL,	  NULL,		NULL,					      NULL},
};

static const struct column columns[] = {
	{"file",	 COL_TEXT},
	    {"state",  COL_TEXT},
	 {"run_id", COL_INT },
	{"rows",	 COL_INT },
	    {"why",    COL_TEXT},
};

static struct cell int_cell(int64_t v)
{
	return v == RECORD_NONE ? cell_null() : cell_int(v);
}

static void print_report(void *out, const struct import_report *r)
{
	const struct cell cells[] = {cell_text(r->file), cell_text(r->state), int_cell(r->run_id),
				     int_cell(r->rows), cell_text(r->why)};
	output_row(out, cells);
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);
	return n >= m && !strcmp(s + n - m, end);
}

/* A run that its collector left behind. */
static int import_spool(struct import *im, const char *path, struct nb_err *err)
{
	int rc = spool_import(im->store, path, err);
	if (rc < 0)
		return -1;
	print_report(im->payload,
		     &(struct import_report){path, rc ? "present" : "imported", RECORD_NONE,
					     RECORD_NONE, rc ? NULL : "stored as aborted"});
	im->runs += !rc;
	im->present += rc == 1;
	return 0;
}

static int import_inputs(struct import *im, const struct inputs *in, struct nb_err *err)
{
	for (size_t i = 0, n; i < in->n && !run_interrupted(); i += n) {
		const struct input *one = &in->v[i];
		n = inputs_run(in, i);
		if (one->known) {
			if (import_run(im, one, n, err))
				return -1;
		} else if (one->named && ends_with(one->base, ".nbrun") &&
			   !fetch_is_url(one->origin)) {
			if (import_spool(im, one->origin, err))
				return -1;
		} else {
			const char *why = one->why ? one->why
					  : ends_with(one->base, ".db")
						  ? "a store? nbcollect merge takes those"
						  : "its name is no metric file's";
			const struct import_report report = {one->origin,
							     one->named ? "refused" : "left_out",
							     RECORD_NONE, RECORD_NONE, why};
			print_report(im->payload, &report);
			im->refused += one->named;
		}
	}
	return 0;
}

/* Rows as they come, each looked at when it is there: a sampler that writes something else is not
 * waited for until its end. A signal ends it as the end of the input does. */
static int read_rows(struct nb_text *text, struct nb_err *err)
{
	char buf[4096];
	size_t line = 0, lines = 0;
	ssize_t n;
	while (!run_interrupted()) {
		n = read(STDIN_FILENO, buf, sizeof(buf));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return nb_error(err, "import: standard input: %s", strerror(errno));
		if (!n)
			break;
		text_add_n(text, buf, (size_t)n);
		if (text->len > FETCH_BYTES_MAX)
			return nb_error(err,
					"import: standard input: more than %d MiB: a run of that "
					"length is none",
					FETCH_BYTES_MAX >> 20);
		for (const char *end;
		     (end = memchr(text->s + line, '\n', text->len - line)) != NULL;) {
			int64_t cells[16];
			struct nb_err why = {0};
			size_t skip = !lines && !strncmp(text->s, "\xef\xbb\xbf", 3) ? 3 : 0;
			const char *from = text->s + line + skip;
			if (numbers_line(cells, 16, from, (size_t)(end - from), ++lines, &why) < 0)
				return nb_error(err, "import: standard input: %s", why.text);
			line = (size_t)(end - text->s) + 1;
		}
	}
	return 0;
}

static int name_of_stdin(struct file_name *name, struct nb_err *err)
{
	int *cpus = NULL;
	size_t n = 0;
	if (!role || !rate_given)
		return nb_error_code(err, NB_USAGE,
				     "import -: say --role sender|receiver and -p PPS: the rows do "
				     "not");
	if (core_list && (parse_cpulist(&cpus, &n, core_list) || !n))
		return nb_error_code(err, NB_USAGE, "-c: '%s' is not a list such as 2,4 or 2-4",
				     core_list);
	free(cpus);
	if (size < 1 || size > 65535)
		return nb_error_code(err, NB_USAGE, "-z: a frame has 1 to 65535 bytes");
	*name = (struct file_name){
		.kind = FILE_ENDPOINT,
		.sender = !strcmp(role, "sender"),
		.pps = (int64_t)pps,
		.seconds = -1,
		.n_cores = (int64_t)n,
		.pairs = 1,
		.size = (int64_t)size,
		.stamp_s = -1,
	};
	if (core_list && strlen(core_list) < sizeof(name->cores))
		strncpy(name->cores, core_list, sizeof(name->cores) - 1);
	return 0;
}

static void say_result(const struct cli *cli, const struct import *im)
{
	char old[32], steady[32];
	cli_say(cli, "%zu run%s imported%s%s", im->runs, im->runs == 1 ? "" : "s",
		im->present ? "; files that were there already add nothing" : "",
		im->refused ? "; files were refused" : "");
	if (im->compared)
		cli_say(cli,
			"the old means took in the idle seconds before and after: %spps instead of "
			"%spps in run %" PRId64 " (%+.1f %%); a second of theirs lasts a little "
			"longer than one, so rates are nominal",
			format_si(old, im->old_mean), format_si(steady, im->steady_mean),
			im->worst_run, 100 * (im->old_mean / im->steady_mean - 1));
}

static int import_all(struct cli *cli, struct import *im, const struct inputs *in,
		      const struct file_name *piped, const struct nb_text *text)
{
	if (import_begin(im, &cli->err)) {
		import_end(im);
		return -1;
	}
	struct output *out = output_begin(stdout, cli->format, "import", columns,
					  sizeof(columns) / sizeof(*columns));
	im->tell = print_report;
	im->payload = out;
	int ret =
		piped ? import_text(im, piped, text, &cli->err) : import_inputs(im, in, &cli->err);
	output_end(out);
	import_end(im);
	if (ret)
		return -1;
	fflush(stdout);
	say_result(cli, im);
	if (run_interrupted() && !piped)
		return NB_INTERRUPTED;
	if (!im->refused && !im->runs && !im->present)
		cli_say(cli, "no file there has a metric file's name, such as "
			     "tx_1000pps_120_core_0_size_64_20240328112149.txt");
	return im->refused ? NB_FAIL : im->runs || im->present ? NB_OK : NB_NODATA;
}

int cmd_import(struct cli *cli)
{
	struct inputs in = {0};
	struct store *store = NULL;
	struct nb_text text = {0};
	struct file_name name;
	char *labels = NULL;
	int ret = -1;
	bool piped = cli->argc == 1 && !strcmp(cli->argv[0], "-");
	if (!cli->argc) {
		nb_error_code(&cli->err, NB_USAGE,
			      "import: name folders, files or URLs, or - for standard input");
		goto cleanup;
	}
	for (int i = 0; !piped && i < cli->argc; i++) {
		if (strcmp(cli->argv[i], "-") != 0)
			continue;
		nb_error_code(
			&cli->err, NB_USAGE,
			"import: - stands alone: import the files with a command of their own");
		goto cleanup;
	}
	if (!piped && (role || rate_given || core_list)) {
		nb_error_code(&cli->err, NB_USAGE,
			      "import: --role, -p and -c belong to -: files say it in their names");
		goto cleanup;
	}
	if (plan_labels(&labels, &label_list, &cli->err))
		goto cleanup;
	run_catch_signals();
	if (piped) {
		if (name_of_stdin(&name, &cli->err) || read_rows(&text, &cli->err))
			goto cleanup;
	}
	for (int i = 0; !piped && i < cli->argc; i++)
		if (inputs_add(&in, cli->argv[i], &cli->err))
			goto cleanup;
	inputs_sort(&in);
	if (store_open(&store, cli->db, STORE_WRITE, &cli->err))
		goto cleanup;
	const struct metric_extra extra = {labels, note, cli->command_line, clock_realtime()};
	struct import im = {.store = store, .extra = &extra};
	ret = import_all(cli, &im, &in, piped ? &name : NULL, &text);
cleanup:
	store_close(store);
	inputs_free(&in);
	text_free(&text);
	free(labels);
	return ret;
}
