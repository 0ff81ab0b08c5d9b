/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Command and option tables: a row of each is the option's syntax, where its value goes and its
 * help. Dispatch, parsing and --help all come from the tables. Options may stand before or after
 * operands; `--` ends them. Every option's target keeps its default when the option is absent.
 */
#ifndef NB_CLI_H
#define NB_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/error.h"
#include "common/output.h"

/* What the value must look like, and the type behind `target`. */
enum opt_type {
	OPT_FLAG,   /* no value; bool: set to true */
	OPT_TEXT,   /* const char * (points into argv) */
	OPT_APPEND, /* struct opt_texts: may be given several times */
	OPT_COUNT,  /* uint64_t: whole number */
	OPT_RATE,   /* uint64_t: 200000, 200k, 1.5M */
	OPT_TIME,   /* int64_t ns: 120, 500ms, 2m */
	OPT_CHOICE, /* const char *: one of `value`, separated by | */
};

struct opt_texts {
	const char **v;
	size_t n;
};

struct option {
	char letter;	  /* 0: none */
	const char *name; /* without the dashes */
	enum opt_type type;
	void *target;
	const char *value; /* shown in help: PPS; for OPT_CHOICE the choices: a|b|c */
	const char *help;  /* one line; the default is part of it */
	bool *given;	   /* set when the option was there; may be NULL */
};

/* What every command is handed. */
struct cli {
	const char *program; /* nbcollect */
	const char *db;	     /* --db, else $NB_DB, else runs.db */
	bool db_given;	     /* by --db or $NB_DB */
	bool quiet, verbose, color;
	enum output_format format;
	int argc; /* operands */
	char **argv;
	char *command_line; /* the whole of it, quoted, for the store */
	struct nb_err err;
};

struct command {
	const char *name;
	int (*run)(struct cli *cli);  /* returns an exit code, or -1 with cli->err set */
	const char *operands;	      /* shown in usage: "RUN…"; NULL: none are taken */
	const char *summary;	      /* one line */
	const char *help;	      /* paragraphs after the options; may be NULL */
	const struct option *options; /* ends with a row without name */
};

/* Runs the program: parses global options, finds the command, parses its options, calls it,
 * prints cli.err. `commands` ends with a row without name. Returns the exit code. */
int cli_main(const char *program, const char *summary, const struct command *commands, int argc,
	     char **argv);

/* Talk to the person on stderr: cli_say is silenced by --quiet, cli_debug needs --verbose. */
void cli_say(const struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void cli_debug(const struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void cli_warn(const struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Is stderr a terminal, so that a line may be redrawn? */
bool cli_progress(const struct cli *cli);

#endif
