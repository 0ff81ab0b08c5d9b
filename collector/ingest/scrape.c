/* SPDX-License-Identifier: Apache-2.0 */
/* The scraping thread: libcurl multi, a connection kept to each endpoint. */
#include "collector/ingest/scrape.h"

#include <curl/curl.h>
#include <inttypes.h>
#include <jansson.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "collector/ingest/fetch.h"
#include "collector/ingest/prom.h"
#include "common/clock.h"
#include "common/text.h"

enum { TIMEOUT_MS = 5000 };

struct target {
	char *url;
	const char *of;
	char ifname[16];
	CURL *curl;
	struct nb_text page;
	bool over, busy;
	int64_t asked_ns, seq; /* of the request that is under way */
	uint64_t missed;
	struct record_endpoint endpoint;
	char why[CURL_ERROR_SIZE];
};

struct scraper {
	CURLM *multi;
	struct target *targets;
	size_t n;
	int64_t origin_ns, interval_ns, stride;
	pthread_t thread;
	bool started;
	atomic_bool stop;
};

int scrape_target_parse(struct scrape_target *out, const char *text, struct nb_err *err)
{
	static const char *const roles[] = {"sender", "receiver", "node"};
	const char *equals = strchr(text, '=');
	*out = (struct scrape_target){.of = "node", .url = text};
	for (size_t i = 0; equals && i < sizeof(roles) / sizeof(*roles); i++)
		if (strlen(roles[i]) == (size_t)(equals - text) &&
		    !strncmp(text, roles[i], strlen(roles[i])))
			*out = (struct scrape_target){.of = roles[i], .url = equals + 1};
	if (fetch_is_url(out->url) && strlen(out->url) > strlen("https://"))
		return 0;
	return nb_error_code(err, NB_USAGE,
			     "'%s' is not an http or https URL, nor sender=, receiver= or node= "
			     "with one",
			     text);
}

static size_t take_page(char *data, size_t size, size_t n, void *payload)
{
	struct target *t = payload;
	if (t->page.len + size * n > FETCH_BYTES_MAX) {
		t->over = true;
		return 0;
	}
	text_add_n(&t->page, data, size * n);
	return size * n;
}

/* "http://host:9100" is asked for /metrics. */
static char *full_url(const char *url)
{
	struct nb_text t = {0};
	const char *path = strchr(strstr(url, "://") + 3, '/');
	text_add(&t, url);
	if (!path || !path[1])
		text_add(&t, path ? "metrics" : "/metrics");
	return t.s;
}

static void set_options(struct target *t)
{
	curl_easy_setopt(t->curl, CURLOPT_URL, t->url);
	curl_easy_setopt(t->curl, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(t->curl, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(t->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)TIMEOUT_MS);
	curl_easy_setopt(t->curl, CURLOPT_TIMEOUT_MS, (long)TIMEOUT_MS);
	curl_easy_setopt(t->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(t->curl, CURLOPT_TCP_NODELAY, 1L);
	curl_easy_setopt(t->curl, CURLOPT_ERRORBUFFER, t->why);
	curl_easy_setopt(t->curl, CURLOPT_WRITEFUNCTION, take_page);
	curl_easy_setopt(t->curl, CURLOPT_WRITEDATA, t);
	curl_easy_setopt(t->curl, CURLOPT_PRIVATE, t);
	fetch_trust(t->curl);
}

/* --- readings ------------------------------------------------------------------------------- */

static bool same_cells(const struct record_epoch *ep, const struct prom_cell *cells, size_t n)
{
	if (ep->n_cells != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (ep->cells[i].metric != cells[i].metric ||
		    strcmp(ep->cells[i].instance, cells[i].instance) != 0)
			return false;
	return true;
}

static void add_reading(struct target *t, const struct prom_cell *cells, size_t n, int64_t t_ns,
			int64_t read_ns)
{
	struct record_source *s = record_find_source(&t->endpoint, cells->source);
	if (!s)
		s = record_add_source(&t->endpoint, cells->source);
	if (!s->n_epochs || !same_cells(&s->epochs[s->n_epochs - 1], cells, n)) {
		struct record_epoch *ep = record_add_epoch(s, n);
		for (size_t i = 0; i < n; i++) {
			ep->cells[i].metric = cells[i].metric;
			memcpy(ep->cells[i].instance, cells[i].instance,
			       sizeof(ep->cells[i].instance));
		}
	}
	struct record_read *r = record_add_read(s);
	r->seq = t->seq;
	r->t_ns = t_ns;
	r->read_ns = read_ns;
	for (size_t i = 0; i < n; i++)
		r->values[i] = cells[i].value;
}

/* The exporter read its counters at some instant of the request: the middle is said. */
static void take_answer(struct target *t, int64_t origin_ns)
{
	struct prom_cells cells = {0};
	size_t line;
	int64_t now = clock_monotonic(), cost = now - t->asked_ns;
	if (prom_page(&cells, t->ifname, t->page.s ? t->page.s : "", t->page.len, &line)) {
		t->missed++;
		return;
	}
	for (size_t i = 0, n; i < cells.n; i += n) {
		for (n = 1; i + n < cells.n && !strcmp(cells.v[i + n].source, cells.v[i].source);)
			n++;
		add_reading(t, &cells.v[i], n, t->asked_ns + cost / 2 - origin_ns, cost);
	}
	t->missed += !cells.n;
	prom_cells_free(&cells);
}

static void ask(struct scraper *s, int64_t seq)
{
	for (size_t i = 0; i < s->n; i++) {
		struct target *t = &s->targets[i];
		if (t->busy) { /* it has not answered the question before */
			t->missed++;
			continue;
		}
		text_cut(&t->page, 0);
		t->over = false;
		t->seq = seq;
		t->asked_ns = clock_monotonic();
		t->busy = !curl_multi_add_handle(s->multi, t->curl);
	}
}

static void take_answers(struct scraper *s)
{
	int left;
	for (CURLMsg *m; (m = curl_multi_info_read(s->multi, &left));) {
		struct target *t = NULL;
		CURLcode rc = m->data.result;
		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &t);
		curl_multi_remove_handle(s->multi, t->curl);
		t->busy = false;
		if (rc == CURLE_OK)
			take_answer(t, s->origin_ns);
		else
			t->missed++;
	}
}

static bool any_busy(const struct scraper *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->targets[i].busy)
			return true;
	return false;
}

static void work_until(struct scraper *s, int64_t until_ns, bool all)
{
	int running;
	for (;;) {
		curl_multi_perform(s->multi, &running);
		take_answers(s);
		int64_t left = until_ns - clock_monotonic();
		if (left <= 0 || (all && !any_busy(s)) || (!all && atomic_load(&s->stop)))
			return;
		int wait = (int)((left + NB_MSEC - 1) / NB_MSEC);
		curl_multi_poll(s->multi, NULL, 0, wait > 100 ? 100 : wait, NULL);
	}
}

static void *scrape_thread(void *payload)
{
	struct scraper *s = payload;
	int64_t seq = 0, distance = s->stride * s->interval_ns, asked_ns = 0;
	if (clock_monotonic() < s->origin_ns - distance / 2)
		ask(s, -1);
	work_until(s, s->origin_ns, false);
	while (!atomic_load(&s->stop)) {
		asked_ns = clock_monotonic();
		ask(s, seq);
		seq += s->stride;
		work_until(s, s->origin_ns + seq * s->interval_ns, false);
		/* a grid point that has passed is not made up for */
		while (s->origin_ns + seq * s->interval_ns + distance <= clock_monotonic()) {
			seq += s->stride;
			for (size_t i = 0; i < s->n; i++)
				s->targets[i].missed++;
		}
	}
	work_until(s, clock_monotonic() + TIMEOUT_MS * NB_MSEC, true);
	if (clock_monotonic() - asked_ns > distance / 2) {
		ask(s, seq);
		work_until(s, clock_monotonic() + TIMEOUT_MS * NB_MSEC, true);
	}
	return NULL;
}

/* --- the interface -------------------------------------------------------------------------- */

static int ask_once(struct target *t, struct nb_err *err)
{
	struct prom_cells cells = {0};
	size_t line = 0;
	text_cut(&t->page, 0);
	CURLcode rc = curl_easy_perform(t->curl);
	if (t->over)
		return nb_error(err, "scrape: %s: more than %d MiB", t->url, FETCH_BYTES_MAX >> 20);
	if (rc != CURLE_OK)
		return nb_error(err, "scrape: %s: %s", t->url,
				*t->why ? t->why : curl_easy_strerror(rc));
	if (prom_page(&cells, t->ifname, t->page.s ? t->page.s : "", t->page.len, &line))
		return nb_error(err, "scrape: %s: line %zu is not in Prometheus' text format",
				t->url, line);
	size_t n = cells.n, link = 0;
	for (size_t i = 0; i < n; i++)
		link += !strcmp(cells.v[i].source, "link");
	prom_cells_free(&cells);
	if (!n)
		return nb_error(err,
				"scrape: %s: none of its series is known: is it node_exporter?",
				t->url);
	return *t->ifname && !link
		       ? nb_error(err, "scrape: %s: it has no interface %s", t->url, t->ifname)
		       : 0;
}

int scrape_open(struct scraper **out, const struct scrape_target *targets, size_t n,
		struct nb_err *err)
{
	struct scraper *s = nb_alloc(1, sizeof(*s));
	s->targets = nb_alloc(n, sizeof(*s->targets));
	s->multi = curl_multi_init();
	for (s->n = 0; s->multi && s->n < n; s->n++) {
		struct target *t = &s->targets[s->n];
		t->url = full_url(targets[s->n].url);
		t->of = targets[s->n].of;
		t->curl = curl_easy_init();
		if (targets[s->n].ifname)
			snprintf(t->ifname, sizeof(t->ifname), "%s", targets[s->n].ifname);
		if (!t->curl)
			break;
		set_options(t);
		if (ask_once(t, err)) {
			s->n++;
			scrape_close(s);
			return -1;
		}
	}
	if (s->n < n) {
		scrape_close(s);
		return nb_error(err, "scrape: libcurl cannot start");
	}
	*out = s;
	return 0;
}

int scrape_start(struct scraper *s, int64_t origin_ns, int64_t interval_ns, int64_t stride,
		 struct nb_err *err)
{
	sigset_t all, old;
	s->origin_ns = origin_ns;
	s->interval_ns = interval_ns;
	s->stride = stride;
	/* signals are the main thread's */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	int rc = pthread_create(&s->thread, NULL, scrape_thread, s);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	s->started = rc == 0;
	return rc ? nb_error(err, "scrape: no thread: %s", strerror(rc)) : 0;
}

void scrape_stop(struct scraper *s)
{
	if (!s || !s->started)
		return;
	atomic_store(&s->stop, true);
	curl_multi_wakeup(s->multi);
	pthread_join(s->thread, NULL);
	s->started = false;
}

size_t scrape_count(const struct scraper *s)
{
	return s->n;
}

const char *scrape_of(const struct scraper *s, size_t i)
{
	return s->targets[i].of;
}

/* The host's name, as its URL has it. */
static char *host_of(const char *url)
{
	const char *host = strstr(url, "://") + 3, *at = host;
	size_t n = strcspn(host, "/?#");
	for (size_t i = 0; i < n; i++)
		if (host[i] == '@')
			at = host + i + 1;
	char *copy = nb_strdup(at);
	copy[n - (size_t)(at - host)] = '\0';
	return copy;
}

void scrape_record(struct scraper *s, struct run_record *r, uint64_t *missed)
{
	for (size_t i = 0; i < s->n; i++) {
		struct target *t = &s->targets[i];
		struct record_endpoint *e = record_add_endpoint(r);
		e->role = nb_strdup("node");
		e->host = host_of(t->url);
		e->ifname = *t->ifname ? nb_strdup(t->ifname) : NULL;
		e->sources = t->endpoint.sources;
		e->n_sources = t->endpoint.n_sources;
		t->endpoint = (struct record_endpoint){0};
		json_t *facts =
			json_pack("{s:{s:s, s:s}}", "scraped", "host", e->host, "of", t->of);
		e->facts = json_dumps(facts, JSON_COMPACT | JSON_SORT_KEYS);
		json_decref(facts);
		missed[i] = t->missed;
	}
}

void scrape_close(struct scraper *s)
{
	struct run_record left;
	if (!s)
		return;
	scrape_stop(s);
	record_init(&left);
	for (size_t i = 0; i < s->n; i++) {
		struct target *t = &s->targets[i];
		if (t->curl && t->busy)
			curl_multi_remove_handle(s->multi, t->curl);
		curl_easy_cleanup(t->curl);
		text_free(&t->page);
		free(t->url);
		if (t->endpoint.n_sources)
			*record_add_endpoint(&left) = t->endpoint;
	}
	record_free(&left);
	curl_multi_cleanup(s->multi);
	free(s->targets);
	free(s);
}
