-- Schema 1: every run that netbound made or imported, and all that was counted during it.
-- Tables are private; the views of sql/views.sql are the interface (docs/schema.md).
-- Times are integers: nanoseconds since the start of the run. NULL is "not known", never 0.
-- JSON columns (plan, reasons, owner, labels, config, facts) are checked by their writer: json_valid()
-- counts as unsafe in a CHECK where trusted_schema is off (SQLite 3.40), as it is here.

CREATE TABLE meta (
	key   TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE campaign (
	id          INTEGER PRIMARY KEY,
	uuid        TEXT NOT NULL UNIQUE,
	name        TEXT NOT NULL,
	kind        TEXT NOT NULL CHECK (kind IN ('sweep', 'search', 'import')),
	plan        TEXT NOT NULL, -- with its seed
	started_utc TEXT NOT NULL
) STRICT;

CREATE TABLE run (
	id                INTEGER PRIMARY KEY,
	uuid              TEXT NOT NULL UNIQUE,
	campaign_id       INTEGER REFERENCES campaign (id) ON DELETE SET NULL,
	started_utc       TEXT NOT NULL,    -- ISO 8601, the zero of every t_ns of the run
	duration_ns       INTEGER NOT NULL, -- as asked
	effective_ns      INTEGER,          -- first packet to stop
	target_pps        INTEGER,          -- of one pair; NULL: as fast as possible
	frame_size        INTEGER,          -- RFC 2544, FCS included
	n_cores           INTEGER,          -- of one sender
	cores             TEXT,             -- ids of all senders' cores, in order: "2,4,6"
	pairs             INTEGER NOT NULL,
	testbed           TEXT NOT NULL,
	path              TEXT NOT NULL CHECK (path IN ('inter', 'same-node', 'loopback')),
	generator         TEXT NOT NULL,
	source_port_mode  TEXT NOT NULL CHECK (source_port_mode IN ('fixed', 'random', 'rotating')),
	interval_ns       INTEGER NOT NULL,
	intended          INTEGER,
	offered           INTEGER,
	forwarded         INTEGER,
	forwarded_from    TEXT CHECK (forwarded_from IN ('listener', 'udp', 'rx_packets')),
	peak_10ms_ratio   REAL,
	empty_10ms_share  REAL,
	time_quality      TEXT NOT NULL CHECK (time_quality IN ('measured', 'nominal')),
	status            TEXT NOT NULL CHECK (status IN ('running', 'ok', 'failed', 'aborted')),
	verdict           TEXT CHECK (verdict IN ('valid', 'noted', 'void')),
	reasons           TEXT NOT NULL DEFAULT '[]', -- [{code, value, limit}]
	error             TEXT,
	owner             TEXT, -- while running
	labels            TEXT NOT NULL DEFAULT '{}',
	note              TEXT,
	argv              TEXT,
	config            TEXT NOT NULL, -- canonical: what makes two runs equal
	config_hash       TEXT NOT NULL,
	steady_from_ns    INTEGER,          -- NULL: too short for one, rates are total / effective time
	steady_to_ns      INTEGER,
	tool_version      TEXT NOT NULL,
	method_version    INTEGER NOT NULL
) STRICT;

CREATE INDEX run_config ON run (config_hash);
CREATE INDEX run_campaign ON run (campaign_id);

CREATE TABLE endpoint (
	id              INTEGER PRIMARY KEY,
	run_id          INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
	role            TEXT NOT NULL CHECK (role IN ('sender', 'receiver', 'node')),
	pair            INTEGER,           -- NULL for nodes
	node_id         INTEGER REFERENCES endpoint (id) ON DELETE CASCADE, -- the host that it runs on
	host            TEXT,
	boot_id         TEXT,
	pod             TEXT,
	netns_ino       INTEGER,
	ifname          TEXT,
	ifindex         INTEGER,
	cores           TEXT,              -- the ids whose time counts as the endpoint's
	clock_offset_ns INTEGER,
	clock_error_ns  INTEGER,
	facts           TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE INDEX endpoint_run ON endpoint (run_id);
CREATE INDEX endpoint_node ON endpoint (node_id);

CREATE TABLE metric (
	id           INTEGER PRIMARY KEY,
	name         TEXT NOT NULL UNIQUE,
	unit         TEXT NOT NULL,
	kind         TEXT NOT NULL CHECK (kind IN ('counter', 'gauge', 'rate', 'ratio')),
	width        INTEGER,
	better       TEXT NOT NULL CHECK (better IN ('more', 'less', 'none')),
	across_pairs TEXT NOT NULL CHECK (across_pairs IN ('sum', 'mean', 'max')),
	derived_from TEXT,
	help         TEXT NOT NULL
) STRICT;

-- When each source was read. A narrow row that is absent under a present read is 0, under an absent
-- read NULL; a read whose dt_ns is NULL has no deltas (the first one, or the first of an epoch).
CREATE TABLE source_read (
	endpoint_id INTEGER NOT NULL REFERENCES endpoint (id) ON DELETE CASCADE,
	seq         INTEGER NOT NULL, -- tick of the sampling grid
	source      TEXT NOT NULL,
	t_ns        INTEGER NOT NULL, -- middle of the read
	dt_ns       INTEGER,          -- since this source's read before
	read_ns     INTEGER NOT NULL, -- what the read cost
	epoch       INTEGER NOT NULL,
	PRIMARY KEY (endpoint_id, seq, source)
) STRICT, WITHOUT ROWID;

-- One wide row a tick: the interface, the endpoint's cores, the host's interrupt totals. dt_ns is
-- that of the source in it which carries the counters: link, else stat.
CREATE TABLE sample (
	endpoint_id          INTEGER NOT NULL REFERENCES endpoint (id) ON DELETE CASCADE,
	seq                  INTEGER NOT NULL,
	t_ns                 INTEGER NOT NULL,
	dt_ns                INTEGER,
	rx_packets           INTEGER,
	tx_packets           INTEGER,
	rx_bytes             INTEGER,
	tx_bytes             INTEGER,
	rx_errors            INTEGER,
	tx_errors            INTEGER,
	rx_dropped           INTEGER,
	tx_dropped           INTEGER,
	multicast            INTEGER,
	collisions           INTEGER,
	rx_length_errors     INTEGER,
	rx_over_errors       INTEGER,
	rx_crc_errors        INTEGER,
	rx_frame_errors      INTEGER,
	rx_fifo_errors       INTEGER,
	rx_missed_errors     INTEGER,
	tx_aborted_errors    INTEGER,
	tx_carrier_errors    INTEGER,
	tx_fifo_errors       INTEGER,
	tx_heartbeat_errors  INTEGER,
	tx_window_errors     INTEGER,
	rx_compressed        INTEGER,
	tx_compressed        INTEGER,
	rx_nohandler         INTEGER,
	rx_otherhost_dropped INTEGER,
	cpu_busy_ns          INTEGER,
	cpu_total_ns         INTEGER,
	irqs                 INTEGER,
	softirqs             INTEGER,
	context_switches     INTEGER,
	PRIMARY KEY (endpoint_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE cpu_sample (
	endpoint_id INTEGER NOT NULL REFERENCES endpoint (id) ON DELETE CASCADE,
	seq         INTEGER NOT NULL,
	cpu         INTEGER NOT NULL,
	user_ns     INTEGER,
	nice_ns     INTEGER,
	system_ns   INTEGER,
	idle_ns     INTEGER,
	iowait_ns   INTEGER,
	irq_ns      INTEGER,
	softirq_ns  INTEGER,
	steal_ns    INTEGER,
	PRIMARY KEY (endpoint_id, seq, cpu)
) STRICT, WITHOUT ROWID;

CREATE TABLE softirq_sample (
	endpoint_id INTEGER NOT NULL REFERENCES endpoint (id) ON DELETE CASCADE,
	seq         INTEGER NOT NULL,
	cpu         INTEGER NOT NULL,
	hi          INTEGER,
	timer       INTEGER,
	net_tx      INTEGER,
	net_rx      INTEGER,
	block       INTEGER,
	irq_poll    INTEGER,
	tasklet     INTEGER,
	sched       INTEGER,
	hrtimer     INTEGER,
	rcu         INTEGER,
	PRIMARY KEY (endpoint_id, seq, cpu)
) STRICT, WITHOUT ROWID;

CREATE TABLE softnet_sample (
	endpoint_id  INTEGER NOT NULL REFERENCES endpoint (id) ON DELETE CASCADE,
	seq          INTEGER NOT NULL,
	cpu          INTEGER NOT NULL,
	processed    INTEGER,
	dropped      INTEGER,
	time_squeeze INTEGER,
	received_rps INTEGER,
	flow_limit   INTEGER,
	PRIMARY KEY (endpoint_id, seq, cpu)
) STRICT, WITHOUT ROWID;

CREATE TABLE irq_sample (
	endpoint_id INTEGER NOT NULL REFERENCES endpoint (id) ON DELETE CASCADE,
	seq         INTEGER NOT NULL,
	irq         TEXT NOT NULL,    -- number, or the name of an architecture's own row
	cpu         INTEGER NOT NULL,
	queue       TEXT,             -- rx:0, tx:0, rxtx:0; NULL: not a queue's vector
	count       INTEGER,
	PRIMARY KEY (endpoint_id, seq, irq, cpu)
) STRICT, WITHOUT ROWID;

CREATE TABLE queue_sample (
	endpoint_id INTEGER NOT NULL REFERENCES endpoint (id) ON DELETE CASCADE,
	seq         INTEGER NOT NULL,
	direction   TEXT NOT NULL CHECK (direction IN ('rx', 'tx')),
	queue       INTEGER NOT NULL,
	packets     INTEGER,
	bytes       INTEGER,
	drops       INTEGER,
	ring_full   INTEGER,
	PRIMARY KEY (endpoint_id, seq, direction, queue)
) STRICT, WITHOUT ROWID;

CREATE TABLE protocol_sample (
	endpoint_id INTEGER NOT NULL REFERENCES endpoint (id) ON DELETE CASCADE,
	seq         INTEGER NOT NULL,
	metric_id   INTEGER NOT NULL REFERENCES metric (id),
	value       INTEGER NOT NULL,
	PRIMARY KEY (endpoint_id, seq, metric_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE extra_sample (
	endpoint_id INTEGER NOT NULL REFERENCES endpoint (id) ON DELETE CASCADE,
	seq         INTEGER NOT NULL,
	metric_id   INTEGER NOT NULL REFERENCES metric (id),
	instance    TEXT NOT NULL,
	value       INTEGER NOT NULL,
	PRIMARY KEY (endpoint_id, seq, metric_id, instance)
) STRICT, WITHOUT ROWID;

-- First and last snapshot of every counter: what the ledger uses. `last` goes on counting where a
-- 32-bit counter wrapped, so that last - first is the count; NULL where the counter was reset.
CREATE TABLE total (
	endpoint_id INTEGER NOT NULL REFERENCES endpoint (id) ON DELETE CASCADE,
	metric_id   INTEGER NOT NULL REFERENCES metric (id),
	instance    TEXT NOT NULL, -- '' where the metric has none
	first       INTEGER,
	last        INTEGER,
	PRIMARY KEY (endpoint_id, metric_id, instance)
) STRICT, WITHOUT ROWID;
