/* SPDX-License-Identifier: Apache-2.0 */
/* The option parser, the help printer and the dispatcher behind the tables of cli.h. */
#include "common/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/text.h"
#include "common/utf8.h"
#include "common/version.h"

static const char *format_name = "table";
static const char *color_name = "auto";
static bool want_help, want_version;

/* The options of every command; targets of struct cli are filled in by globals_init(). */
static struct option globals[] = {
	{0,   "db",	  OPT_TEXT,   NULL,	  "FILE",				  "the store (default: $NB_DB, else runs.db)", NULL},
	{0,   "format",  OPT_CHOICE, &format_name,	"table|csv|tsv|json|ndjson|markdown",
	 "how rows are printed on standard output (default table)",								    NULL},
	{'q', "quiet",   OPT_FLAG,	 NULL,	       NULL,				     "only data and errors",			     NULL},
	{0,   "verbose", OPT_FLAG,	 NULL,	       NULL,				     "say more on standard error",		   NULL},
	{0,   "color",   OPT_CHOICE, &color_name,   "auto|always|never",
	 "colour (default auto; NO_COLOR is honoured)",										NULL},
	{'h', "help",    OPT_FLAG,	&want_help,    NULL,				  "this page",				       NULL},
	{0,   "version", OPT_FLAG,	 &want_version, NULL,				      "the version",				     NULL},
	{0,   NULL,	  OPT_FLAG,   NULL,	  NULL,					NULL,					      NULL},
};

static void globals_init(struct cli *cli)
{
	globals[0].target = cli ? &cli->db : NULL;
	globals[0].given = cli ? &cli->db_given : NULL;
	globals[2].target = cli ? &cli->quiet : NULL;
	globals[3].target = cli ? &cli->verbose : NULL;
}

static bool choice_ok(const char *choices, const char *value)
{
	size_t len = strlen(value);
	for (const char *c = choices; c; c = strchr(c, '|') ? strchr(c, '|') + 1 : NULL)
		if (len && strcspn(c, "|") == len && !strncmp(c, value, len))
			return true;
	return false;
}

static int set_value(const struct option *o, const char *value, struct nb_err *err)
{
	const char *want = NULL;
	switch (o->type) {
	case OPT_FLAG:
		*(bool *)o->target = true;
		break;
	case OPT_TEXT:
		*(const char **)o->target = value;
		break;
	case OPT_APPEND: {
		struct opt_texts *list = o->target;
		list->v = nb_realloc(list->v, list->n + 1, sizeof(*list->v));
		list->v[list->n++] = value;
		break;
	}
	case OPT_COUNT:
		if (parse_u64(o->target, value))
			want = "a whole number";
		break;
	case OPT_RATE:
		if (parse_rate(o->target, value))
			want = "a rate such as 200000, 200k or 1.5M";
		break;
	case OPT_TIME:
		if (parse_time(o->target, value))
			want = "a time such as 120, 500ms or 2m";
		break;
	case OPT_CHOICE:
		if (choice_ok(o->value, value))
			*(const char **)o->target = value;
		else
			want = o->value;
		break;
	}
	if (want)
		return nb_error_code(err, NB_USAGE, "--%s: '%s' is not %s%s", o->name, value,
				     o->type == OPT_CHOICE ? "one of " : "", want);
	if (o->given)
		*o->given = true;
	return 0;
}

static const struct option *by_name(const struct option *table, const char *name, size_t len)
{
	for (const struct option *o = table; o && o->name; o++)
		if (strlen(o->name) == len && !strncmp(o->name, name, len))
			return o;
	return NULL;
}

static const struct option *by_letter(const struct option *table, char letter)
{
	for (const struct option *o = table; o && o->name; o++)
		if (o->letter && o->letter == letter)
			return o;
	return NULL;
}

static int unknown(const char *word, const struct cli *cli, struct nb_err *err)
{
	return nb_error_code(err, NB_USAGE, "unknown option '%s': see %s%s --help", word,
			     cli->program, cli->argv ? "" : " COMMAND");
}

/* `--name`, `--name=value`, `--name value`. Takes one or two words; returns how many. */
static int parse_long(struct cli *cli, const struct option *own, int argc, char **argv)
{
	const char *name = argv[0] + 2, *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	const struct option *o = by_name(own, name, len);
	if (!o)
		o = by_name(globals, name, len);
	if (!o)
		return unknown(argv[0], cli, &cli->err);
	if (o->type == OPT_FLAG)
		return equals ? nb_error_code(&cli->err, NB_USAGE, "--%s takes no value", o->name)
		       : set_value(o, NULL, &cli->err) ? -1
						       : 1;
	if (equals)
		return set_value(o, equals + 1, &cli->err) ? -1 : 1;
	if (argc < 2)
		return nb_error_code(&cli->err, NB_USAGE, "--%s needs a value: %s", o->name,
				     o->value);
	return set_value(o, argv[1], &cli->err) ? -1 : 2;
}

/* `-x`, `-xy`, `-x value`, `-xvalue`. Takes one or two words; returns how many. */
static int parse_short(struct cli *cli, const struct option *own, int argc, char **argv)
{
	for (const char *c = argv[0] + 1; *c; c++) {
		const struct option *o = by_letter(own, *c);
		if (!o)
			o = by_letter(globals, *c);
		if (!o)
			return unknown(argv[0], cli, &cli->err);
		if (o->type == OPT_FLAG) {
			if (set_value(o, NULL, &cli->err))
				return -1;
			continue;
		}
		if (c[1])
			return set_value(o, c + 1, &cli->err) ? -1 : 1;
		if (argc < 2)
			return nb_error_code(&cli->err, NB_USAGE, "-%c needs a value: %s", *c,
					     o->value);
		return set_value(o, argv[1], &cli->err) ? -1 : 2;
	}
	return 1;
}

/* Parses options of both tables out of argv; operands are moved to its front and counted. With
 * `stop` the first operand ends it (it is the command's name); *used says how far it came. */
static int parse(struct cli *cli, const struct option *own, int argc, char **argv, bool stop,
		 int *operands, int *used)
{
	int i = 0;
	bool ended = false;
	*operands = 0;
	while (i < argc) {
		int n;
		if (ended || argv[i][0] != '-' || !argv[i][1]) {
			if (stop)
				break;
			argv[(*operands)++] = argv[i++];
			continue;
		}
		if (!strcmp(argv[i], "--")) {
			ended = true;
			i++;
			continue;
		}
		n = argv[i][1] == '-' ? parse_long(cli, own, argc - i, argv + i)
				      : parse_short(cli, own, argc - i, argv + i);
		if (n < 0)
			return -1;
		i += n;
	}
	*used = i;
	return 0;
}

/* Columns that an option and its value take before what it is for. */
enum { HELP_COLUMN = 28 };

static void print_options(const struct option *table)
{
	for (const struct option *o = table; o && o->name; o++) {
		char left[64];
		int n = o->letter ? snprintf(left, sizeof(left), "-%c, --%s", o->letter, o->name)
				  : snprintf(left, sizeof(left), "    --%s", o->name);
		if (o->value && n > 0 && (size_t)n < sizeof(left))
			snprintf(left + n, sizeof(left) - (size_t)n, " %s", o->value);
		size_t width = utf8_width(left);
		if (width > HELP_COLUMN)
			printf("  %s\n  %*s  %s\n", left, HELP_COLUMN, "", o->help);
		else
			printf("  %s%*s  %s\n", left, (int)(HELP_COLUMN - width), "", o->help);
	}
}

static void print_program_help(const char *program, const char *summary,
			       const struct command *commands)
{
	printf("%s: %s\n\nusage: %s [--db FILE] COMMAND [OPTION…]\n\ncommands\n", program, summary,
	       program);
	for (const struct command *c = commands; c->name; c++)
		printf("  %-12s  %s\n", c->name, c->summary);
	printf("\noptions of every command\n");
	print_options(globals);
	printf("\nexit codes: 0 ok, 1 error, 2 usage, 3 no matching data, 10 gate failed,\n"
	       "11 void or inconclusive with --strict, 130 interrupted\n");
}

static void print_command_help(const char *program, const struct command *c)
{
	printf("%s %s: %s\n\nusage: %s %s%s%s%s\n", program, c->name, c->summary, program, c->name,
	       c->options && c->options->name ? " [OPTION…]" : "", c->operands ? " " : "",
	       c->operands ? c->operands : "");
	if (c->options && c->options->name) {
		printf("\noptions\n");
		print_options(c->options);
	}
	printf("\noptions of every command\n");
	print_options(globals);
	if (c->help)
		printf("\n%s", c->help);
}

static char *quote_command_line(int argc, char **argv)
{
	struct nb_text t = {0};
	for (int i = 0; i < argc; i++) {
		bool plain = argv[i][0] && !strpbrk(argv[i], " \t\n\"'\\$`*?[]{}()<>|&;#~");
		if (i)
			text_add(&t, " ");
		if (plain) {
			text_add(&t, argv[i]);
			continue;
		}
		text_add(&t, "'");
		for (const char *c = argv[i]; *c; c++)
			text_addf(&t, *c == '\'' ? "'\\''" : "%c", *c);
		text_add(&t, "'");
	}
	return t.s;
}

static bool color_wanted(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");
	if (strcmp(color_name, "auto"))
		return !strcmp(color_name, "always");
	return !(no && *no) && isatty(STDOUT_FILENO) && !(term && !strcmp(term, "dumb"));
}

static const struct command *find(const struct command *commands, const char *name)
{
	for (const struct command *c = commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

static int dispatch(struct cli *cli, const char *summary, const struct command *commands, int argc,
		    char **argv)
{
	int used = 0, operands;
	if (parse(cli, NULL, argc - 1, argv + 1, true, &operands, &used))
		return -1;
	if (want_version) {
		printf("%s %s\n", cli->program, NB_VERSION);
		return 0;
	}
	if (used == argc - 1) {
		if (want_help) {
			print_program_help(cli->program, summary, commands);
			return 0;
		}
		return nb_error_code(&cli->err, NB_USAGE, "no command given: see %s --help",
				     cli->program);
	}
	const struct command *c = find(commands, argv[1 + used]);
	if (!c)
		return nb_error_code(&cli->err, NB_USAGE, "unknown command '%s': see %s --help",
				     argv[1 + used], cli->program);
	cli->argc = argc - 2 - used;
	cli->argv = argv + 2 + used;
	int rest;
	if (parse(cli, c->options, cli->argc, cli->argv, false, &cli->argc, &rest))
		return -1;
	if (want_help) {
		print_command_help(cli->program, c);
		return 0;
	}
	if (cli->argc && !c->operands)
		return nb_error_code(&cli->err, NB_USAGE, "%s takes no operand: '%s'", c->name,
				     cli->argv[0]);
	cli->format = output_format_of(format_name);
	cli->color = color_wanted();
	if (!cli->db) {
		const char *env = getenv("NB_DB");
		cli->db_given = env && *env;
		cli->db = cli->db_given ? env : "runs.db";
	}
	return c->run(cli);
}

int cli_main(const char *program, const char *summary, const struct command *commands, int argc,
	     char **argv)
{
	struct cli cli = {.program = program};
	cli.command_line = quote_command_line(argc, argv);
	globals_init(&cli);
	int ret = dispatch(&cli, summary, commands, argc, argv);
	if (ret < 0) {
		fprintf(stderr, "%s: %s\n", program, cli.err.text);
		ret = cli.err.code ? (int)cli.err.code : NB_FAIL;
	}
	/* a full disk or a closed pipe behind standard output is an error like any other */
	if ((fflush(stdout) || ferror(stdout)) && ret == 0) {
		fprintf(stderr, "%s: standard output: write failed: data is incomplete\n", program);
		ret = NB_FAIL;
	}
	free(cli.command_line);
	globals_init(NULL);
	return ret;
}

static void say(const struct cli *cli, const char *tag, const char *fmt, va_list args)
	__attribute__((format(printf, 3, 0)));

static void say(const struct cli *cli, const char *tag, const char *fmt, va_list args)
{
	if (tag)
		fprintf(stderr, "%s: %s: ", cli->program, tag);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
}

void cli_say(const struct cli *cli, const char *fmt, ...)
{
	va_list args;
	if (cli->quiet)
		return;
	va_start(args, fmt);
	say(cli, NULL, fmt, args);
	va_end(args);
}

void cli_debug(const struct cli *cli, const char *fmt, ...)
{
	va_list args;
	if (!cli->verbose)
		return;
	va_start(args, fmt);
	say(cli, NULL, fmt, args);
	va_end(args);
}

void cli_warn(const struct cli *cli, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	say(cli, "warning", fmt, args);
	va_end(args);
}

bool cli_progress(const struct cli *cli)
{
	return !cli->quiet && isatty(STDERR_FILENO);
}
