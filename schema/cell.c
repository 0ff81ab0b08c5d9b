/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite's types to those of the row printer. */
#include "schema/cell.h"

struct cell store_cell(sqlite3_stmt *st, int i)
{
	switch (sqlite3_column_type(st, i)) {
	case SQLITE_INTEGER:
		return cell_int(sqlite3_column_int64(st, i));
	case SQLITE_FLOAT:
		return cell_real(sqlite3_column_double(st, i));
	case SQLITE_NULL:
		return cell_null();
	default:
		return cell_text((const char *)sqlite3_column_text(st, i));
	}
}
