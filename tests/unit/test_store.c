/* SPDX-License-Identifier: Apache-2.0 */
/* Opening, refusing, migrating, and writing a run: on real SQLite files. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/text.h"
#include "schema/store.h"
#include "schema/write.h"

static char folder[] = "/tmp/nb-test-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

static int fresh_path(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "%s/t.db", folder);
	return 0;
}

static int remove_file(void **state)
{
	char bak[80];
	(void)state;
	unlink(path);
	for (int v = 0; v < 3; v++) {
		snprintf(bak, sizeof(bak), "%s.v%d.bak", path, v);
		unlink(bak);
	}
	return 0;
}

/* One figure out of the file, over a connection of its own. */
static int64_t ask(const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *st;
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	int64_t v = sqlite3_column_type(st, 0) == SQLITE_NULL ? RECORD_NONE
							      : sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return v;
}

static void run_sql(const char *sql)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void must_fail(enum store_mode mode, enum nb_code code, const char *words)
{
	struct store *s = NULL;
	struct nb_err err = {0};
	assert_int_equal(store_open(&s, path, mode, &err), -1);
	assert_int_equal(err.code, code);
	if (!strstr(err.text, words) || !strstr(err.text, path))
		fail_msg("'%s' does not say '%s' of %s", err.text, words, path);
}

static struct store *open_or_fail(enum store_mode mode)
{
	struct store *s = NULL;
	struct nb_err err = {0};
	if (store_open(&s, path, mode, &err))
		fail_msg("%s", err.text);
	return s;
}

static void a_new_file_gets_identity_views_and_metrics(void **state)
{
	(void)state;
	store_close(open_or_fail(STORE_WRITE));
	assert_int_equal(ask("PRAGMA application_id"), STORE_APPLICATION_ID);
	assert_int_equal(ask("PRAGMA user_version"), store_version_newest());
	assert_int_equal(ask("SELECT count(*) FROM metric"), n_metrics);
	assert_int_equal(ask("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND "
			     "sql NOT LIKE '%STRICT%'"),
			 0);
	/* every view compiles in a plain sqlite3 and is empty */
	assert_int_equal(ask("SELECT count(*) FROM v_run_summary"), 0);
	assert_int_equal(ask("SELECT count(*) FROM v_steady"), 0);
	assert_int_equal(ask("SELECT count(*) FROM v_ledger"), 0);
}

static void foreign_files_are_refused_and_not_touched(void **state)
{
	FILE *f = fopen(path, "w");
	(void)state;
	fputs("this is no database, and it is long enough to be looked at as one: 0123456789012345"
	      "6789012345678901234567890123456789",
	      f);
	fclose(f);
	must_fail(STORE_WRITE, NB_FAIL, "not a database");
	must_fail(STORE_READ, NB_FAIL, "not a database");
	unlink(path);
	run_sql("CREATE TABLE theirs (x)");
	must_fail(STORE_WRITE, NB_FAIL, "another program");
	assert_int_equal(ask("SELECT count(*) FROM sqlite_schema"), 1);
	unlink(path);
	store_close(open_or_fail(STORE_WRITE));
	run_sql("PRAGMA user_version = 99");
	must_fail(STORE_WRITE, NB_FAIL, "newer netbound");
	/* a newer writer that says that old readers may read it is believed */
	store_close(open_or_fail(STORE_READ));
	run_sql("UPDATE meta SET value = '99' WHERE key = 'min_reader'");
	must_fail(STORE_READ, NB_FAIL, "newer netbound");
}

static void a_reader_makes_nothing(void **state)
{
	(void)state;
	must_fail(STORE_READ, NB_NODATA, "no such file");
	assert_int_not_equal(access(path, F_OK), 0);
	fclose(fopen(path, "w"));
	must_fail(STORE_READ, NB_NODATA, "empty file");
	unlink(path);
	store_close(open_or_fail(STORE_WRITE));
	struct store *s = open_or_fail(STORE_READ);
	struct nb_err err = {0};
	assert_int_equal(store_exec(s, "DELETE FROM run", "try", &err), -1);
	store_close(s);
}

static void views_are_rebuilt_when_they_differ(void **state)
{
	(void)state;
	store_close(open_or_fail(STORE_WRITE));
	run_sql("DROP VIEW v_run; CREATE VIEW v_run AS SELECT 1 AS old;"
		"UPDATE meta SET value = 'old' WHERE key = 'views_hash'");
	store_close(open_or_fail(STORE_WRITE));
	assert_int_equal(
		ask("SELECT count(*) FROM pragma_table_info('v_run') WHERE name = 'run_id'"), 1);
}

/* A run of one pair and a node with three readings; the interface's counters are 64 bits wide,
 * the softirqs' 32, and wrap. */
static void fill(struct run_record *r)
{
	static const char *const roles[] = {"sender", "receiver", "node"};
	record_init(r);
	snprintf(r->uuid, sizeof(r->uuid), "00000000-0000-4000-8000-000000000001");
	r->started_utc = nb_strdup("2026-11-22T00:00:00.000000Z");
	r->duration_ns = 2000000000;
	r->interval_ns = 1000000000;
	r->effective_ns = 2000000000;
	r->target_pps = 100;
	r->frame_size = 64;
	r->n_cores = 1;
	r->cores = nb_strdup("1");
	r->pairs = 1;
	r->intended = 200;
	r->testbed = nb_strdup("netns");
	r->path = nb_strdup("same-node");
	r->generator = nb_strdup("trafgen");
	r->source_port_mode = nb_strdup("fixed");
	r->forwarded_from = nb_strdup("udp");
	r->time_quality = nb_strdup("measured");
	r->status = nb_strdup("ok");
	r->labels = nb_strdup("{}");
	r->config = nb_strdup("{}");
	for (int i = 0; i < 3; i++) {
		struct record_endpoint *e = record_add_endpoint(r);
		e->role = nb_strdup(roles[i]);
		e->pair = i < 2 ? 0 : -1;
		e->node = i < 2 ? 2 : -1;
	}
}

static void add_source(struct record_endpoint *e, const char *name, const char *const *cells,
		       const char *instance, size_t n, const uint64_t *values, size_t reads)
{
	struct record_source *s = record_add_source(e, name);
	struct record_epoch *ep = record_add_epoch(s, n);
	for (size_t i = 0; i < n; i++) {
		ep->cells[i].metric = metric_find(cells[i]);
		assert_non_null(ep->cells[i].metric);
		snprintf(ep->cells[i].instance, sizeof(ep->cells[i].instance), "%s", instance);
	}
	for (size_t k = 0; k < reads; k++) {
		struct record_read *read = record_add_read(s);
		read->seq = (int64_t)k;
		read->t_ns = (int64_t)k * 1000000000;
		read->read_ns = 2500;
		memcpy(read->values, values + k * n, n * sizeof(*values));
	}
}

static void add_counts(struct run_record *r)
{
	static const char *const link[] = {"tx_packets", "tx_dropped",	 "tx_errors",
					   "rx_packets", "rx_dropped",	 "rx_missed_errors",
					   "rx_errors",	 "rx_nohandler", "rx_otherhost_dropped"};
	static const char *const udp[] = {"ip_in_hdr_errors",	  "ip_in_addr_errors",
					  "ip_in_unknown_protos", "ip_in_discards",
					  "udp_in_datagrams",	  "udp_no_ports",
					  "udp_in_errors",	  "udp_rcvbuf_errors",
					  "udp_in_csum_errors",	  "icmp_in_msgs"};
	static const char *const soft[] = {"softirq_net_tx", "softirq_net_rx"};
	/* 200 offered: 190 transmitted, 10 dropped at the receiver's backlog, counted at both ends
	 */
	const uint64_t sent[] = {1000, 5, 0, 0, 0,    0,  0, 0, 0, 1095, 10, 0, 0, 0,
				 0,    0, 0, 0, 1190, 15, 0, 0, 0, 0,	 0,  0, 0};
	const uint64_t got[] = {0, 0, 0, 7, 3, 0, 0, 0,	  0,  0, 0, 0, 102, 8,
				0, 0, 0, 0, 0, 0, 0, 197, 13, 0, 0, 0, 0};
	const uint64_t received[] = {0,	  0, 0, 0, 0, 50, 0, 0, 0, 0, 0,   0, 0, 0, 0,
				     145, 0, 0, 0, 0, 0,  0, 0, 0, 0, 240, 0, 0, 0, 0};
	const uint64_t softirqs[] = {0, 0xfffffff0, 0, 0x10, 0, 0x20};
	add_source(&r->endpoints[0], "link", link, "", 9, sent, 3);
	add_source(&r->endpoints[1], "link", link, "", 9, got, 3);
	add_source(&r->endpoints[1], "snmp", udp, "", 10, received, 3);
	add_source(&r->endpoints[2], "softirqs", soft, "4", 2, softirqs, 3);
}

static int judge(struct write_verdict *v, struct store *s, int64_t run_id,
		 const struct run_record *r, void *payload, struct nb_err *err)
{
	(void)s, (void)run_id, (void)r, (void)err;
	*(struct write_verdict *)payload = *v;
	v->verdict = "valid";
	v->reasons = nb_strdup("[]");
	return 0;
}

static int64_t write_one(struct run_record *r, struct write_verdict *seen)
{
	struct store *s = open_or_fail(STORE_WRITE);
	struct nb_err err = {0};
	int64_t id = 0;
	if (write_run(s, r, judge, seen, &id, &err))
		fail_msg("%s", err.text);
	store_close(s);
	return id;
}

/* Cells of other instances than CPUs: queues and vectors, and a queue that is not known. */
static void queues_and_vectors_find_their_columns(void **state)
{
	static const struct {
		const char *metric, *instance;
		uint64_t first, last;
	} cells[] = {
		{"queue_packets", "rx:0",	  5,  105},
		   {"queue_drops",   "rx:0",	   0,  4  },
		{"queue_packets", "tx:11",	   7,  7  },
		   {"irq_count",	 "38:1:rx:0", 10, 30 },
		{"irq_count",     "40:0",      1,	 6  },
	};
	enum { N = sizeof(cells) / sizeof(*cells) };
	struct run_record r;
	struct write_verdict seen;
	(void)state;
	fill(&r);
	add_counts(&r);
	struct record_source *s = record_add_source(&r.endpoints[2], "queue");
	struct record_epoch *ep = record_add_epoch(s, N);
	for (size_t i = 0; i < N; i++) {
		ep->cells[i].metric = metric_find(cells[i].metric);
		snprintf(ep->cells[i].instance, sizeof(ep->cells[i].instance), "%s",
			 cells[i].instance);
	}
	for (int64_t seq = 0; seq < 2; seq++) {
		struct record_read *read = record_add_read(s);
		read->seq = seq;
		read->t_ns = seq * 1000000;
		for (size_t i = 0; i < N; i++)
			read->values[i] = seq ? cells[i].last : cells[i].first;
	}
	write_one(&r, &seen);
	record_free(&r);
	assert_int_equal(
		ask("SELECT packets FROM queue_sample WHERE direction = 'rx' AND queue = 0"), 100);
	assert_int_equal(ask("SELECT drops FROM queue_sample WHERE direction = 'rx'"), 4);
	assert_int_equal(ask("SELECT count(*) FROM queue_sample"), 1); /* tx:11 did not move */
	assert_int_equal(ask("SELECT count FROM irq_sample WHERE irq = '38' AND cpu = 1 AND "
			     "queue = 'rx:0'"),
			 20);
	assert_int_equal(ask("SELECT count FROM irq_sample WHERE irq = '40' AND queue IS NULL"), 5);
	assert_int_equal(ask("SELECT pps FROM v_queue_rate"), 100000);
	assert_int_equal(ask("SELECT count FROM v_total WHERE metric = 'queue_packets' AND "
			     "instance = 'tx:11'"),
			 0);
}

static void a_run_comes_back_as_it_was_counted(void **state)
{
	struct run_record r;
	struct write_verdict seen;
	(void)state;
	fill(&r);
	add_counts(&r);
	write_one(&r, &seen);
	record_free(&r);
	assert_int_equal(seen.offered, 200); /* transmitted and dropped */
	assert_int_equal(seen.forwarded, 190);
	assert_int_equal(seen.residual, 0);
	assert_int_equal(ask("SELECT offered FROM run"), 200);
	assert_int_equal(ask("SELECT packets FROM v_ledger WHERE pair IS NULL AND stage = "
			     "'rx_dropped'"),
			 10);
	/* the same ten stand in tx_dropped: they are named once */
	assert_int_equal(ask("SELECT packets FROM v_ledger WHERE pair IS NULL AND stage = "
			     "'tx_dropped'"),
			 0);
	assert_int_equal(ask("SELECT sum(tx_packets) FROM sample"), 190);
	assert_int_equal(ask("SELECT count FROM v_total WHERE role = 'sender' AND metric = "
			     "'tx_packets'"),
			 190);
	/* a 32-bit counter goes on counting where it wraps */
	assert_int_equal(ask("SELECT count FROM v_total WHERE metric = 'softirq_net_rx'"), 0x30);
	assert_int_equal(ask("SELECT sum(net_rx) FROM softirq_sample WHERE cpu = 4"), 0x30);
	assert_int_equal(ask("SELECT count(*) FROM endpoint WHERE node_id IS NOT NULL"), 2);
	assert_int_equal(ask("SELECT dt_ns FROM source_read WHERE seq = 0 LIMIT 1"), RECORD_NONE);
	assert_int_equal(ask("SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

static void what_is_not_known_is_null_and_never_zero(void **state)
{
	struct run_record r;
	struct write_verdict seen;
	(void)state;
	fill(&r);
	add_counts(&r);
	/* the sender's interface was reset: its 64-bit counter fell; the receiver's drops are not
	 * given by this kernel */
	r.endpoints[0].sources[0].reads[2].values[0] = 4;
	for (size_t i = 0; i < 3; i++)
		r.endpoints[1].sources[0].reads[i].values[4] = METRIC_MISSING;
	write_one(&r, &seen);
	record_free(&r);
	assert_int_equal(seen.offered, RECORD_NONE);
	assert_int_equal(ask("SELECT tx_packets FROM sample WHERE seq = 2 AND endpoint_id = 1"),
			 RECORD_NONE);
	assert_int_equal(ask("SELECT count(*) FROM sample WHERE rx_dropped IS NOT NULL AND "
			     "endpoint_id = 2"),
			 0);
	assert_int_equal(ask("SELECT first FROM v_total WHERE role = 'receiver' AND metric = "
			     "'rx_dropped'"),
			 RECORD_NONE);
}

static void a_failed_write_leaves_nothing(void **state)
{
	struct run_record r;
	struct store *s = open_or_fail(STORE_WRITE);
	struct write_verdict seen;
	struct nb_err err = {0};
	int64_t id;
	(void)state;
	fill(&r);
	add_counts(&r);
	free(r.path);
	r.path = nb_strdup("by pigeon"); /* a CHECK refuses it */
	assert_int_equal(write_run(s, &r, judge, &seen, &id, &err), -1);
	assert_non_null(strstr(err.text, path));
	store_close(s);
	record_free(&r);
	assert_int_equal(ask("SELECT (SELECT count(*) FROM run) + (SELECT count(*) FROM endpoint)"),
			 0);
}

static void the_running_row_becomes_the_run(void **state)
{
	struct run_record r;
	struct write_verdict seen;
	struct nb_err err = {0};
	(void)state;
	fill(&r);
	free(r.status);
	r.status = nb_strdup("running");
	struct store *s = open_or_fail(STORE_WRITE);
	assert_int_equal(write_running(s, &r, "{\"pid\":1}", &err), 0);
	store_close(s);
	assert_int_equal(ask("SELECT count(*) FROM run WHERE status = 'running' AND owner IS NOT "
			     "NULL"),
			 1);
	add_counts(&r);
	free(r.status);
	r.status = nb_strdup("ok");
	assert_int_equal(write_one(&r, &seen), 1);
	record_free(&r);
	assert_int_equal(ask("SELECT count(*) FROM run WHERE status = 'ok' AND owner IS NULL"), 1);
	assert_int_equal(ask("SELECT count(*) FROM run"), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, fresh_path, remove_file)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_new_file_gets_identity_views_and_metrics),
		TEST(foreign_files_are_refused_and_not_touched),
		TEST(a_reader_makes_nothing),
		TEST(views_are_rebuilt_when_they_differ),
		TEST(queues_and_vectors_find_their_columns),
		TEST(a_run_comes_back_as_it_was_counted),
		TEST(what_is_not_known_is_null_and_never_zero),
		TEST(a_failed_write_leaves_nothing),
		TEST(the_running_row_becomes_the_run),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
