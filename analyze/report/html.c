/* SPDX-License-Identifier: Apache-2.0 */
/* Escaping, tables, pictures. */
#include "analyze/report/html.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "common/utf8.h"

void html_text(struct nb_text *out, const char *s)
{
	static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
	while (*s) {
		static const char special[] = "&<>\"'";
		size_t len = utf8_length(s);
		const char *at = strchr(special, *s);
		if (at)
			text_add(out, entities[at - special]);
		else if (!len)
			text_add(out, "?");
		else if ((unsigned char)*s < 0x20 || *s == 0x7f)
			text_add(out, " ");
		else
			text_add_n(out, s, len);
		s += len ? len : 1;
	}
}

void html_cell(struct nb_text *out, const char *s)
{
	text_add(out, "<td>");
	html_text(out, s ? s : "–");
	text_add(out, "</td>");
}

static void number(struct nb_text *out, double v, double scale, const char *unit)
{
	char buf[32];
	if (isnan(v))
		text_add(out, "<td class=n data-v=''>–</td>");
	else if (fabs(v * scale) < 1) /* a limit of 0.995 is not 0.99 */
		text_addf(out, "<td class=n data-v='%.10g'>%.3g%s</td>", v, v * scale, unit);
	else
		text_addf(out, "<td class=n data-v='%.10g'>%s%s</td>", v, format_si(buf, v * scale),
			  unit);
}

void html_number(struct nb_text *out, double v)
{
	number(out, v, 1, "");
}

void html_percent(struct nb_text *out, double share)
{
	if (isnan(share))
		number(out, share, 1, "");
	else if (share > 0 && share < 1e-4)
		text_addf(out, "<td class=n data-v='%.10g'>%.3g ppm</td>", share, 1e6 * share);
	else
		text_addf(out, "<td class=n data-v='%.10g'>%.3g %%</td>", share, 100 * share);
}

void html_table(struct nb_text *out, const char *caption, const char *names)
{
	text_addf(out, "<div class=wide><table class=sortable><caption>%s</caption><thead><tr>",
		  caption);
	for (const char *s = names; *s;) {
		size_t len = strcspn(s, "|");
		text_addf(out, "<th scope=col><button type=button>%.*s</button></th>", (int)len, s);
		s += len + (s[len] == '|');
	}
	text_add(out, "</tr></thead><tbody>\n");
}

void html_table_end(struct nb_text *out)
{
	text_add(out, "</tbody></table></div>\n");
}

void html_json(struct nb_text *out, const char *json)
{
	for (const char *s = json; *s; s++) {
		size_t len = strcspn(s, "<");
		text_add_n(out, s, len);
		s += len;
		if (!*s)
			break;
		text_add(out, "\\u003c");
	}
}

/* What gnuplot writes and what stands for it here; %s is the prefix. */
static const struct {
	const char *from, *to;
	int prefixed;
} changes[] = {
	{"id='gp",									  "id='%sgp",		       1},
	{"id=\"gnuplot_plot_",							      "class=plot id=\"%splot_",	  1},
	{"id=\"gnuplot_canvas\"",							   "",			      0},
	{"id='textbox'",								    "id='%stextbox'",		   1},
	{"id='greybox'",								    "id='%sgreybox'",		   1},
	{"'#gp",									    "'#%sgp",			   1},
	{"url(#gp",									 "url(#%sgp",			 1},
	{" font-family=\"DejaVu Sans\"",						    "",			     0},
	{"')\" onmouseout=\"gnuplot_svg.hideHypertext()\"><title> </title>",		     "</title>",			 0},
	{"onmousemove=\"gnuplot_svg.showHypertext(evt,'",					  "class=tip tabindex=0><title>", 0},
	{"<g fill=\"none\" color=\"black\" stroke=\"currentColor\" stroke-width=\"1.00\">",
	 "<g class=k>",												     0},
	{" font-size=\"12.00\"",							    "",			     0},
	{"\t",									      "",			     0},
	{" stroke-linecap=\"butt\" stroke-linejoin=\"miter\"",			       "",				   0},
};

/* A group or a text without anything in it, of which gnuplot writes as many as of others: its
 * length; else 0. */
static size_t empty_group(const char *s)
{
	static const struct {
		const char *begin, *end;
	} kinds[] = {
		{"<g fill=",	     ">\n</g>\n"			},
		{"<g transform=", ">\n\t\t<text></text>\n\t</g>\n"},
	};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		size_t len = strcspn(s, ">"), end = strlen(kinds[i].end);
		if (!strncmp(s, kinds[i].begin, strlen(kinds[i].begin)) &&
		    !strncmp(s + len, kinds[i].end, end))
			return len + end;
	}
	return 0;
}

/* rgb( 92,  99, 108), which becomes #5c636c: its length; else 0. */
static size_t color(struct nb_text *out, const char *s)
{
	unsigned r, g, b;
	int len = 0;
	if (strncmp(s, "rgb(", 4) != 0 || sscanf(s, "rgb(%3u,%3u,%3u)%n", &r, &g, &b, &len) != 3 ||
	    !len)
		return 0;
	text_addf(out, "#%02x%02x%02x", r & 0xff, g & 0xff, b & 0xff);
	return (size_t)len;
}

void html_svg(struct nb_text *out, const char *svg, const char *prefix, const char *label)
{
	const char *s = strstr(svg, "viewBox");
	const char *box_end = s ? strchr(s, '\n') : NULL, *body = s ? strchr(s, '>') : NULL;
	if (!body)
		return;
	const char *desc = strstr(body, "</desc>");
	body = desc ? desc + strlen("</desc>") : body + 1;
	text_addf(out, "<svg %.*s role=img aria-label=\"", (int)(box_end - s), s);
	html_text(out, label);
	text_add(out, "\">");
	while (*body) {
		size_t i = 0, n = sizeof(changes) / sizeof(*changes), whole = empty_group(body);
		whole = whole ? whole : color(out, body);
		if (whole) {
			body += whole;
			continue;
		}
		while (i < n && strncmp(body, changes[i].from, strlen(changes[i].from)) != 0)
			i++;
		if (i == n) {
			text_add_n(out, body++, 1);
			continue;
		}
		const char *mark = changes[i].prefixed ? strstr(changes[i].to, "%s") : NULL;
		if (mark) {
			text_add_n(out, changes[i].to, (size_t)(mark - changes[i].to));
			text_add(out, prefix);
			text_add(out, mark + 2);
		} else {
			text_add(out, changes[i].to);
		}
		body += strlen(changes[i].from);
	}
}
