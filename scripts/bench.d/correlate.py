# SPDX-License-Identifier: Apache-2.0
"""What numpy does with the store that nbanalyze correlate reads: the same columns out of the same SQLite
file, the same 13 figures, standardised run by run, and their correlation matrix with lag-1 memory.

correlate.py DB TICKS"""
import sqlite3
import sys

import numpy

db, ticks = sqlite3.connect(sys.argv[1]), int(sys.argv[2])


def read(sql):
    return numpy.array(db.execute(sql).fetchall(), dtype=float)


def per_second(counts, dt):
    return counts * 1e9 / dt


wide = read("""SELECT endpoint_id, dt_ns, tx_packets, rx_packets, tx_bytes, tx_dropped, rx_dropped,
    rx_missed_errors, cpu_busy_ns, cpu_total_ns, irqs, softirqs FROM sample ORDER BY endpoint_id, seq""")
sender, receiver, node = (wide[wide[:, 0] % 10 == end] for end in range(3))
reads = {source: read(f"SELECT dt_ns FROM source_read WHERE source = '{source}' ORDER BY endpoint_id, seq")[:, 0]
         for source in ("snmp", "softirqs", "softnet")}
udp = read("SELECT value FROM protocol_sample ORDER BY endpoint_id, seq")[:, 0]
softirq = read("SELECT net_tx, net_rx FROM softirq_sample ORDER BY endpoint_id, seq")
softnet = read("SELECT dropped FROM softnet_sample ORDER BY endpoint_id, seq")[:, 0]
figures = numpy.column_stack([
    per_second(sender[:, 2], sender[:, 1]), per_second(sender[:, 5], sender[:, 1]),
    sender[:, 4] * 8e3 / sender[:, 1], sender[:, 8] * 100 / sender[:, 9],
    per_second(receiver[:, 3], receiver[:, 1]),
    per_second(receiver[:, 6] + receiver[:, 7], receiver[:, 1]),
    per_second(udp, reads["snmp"]), receiver[:, 8] * 100 / receiver[:, 9],
    per_second(node[:, 10], node[:, 1]), per_second(node[:, 11], node[:, 1]),
    per_second(softirq[:, 0], reads["softirqs"]), per_second(softirq[:, 1], reads["softirqs"]),
    per_second(softnet, reads["softnet"])])
runs = figures.reshape(-1, ticks, figures.shape[1])
z = (runs - runs.mean(axis=1, keepdims=True)) / runs.std(axis=1, ddof=1, keepdims=True)
flat = z.reshape(-1, figures.shape[1])
squares = (flat ** 2).sum(axis=0)
r = flat.T @ flat / numpy.sqrt(numpy.outer(squares, squares))
lag = (z[:, 1:] * z[:, :-1]).sum(axis=(0, 1)) / squares
q = numpy.outer(lag, lag)
n_eff = len(flat) * (1 - q) / (1 + q)
print(repr(float(r[0, 8])), repr(float(n_eff[0, 8])))
