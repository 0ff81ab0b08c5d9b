/* SPDX-License-Identifier: Apache-2.0 */
/* A value of a row as it is printed. */
#ifndef NB_STORE_CELL_H
#define NB_STORE_CELL_H

#include <sqlite3.h>

#include "common/output.h"

/* Column `i` (from 0) of the row that `st` stands on, by the type that SQLite has for this value. A
 * text stays SQLite's: it is good until the next step. A blob counts as text. */
struct cell store_cell(sqlite3_stmt *st, int i);

#endif
