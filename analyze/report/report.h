/* SPDX-License-Identifier: Apache-2.0 */
/* The page of nbanalyze report. */
#ifndef NB_REPORT_REPORT_H
#define NB_REPORT_REPORT_H

#include "analyze/runs.h"
#include "common/cli.h"

/* The whole page. `note` gets a line for the person when something could not be done. 0, or -1 with
 * cli->err set. */
int report_page(struct nb_text *page, struct nb_text *note, struct cli *cli, struct store *s,
		const struct runs *runs);

#endif
