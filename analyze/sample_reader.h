/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The samples of one run, straight from the tables: what v_steady says, figure by figure, pairs
 * joined as each metric says. Every table is read once in its own order and joined by tick in
 * memory, so that a million rows take tenths of a second where the view takes many; only the
 * columns that the wanted figures are made of are read. A reader belongs to one thread and has a
 * connection of its own.
 */
#ifndef NB_SAMPLE_READER_H
#define NB_SAMPLE_READER_H

#include "analyze/figure.h"
#include "schema/store.h"

struct sample_reader;

/* `figures`: indices into the catalogue; those that have no samples (of a run as a whole) stay
 * missing. The array must outlive the reader. */
int sample_reader_open(struct sample_reader **out, struct store *s, const size_t *figures, size_t n,
		       struct nb_err *err);
void sample_reader_close(struct sample_reader *r);

/*
 * Reads a run. The rows are the ticks at which any end was in the steady window, in order; a figure
 * is missing (NaN) where one of the ends that it is made of has no such tick there. Column k holds
 * figures[k]; it is the reader's, and valid until the next call.
 */
int sample_reader_run(struct sample_reader *r, int64_t run_id, size_t *n_rows, struct nb_err *err);
const double *sample_reader_column(const struct sample_reader *r, size_t k);

#endif
