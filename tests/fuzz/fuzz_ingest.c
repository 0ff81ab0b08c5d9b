// SPDX-License-Identifier: Apache-2.0
/* What comes from outside: rows of numbers, names of metric files, pages of an exporter. */
#include <string.h>

#include "collector/ingest/file_name.h"
#include "collector/ingest/numbers.h"
#include "collector/ingest/prom.h"
#include "fuzz.h"

static void rows(const char *text, size_t size)
{
	struct numbers n;
	struct nb_err err = {0};
	if (numbers_parse(&n, text, size, &err)) {
		MUST(err.text[0] && !n.v);
		return;
	}
	MUST(n.rows && n.columns && n.columns <= NUMBERS_COLUMNS_MAX);
	for (size_t i = 0; i < n.rows * n.columns; i++)
		MUST(n.v[i] >= 0 || n.v[i] == NUMBERS_MISSING);
	numbers_free(&n);
}

static void name(const char *text, size_t size)
{
	struct file_name n;
	char *s = malloc(size + 1);
	MUST(s);
	memcpy(s, text, size);
	s[size] = '\0';
	if (file_name_parse(&n, s)) {
		MUST(n.pps >= 0 && n.size > 0 && n.pairs > 0 && n.pair < n.pairs);
		MUST(file_kind_word(n.kind));
	}
	free(s);
}

static void page(const char *text, size_t size)
{
	struct prom_cells cells;
	char ifname[16] = "";
	size_t line = 0;
	/* a copy of exactly its size: nothing ends it */
	char *s = malloc(size + !size);
	MUST(s);
	memcpy(s, text, size);
	if (prom_page(&cells, ifname, s, size, &line)) {
		MUST(line > 0);
	} else {
		for (size_t i = 0; i < cells.n; i++)
			MUST(cells.v[i].metric && cells.v[i].source &&
			     strlen(cells.v[i].instance) < sizeof(cells.v[i].instance));
		prom_cells_free(&cells);
	}
	free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	rows((const char *)data, size);
	name((const char *)data, size);
	page((const char *)data, size);
	return 0;
}
