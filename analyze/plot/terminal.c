/* SPDX-License-Identifier: Apache-2.0 */
/* The raster: dots into braille cells (U+2800 and eight bits), a colour a cell. */
#include "analyze/plot/terminal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL = 9, DOTS_X = 2, DOTS_Y = 4 };

/* As on paper: grey, blue, green, orange, purple, red. */
static const int colors[] = {245, 33, 35, 208, 175, 160};
enum { N_COLORS = sizeof(colors) / sizeof(*colors) };

struct raster {
	unsigned char *bits, *owner; /* of each cell; owner: series + 1 that drew last */
	size_t w, h;		     /* cells */
	double x_top, y_top;
};

static void dot(struct raster *r, long x, long y, size_t series)
{
	static const unsigned char bit[DOTS_Y][DOTS_X] = {
		{0x01, 0x08},
		      {0x02, 0x10},
		    {0x04, 0x20},
		  {0x40, 0x80}
	      };
	if (x < 0 || y < 0 || x >= (long)(r->w * DOTS_X) || y >= (long)(r->h * DOTS_Y))
		return;
	size_t cell = (size_t)(y / DOTS_Y) * r->w + (size_t)(x / DOTS_X);
	r->bits[cell] |= bit[y % DOTS_Y][x % DOTS_X];
	r->owner[cell] = (unsigned char)(series + 1);
}

static void line(struct raster *r, double x0, double y0, double x1, double y1, size_t series,
		 size_t gap)
{
	double w = (double)(r->w * DOTS_X - 1), h = (double)(r->h * DOTS_Y - 1);
	double ax = x0 / r->x_top * w, ay = h - y0 / r->y_top * h;
	double bx = x1 / r->x_top * w, by = h - y1 / r->y_top * h;
	long steps = lround(fmax(fabs(bx - ax), fabs(by - ay)));
	for (long i = 0; i <= steps; i++) {
		double at = steps ? (double)i / (double)steps : 0;
		long x = lround(ax + at * (bx - ax));
		if (gap < 2 || (size_t)x % gap == 0)
			dot(r, x, lround(ay + at * (by - ay)), series);
	}
}

static void draw(struct raster *r, const struct term_chart *c)
{
	for (size_t k = 0; k < c->n; k++) {
		const struct term_series *s = &c->series[k];
		size_t gap = c->color ? (k ? 1 : 2) : (k == 0 ? 4 : k == 1 ? 1 : 1 + k);
		for (size_t i = 0; i < s->n; i++) {
			size_t to = i + 1 < s->n ? i + 1 : i;
			if (!isnan(s->y[i]) && !isnan(s->y[to]))
				line(r, s->x[i], s->y[i], s->x[to], s->y[to], k, gap);
		}
	}
}

static void put_cell(struct nb_text *out, unsigned char bits, unsigned char owner, bool color)
{
	const unsigned u = 0x2800U + bits;
	const char utf8[] = {(char)(0xe0 | u >> 12), (char)(0x80 | (u >> 6 & 0x3f)),
			     (char)(0x80 | (u & 0x3f)), 0};
	if (!bits)
		text_add(out, " ");
	else if (color)
		text_addf(out, "\033[38;5;%dm%s\033[0m", colors[(owner - 1U) % N_COLORS], utf8);
	else
		text_add(out, utf8);
}

static void put_rows(struct nb_text *out, const struct raster *r, bool color)
{
	char buf[32];
	for (size_t y = 0; y < r->h; y++) {
		double value = r->y_top * (1 - (double)y / (double)(r->h - 1));
		bool labelled = y == 0 || y == r->h - 1 || y == (r->h - 1) / 2;
		text_addf(out, "%*s %s", LABEL, labelled ? format_si(buf, value) : "",
			  labelled ? "┤" : "│");
		size_t last = r->w; /* no blanks at the end of a line */
		while (last && !r->bits[y * r->w + last - 1])
			last--;
		for (size_t x = 0; x < last; x++)
			put_cell(out, r->bits[y * r->w + x], r->owner[y * r->w + x], color);
		text_add(out, "\n");
	}
}

static void put_foot(struct nb_text *out, const struct raster *r, const struct term_chart *c)
{
	char buf[32];
	text_addf(out, "%*s └", LABEL, "");
	for (size_t x = 0; x < r->w; x++)
		text_add(out, "─");
	format_si(buf, r->x_top);
	int room = (int)r->w - (int)strlen(buf) - 1;
	text_addf(out, "\n%*s 0 %-*.*s%s\n%*s", LABEL, "", room > 0 ? room : 0, room > 0 ? room : 0,
		  c->x_name, buf, LABEL + 1, "");
	for (size_t k = 0; k < c->n; k++) {
		static const char *const plain[] = {"⠂ ⠂", "⠒⠒⠒", "⠂⠂⠂", "⠂ ⠒", "⠁ ⠁", "⠄ ⠄"};
		if (c->color)
			text_addf(out, "  \033[38;5;%dm%s\033[0m %s", colors[k % N_COLORS],
				  k ? "⠒⠒⠒" : "⠂⠂⠂", c->series[k].name);
		else
			text_addf(out, "  %s %s", plain[k % N_COLORS], c->series[k].name);
	}
	text_add(out, "\n");
}

void term_chart(struct nb_text *out, const struct term_chart *c)
{
	struct raster r = {.w = c->columns > LABEL + 22 ? c->columns - LABEL - 2 : 20,
			   .h = c->rows > 8 ? c->rows - 4 : 4};
	for (size_t k = 0; k < c->n; k++)
		for (size_t i = 0; i < c->series[k].n; i++) {
			r.x_top = fmax(r.x_top, c->series[k].x[i]);
			r.y_top = fmax(r.y_top, c->series[k].y[i]);
		}
	r.x_top = r.x_top > 0 ? r.x_top : 1;
	r.y_top = r.y_top > 0 ? r.y_top : 1;
	r.bits = nb_alloc(r.w * r.h, 1);
	r.owner = nb_alloc(r.w * r.h, 1);
	draw(&r, c);
	text_addf(out, "%s: %s\n", c->title, c->words);
	put_rows(out, &r, c->color);
	put_foot(out, &r, c);
	free(r.bits);
	free(r.owner);
}
