// SPDX-License-Identifier: Apache-2.0
/*
 * Whole trees of fixtures (roots.md) through the real readers, step by step: what each source makes
 * of each tree, against tests/golden/counters/SERIES.txt (UPDATE=1 writes them anew: read the
 * difference). Done twice: with files that come whole, and with a kernel that hands them out in
 * pieces of a page; both must give the same rows.
 */
#include "counters_tree.h"

#include <sys/syscall.h>

#include "common/text.h"

enum { PIECE = 4096 };

static size_t piece = SIZE_MAX;
static size_t pieces_cut; /* reads that got less than there was */

/* In place of libc's, for the readers linked into this program. */
ssize_t pread(int fd, void *buf, size_t size, off_t at)
{
	size_t n = size < piece ? size : piece;
	ssize_t got = syscall(SYS_pread64, fd, buf, n, at);
	pieces_cut += n < size && got == (ssize_t)n;
	return got;
}

struct followed {
	const struct counter_source *source;
	struct counter_reader *reader;
	uint64_t *before;
	size_t n_before;
	bool known;
};

static void put_cell(struct nb_text *out, const struct counter_cell *cell, uint64_t value,
		     const uint64_t *before)
{
	uint64_t rise;
	text_addf(out, " %s=", cell->metric->name);
	if (value == METRIC_MISSING)
		text_add(out, "-");
	else
		text_addf(out, "%llu", (unsigned long long)value);
	if (!before || cell->metric->kind == METRIC_GAUGE)
		return;
	if (metric_delta(&rise, *before, value, cell->metric->width))
		text_addf(out, "(+%llu)", (unsigned long long)rise);
	else
		text_add(out, "(?)");
}

/* A line for each instance: its cells stand together. */
static void put_rows(struct nb_text *out, struct followed *f, const uint64_t *values)
{
	const struct counter_cell *cells;
	size_t n = f->source->cells(f->reader, &cells);
	bool same = f->known && n == f->n_before;
	for (size_t i = 0; i < n; i++) {
		if (!i || strcmp(cells[i].instance, cells[i - 1].instance) != 0)
			text_addf(out, "\n    %s:", *cells[i].instance ? cells[i].instance : "all");
		put_cell(out, &cells[i], values[i], same ? &f->before[i] : NULL);
	}
	text_add(out, "\n");
	f->before = nb_realloc(f->before, n, sizeof(*f->before));
	memcpy(f->before, values, n * sizeof(*values));
	f->n_before = n;
	f->known = true;
}

static size_t count_cells(const struct followed *f)
{
	const struct counter_cell *cells;
	return f->source->cells(f->reader, &cells);
}

static void read_one(struct nb_text *out, struct followed *f)
{
	uint64_t *values = nb_alloc(count_cells(f) + 1, sizeof(*values));
	enum counter_state state = f->source->read(f->reader, values);
	text_addf(out, "  %s", f->source->name);
	if (state == COUNTER_CHANGED) {
		text_add(out, " (a new epoch)");
		f->known = false;
		values = nb_realloc(values, count_cells(f) + 1, sizeof(*values));
		state = f->source->read(f->reader, values);
	}
	if (state == COUNTER_OK) {
		put_rows(out, f, values);
	} else {
		text_add(out, " (not there)\n");
		f->known = false;
	}
	free(values);
}

static void follow(struct nb_text *out, const char *series, int steps)
{
	struct followed all[32] = {{0}};
	struct tree t = {0};
	size_t n = 0;
	tree_series = series;
	tree_begin(&t, 1);
	t.env.ifname = "eth0";
	for (size_t i = 0; counter_sources[i] && n < sizeof(all) / sizeof(*all); i++, n++) {
		struct nb_err err = {0};
		all[n].source = counter_sources[i];
		if (all[n].source->open(&all[n].reader, &t.env, &err))
			all[n].reader = NULL; /* opened at no later step, as in a run */
	}
	for (int step = 1; step <= steps; step++) {
		if (step > 1)
			tree_step(&t, step);
		text_addf(out, "%s%d\n", series, step);
		for (size_t i = 0; i < n; i++)
			if (all[i].reader)
				read_one(out, &all[i]);
	}
	for (size_t i = 0; i < n; i++) {
		if (all[i].reader)
			all[i].source->close(all[i].reader);
		free(all[i].before);
	}
	tree_end(&t, NULL);
	tree_series = "root";
}

static void compare(const char *series, const struct nb_text *got)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/../golden/counters/%s.txt", NB_FIXTURES, series);
	if (getenv("UPDATE")) {
		int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
		assert_int_equal(write(fd, got->s, got->len), got->len);
		close(fd);
	}
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t cap = 0, number = 0;
	const char *at = got->s;
	assert_non_null(f);
	for (ssize_t len; (len = getline(&line, &cap, f)) > 0; at += len) {
		number++;
		if (strncmp(at, line, (size_t)len) != 0)
			fail_msg("%s:%zu: wanted '%.*s', got '%.*s'", path, number, (int)len - 1,
				 line, (int)strcspn(at, "\n"), at);
	}
	if (*at)
		fail_msg("%s: more than is in it: '%.*s'", path, (int)strcspn(at, "\n"), at);
	free(line);
	fclose(f);
}

static void rows_of(const char *series, int steps)
{
	struct nb_text whole = {0}, pieces = {0};
	piece = SIZE_MAX;
	follow(&whole, series, steps);
	compare(series, &whole);
	piece = PIECE;
	follow(&pieces, series, steps);
	piece = SIZE_MAX;
	assert_string_equal(pieces.s, whole.s);
	text_free(&whole);
	text_free(&pieces);
}

static void a_host_goes_through_its_steps(void **state)
{
	(void)state;
	pieces_cut = 0;
	rows_of("root", 7);
	assert_true(pieces_cut > 0); /* there is a file of more than a page */
}

static void a_nic_goes_through_its_steps(void **state)
{
	(void)state;
	rows_of("nic", 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_host_goes_through_its_steps),
		cmocka_unit_test(a_nic_goes_through_its_steps),
	};
	return cmocka_run_group_tests_name("counters: rows of whole trees", tests, NULL, NULL);
}
