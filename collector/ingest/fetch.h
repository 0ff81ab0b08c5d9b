/* SPDX-License-Identifier: Apache-2.0 */
/* The content of a file or of an http(s) URL, within limits. */
#ifndef NB_FETCH_H
#define NB_FETCH_H

#include <curl/curl.h>
#include <stdbool.h>

#include "common/error.h"
#include "common/text.h"

enum {
	FETCH_BYTES_MAX = 16 << 20,
	FETCH_SECONDS_MAX = 60,
	FETCH_REDIRECTS_MAX = 5,
};

/* Does it name an http or https URL? */
bool fetch_is_url(const char *name);

/* Lets a transfer trust the authorities that the environment names, as curl itself does:
 * CURL_CA_BUNDLE, else SSL_CERT_FILE and SSL_CERT_DIR; without them the system's. */
void fetch_trust(CURL *curl);

/* Replaces what is in `out`. A URL's certificate is verified; redirects are followed, to http and
 * https only. The message names the file or URL, and what was wrong. */
int fetch(struct nb_text *out, const char *name, struct nb_err *err);

#endif
