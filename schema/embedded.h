/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that are built into the programs (cmake/EmbedSql.cmake); lists end with a NULL name. */
#ifndef NB_EMBEDDED_H
#define NB_EMBEDDED_H

struct embedded_text {
	const char *name; /* the file's name without its folder */
	const char *text;
};

extern const struct embedded_text embedded_migrations[]; /* schema/NNNN_*.sql in order */
extern const struct embedded_text embedded_sql[];	 /* the files of sql/ */

#endif
