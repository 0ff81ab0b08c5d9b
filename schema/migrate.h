/* SPDX-License-Identifier: Apache-2.0 */
/* Brings a file to the newest schema; the store's own business (store.h). */
#ifndef NB_MIGRATE_H
#define NB_MIGRATE_H

#include "schema/store.h"

/* How many migrations this program carries: the newest schema version. */
int migrate_newest(void);

/* Applies what is missing in one transaction; a failure leaves the file as it was. With
 * `keep_copy` an existing older file is first copied to FILE.vN.bak. */
int migrate_run(struct store *s, int found, bool keep_copy, struct nb_err *err);

/* Makes the views of sql/views.sql in `schema` ("main" or "temp"). In main they are rebuilt when
 * the text's hash differs from meta.views_hash. */
int migrate_views(struct store *s, bool temporary, struct nb_err *err);

/* Writes the registry of common/metric.h to the metric table: new names added, texts refreshed. */
int migrate_metrics(struct store *s, struct nb_err *err);

#endif
