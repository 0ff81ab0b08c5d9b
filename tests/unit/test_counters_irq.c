// SPDX-License-Identifier: Apache-2.0
/* Vectors: the queue in their names, their counts in both forms, and the source as they come and
 * go. */
#include "counters_tree.h"

#include "collector/counters/irq.h"
#include "common/metric.h"

static void the_queue_is_in_the_name(void **state)
{
	(void)state;
	static const struct {
		const char *actions, *want;
	} rows[] = {
		{"eth0-TxRx-3",			"rxtx:3" },
		{"ice-ens1f0np0-TxRx-12",	  "rxtx:12"},
		{"iavf-ens1-TxRx-0",	     "rxtx:0" },
		{"eth0-Tx-Rx-7",		 "rxtx:7" },
		{"eth0-rxtx-1",			"rxtx:1" },
		{"eth0-rx-2",		      "rx:2"   },
		{"eth0-tx-2",		      "tx:2"   },
		{"mlx5_comp11@pci:0000:3b:00.0", "rxtx:11"},
		{"mlx5_async0@pci:0000:3b:00.0", ""	   },
		{"mlx4-9@0000:03:00.0",		"rxtx:9" },
		{"mana_q4@pci:7870:00:00.0",     "rxtx:4" },
		{"mana_hwc@pci:7870:00:00.0",    ""	},
		{"virtio2-input.0",		    "rx:0"	  },
		{"virtio2-output.15",	      "tx:15"  },
		{"virtio2-config",		   ""	     },
		{"virtio2-virtqueues",	       ""	 },
		{"eth0-q1-rx",		       "rx:1"   },
		{"eth0-q1-tx",		       "tx:1"   },
		{"gve-ntfy-blk3@pci:0000:00:04", ""	   },
		{"ena-mgmnt@pci:0000:00:05.0",   ""	 },
		{"ahci, eth0-TxRx-5",	      "rxtx:5" },
		{"my nic-rx-1",			"rx:1"   },
		{"eth0-rx-",		     ""       },
		{"eth0-rx-1x",		       ""	 },
		{"eth0-rx-99999999999",		""	  },
		{"",			     ""       },
		{"a-rx-b-rx-6",			"rx:6"   },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char queue[IRQ_QUEUE_LEN] = "";
		assert_int_equal(irq_queue(queue, rows[i].actions), *rows[i].want != '\0');
		assert_string_equal(queue, rows[i].want);
	}
}

/* Four vectors of a device: two tx queues, then two rx queues. Another device counts for itself. */
static void vectors_of_gve_are_tx_queues_then_rx_queues(void **state)
{
	(void)state;
	static const char *const names[] = {
		"gve-ntfy-blk0@pci:0000:00:04.0\n", "gve-ntfy-blk1@pci:0000:00:04.0\n",
		"gve-ntfy-blk2@pci:0000:00:04.0\n", "gve-ntfy-blk3@pci:0000:00:04.0\n",
		"gve-mgmnt@pci:0000:00:04.0\n",	    "gve-ntfy-blk0@pci:0000:00:05.0\n",
		"gve-ntfy-blk1@pci:0000:00:05.0\n", "gve-ntfy-blkx@pci:0000:00:05.0\n"};
	static const char *const want[] = {"20:0:tx:0", "21:0:tx:1", "22:0:rx:0", "23:0:rx:1",
					   "24:0",	"25:0:tx:0", "26:0:rx:0", "27:0"};
	enum { N = sizeof(names) / sizeof(*names) };
	struct tree t;
	struct nb_err err = {0};
	const struct counter_cell *cells;
	char path[64];
	tree_begin(&t, 1);
	tree_put(&t, "sys/devices/system/cpu/possible", "0\n", 2);
	tree_put(&t, "sys/devices/system/cpu/present", "0\n", 2);
	for (size_t i = 0; i < N; i++) {
		snprintf(path, sizeof(path), "sys/class/net/eth0/device/msi_irqs/%zu", 20 + i);
		tree_put(&t, path, "msix\n", 5);
		snprintf(path, sizeof(path), "sys/kernel/irq/%zu/per_cpu_count", 20 + i);
		tree_put(&t, path, "7\n", 2);
		snprintf(path, sizeof(path), "sys/kernel/irq/%zu/actions", 20 + i);
		tree_put(&t, path, names[i], strlen(names[i]));
	}
	assert_int_equal(source_irq.open(&t.reader, &t.env, &err), 0);
	assert_int_equal(source_irq.cells(t.reader, &cells), N);
	for (size_t i = 0; i < N; i++)
		assert_string_equal(cells[i].instance, want[i]);
	tree_end(&t, &source_irq);
}

static void counts_are_a_list(void **state)
{
	(void)state;
	uint64_t v[3] = {77, 77, 77};
	assert_int_equal(irq_counts_parse(v, 3, "1,4294967295\n", 13), 2);
	assert_int_equal(v[0], 1);
	assert_int_equal(v[1], UINT32_MAX);
	assert_int_equal(v[2], 77);
	assert_int_equal(irq_counts_parse(v, 1, "1,2,3", 5), 3);
	assert_int_equal(irq_counts_parse(v, 3, "", 0), -1);
	assert_int_equal(irq_counts_parse(v, 3, "\n", 1), -1);
	assert_int_equal(irq_counts_parse(v, 3, "1,,2", 4), -1);
	assert_int_equal(irq_counts_parse(v, 3, "1,2,", 4), -1);
}

static const char interrupts[] =
	"           CPU0       CPU2       CPU10\n"
	" 37:          1          2          3 PCI-MSIX-0000:00:03.0   0-edge      virtio2-config\n"
	" 38:4294967295          0         5   GICv3  38 Level     eth0-rx-0, a name with blanks\n"
	" 39:          7\n"
	"LOC:     600477     602712          1   Local timer interrupts\n"
	"ERR:          0\n";

static void columns_are_the_cpus_of_the_header(void **state)
{
	(void)state;
	static const unsigned irqs[] = {37, 38, 39, 40};
	uint64_t v[4 * 3];
	int cpus[3];
	char actions[IRQ_ACTIONS_LEN];
	size_t len = strlen(interrupts);
	assert_int_equal(interrupts_cpus(cpus, 3, interrupts, len), 3);
	assert_int_equal(cpus[2], 10);
	assert_int_equal(interrupts_parse(v, irqs, 4, 3, interrupts, len), 3);
	assert_int_equal(v[2], 3);
	assert_int_equal(v[3], UINT32_MAX); /* no blank after the colon */
	assert_int_equal(v[5], 5);
	assert_int_equal(v[6], 7);
	assert_true(v[7] == METRIC_MISSING); /* fewer numbers than columns */
	assert_true(v[9] == METRIC_MISSING); /* no such row */
	assert_true(interrupts_actions(actions, 38, interrupts, len));
	assert_string_equal(actions, "eth0-rx-0, a name with blanks");
	assert_true(interrupts_actions(actions, 37, interrupts, len));
	assert_string_equal(actions, "virtio2-config");
	assert_false(interrupts_actions(actions, 40, interrupts, len));
	assert_int_equal(interrupts_cpus(cpus, 3, "CPU1 CPU1\n", 10), -1);
	assert_int_equal(interrupts_cpus(cpus, 3, "", 0), -1);
}

static void put(struct tree *t, const char *path, const char *text)
{
	tree_put(t, path, text, strlen(text));
}

/* eth0 is virtio (its vectors are one level up), eth1 an adapter with its own. */
static void begin(struct tree *t, bool counts)
{
	tree_begin(t, 1);
	put(t, "sys/class/net/eth0/device/modalias", "virtio:d00000001v00001AF4\n");
	put(t, "sys/class/net/eth0/msi_irqs/38", "msix\n");
	put(t, "sys/class/net/eth1/device/msi_irqs/100", "msix\n");
	put(t, "sys/class/net/eth1/device/msi_irqs/37", "msix\n");
	put(t, "sys/class/net/eth1/msi_irqs/5", "msi\n"); /* of the bridge above it */
	put(t, "sys/devices/system/cpu/possible", "0-3\n");
	put(t, "sys/devices/system/cpu/present", "0,2\n");
	if (!counts)
		return;
	put(t, "sys/kernel/irq/37/per_cpu_count", "1,0,2,0\n");
	put(t, "sys/kernel/irq/37/actions", "eth1-TxRx-0\n");
	put(t, "sys/kernel/irq/38/per_cpu_count", "3,0,4,0\n");
	put(t, "sys/kernel/irq/38/actions", "virtio2-input.0\n");
	put(t, "sys/kernel/irq/100/per_cpu_count", "5,0,6,0\n");
	put(t, "sys/kernel/irq/100/actions", "eth1-misc\n");
}

static void open_source(struct tree *t)
{
	struct nb_err err = {0};
	if (source_irq.open(&t->reader, &t->env, &err))
		fail_msg("%s", err.text);
}

static void vectors_of_interfaces_are_read_one_by_one(void **state)
{
	(void)state;
	struct tree t;
	const struct counter_cell *cells;
	uint64_t v[6];
	begin(&t, true);
	open_source(&t);
	assert_int_equal(source_irq.cells(t.reader, &cells), 6); /* 3 vectors, 2 CPUs */
	assert_int_equal(source_irq.read(t.reader, v), COUNTER_OK);
	assert_int_equal(tree_value(&t, &source_irq, v, "irq_count", "37:0:rxtx:0"), 1);
	assert_int_equal(tree_value(&t, &source_irq, v, "irq_count", "37:2:rxtx:0"), 2);
	assert_int_equal(tree_value(&t, &source_irq, v, "irq_count", "38:2:rx:0"), 4);
	assert_int_equal(tree_value(&t, &source_irq, v, "irq_count", "100:0"), 5);
	put(&t, "sys/kernel/irq/38/per_cpu_count", "9\n"); /* cut off */
	assert_int_equal(source_irq.read(t.reader, v), COUNTER_OK);
	assert_int_equal(tree_value(&t, &source_irq, v, "irq_count", "38:0:rx:0"), 9);
	assert_true(tree_value(&t, &source_irq, v, "irq_count", "38:2:rx:0") == METRIC_MISSING);
	tree_end(&t, &source_irq);
}

static void without_counts_in_sysfs_the_table_is_read(void **state)
{
	(void)state;
	struct tree t;
	uint64_t v[9];
	begin(&t, false);
	put(&t, "proc/interrupts", interrupts);
	open_source(&t);
	assert_int_equal(source_irq.read(t.reader, v), COUNTER_OK);
	assert_int_equal(tree_value(&t, &source_irq, v, "irq_count", "37:10"), 3);
	assert_int_equal(tree_value(&t, &source_irq, v, "irq_count", "38:0:rx:0"), UINT32_MAX);
	assert_true(tree_value(&t, &source_irq, v, "irq_count", "100:2") == METRIC_MISSING);
	/* CPU 2 goes offline: columns move, counts stay with their CPUs */
	put(&t, "proc/interrupts", "  CPU0 CPU10\n 37: 11 13 virtio2-config\n");
	assert_int_equal(source_irq.read(t.reader, v), COUNTER_CHANGED);
	assert_int_equal(source_irq.read(t.reader, v), COUNTER_OK);
	assert_int_equal(tree_value(&t, &source_irq, v, "irq_count", "37:10"), 13);
	put(&t, "proc/interrupts", "nothing\n");
	assert_int_equal(source_irq.read(t.reader, v), COUNTER_GONE);
	put(&t, "proc/interrupts", "  CPU0 CPU10\n 37: 12 14 virtio2-config\n");
	assert_int_equal(source_irq.read(t.reader, v), COUNTER_CHANGED);
	assert_int_equal(source_irq.read(t.reader, v), COUNTER_OK);
	assert_int_equal(tree_value(&t, &source_irq, v, "irq_count", "37:0"), 12);
	tree_end(&t, &source_irq);
}

static void a_host_without_vectors_says_so(void **state)
{
	(void)state;
	struct tree t;
	struct nb_err err = {0};
	tree_begin(&t, 1);
	assert_int_equal(source_irq.open(&t.reader, &t.env, &err), -1);
	assert_non_null(strstr(err.text, "vectors"));
	tree_end(&t, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_queue_is_in_the_name),
		cmocka_unit_test(vectors_of_gve_are_tx_queues_then_rx_queues),
		cmocka_unit_test(counts_are_a_list),
		cmocka_unit_test(columns_are_the_cpus_of_the_header),
		cmocka_unit_test(vectors_of_interfaces_are_read_one_by_one),
		cmocka_unit_test(without_counts_in_sysfs_the_table_is_read),
		cmocka_unit_test(a_host_without_vectors_says_so),
	};
	return cmocka_run_group_tests_name("counters: irq", tests, NULL, NULL);
}
