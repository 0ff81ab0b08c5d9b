/* SPDX-License-Identifier: Apache-2.0 */
/* HTML as text. Whatever a user may have written goes through html_text(). */
#ifndef NB_REPORT_HTML_H
#define NB_REPORT_HTML_H

#include "common/text.h"

/* Text for an element or a quoted attribute: & < > " ' become entities, control characters blanks,
 * bytes that are not UTF-8 a question mark. */
void html_text(struct nb_text *out, const char *s);

/* A cell of a table; a number is shown as people read it (1.23 M) and sorted by its value. NaN is a
 * dash that sorts last. */
void html_cell(struct nb_text *out, const char *s);
void html_number(struct nb_text *out, double v);
void html_percent(struct nb_text *out, double share);

/* A table's head; names separated by |. Ends with <tbody>. */
void html_table(struct nb_text *out, const char *caption, const char *names);
void html_table_end(struct nb_text *out);

/* JSON that may stand inside <script>: no "<" is left in it. */
void html_json(struct nb_text *out, const char *json);

/*
 * A picture by gnuplot's svg terminal as an element of the page: its ids begin with `prefix`, texts
 * for the pointer are <title>s, and no script is left in it.
 */
void html_svg(struct nb_text *out, const char *svg, const char *prefix, const char *label);

#endif
