/* SPDX-License-Identifier: Apache-2.0 */
/* Sentences beside rows. */
#include "analyze/explain.h"

#include <stdlib.h>
#include <string.h>

struct explain explain_begin(bool on, enum output_format format)
{
	bool people = format == FMT_TABLE || format == FMT_MARKDOWN;
	return (struct explain){
		.on = on, .column = on && !people, .bullets = format == FMT_MARKDOWN};
}

struct column *explain_columns(const struct explain *e, const struct column *columns,
			       size_t *n_columns)
{
	struct column *all = nb_alloc(*n_columns + 1, sizeof(*all));
	memcpy(all, columns, *n_columns * sizeof(*all));
	if (e->column)
		all[(*n_columns)++] = (struct column){"finding", COL_TEXT};
	return all;
}

struct cell explain_cell(struct explain *e, const char *sentence)
{
	if (e->on && !e->column && sentence)
		text_addf(&e->lines, "%s%s\n", e->bullets ? "- " : "", sentence);
	return cell_text(sentence);
}

const char *explain_p(char buf[static 24], double p)
{
	if (p < 1e-300)
		snprintf(buf, 24, "p < 1e-300");
	else
		snprintf(buf, 24, p < 0.001 ? "p = %.1e" : "p = %.2g", p);
	return buf;
}

void explain_end(struct explain *e)
{
	if (e->lines.len)
		printf("\n%s", e->lines.s);
	text_free(&e->lines);
}
