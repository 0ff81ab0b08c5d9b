#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""plot_peer.py STORE FOLDER: pictures as numpy and matplotlib make them, four of the whole sweep and
seven of each rate: interrupts of each queue and CPU, rates of queues and load of CPUs of both sides, and
CPUs with interrupts of the sender's. As many, and of the sizes, as the scripts drew that netbound
replaces. The peer of bench topic plot."""
import sqlite3
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

store, folder = sys.argv[1:]
db = sqlite3.connect(store)
columns = "target_pps tx_pps rx_pps tx_drop_pps rx_drop_pps sender_irq_rate sender_softirq_rate".split()
rows = db.execute(f"SELECT {', '.join(columns)} FROM v_run_summary WHERE target_pps IS NOT NULL ORDER BY target_pps")
data = np.array([[np.nan if v is None else v for v in row] for row in rows], dtype=float)
target = data[:, 0]
at = np.arange(len(target))
figure_of = {name: data[:, i] for i, name in enumerate(columns)}


def save(figure, axes, name, x, y, words):
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.set_title(words)
    axes.legend()
    axes.grid(True)
    figure.tight_layout()
    figure.savefig(f"{folder}/{name}.png")
    plt.close(figure)


def by_rate(axes):
    axes.set_xticks(at)
    axes.set_xticklabels([f"{r:g}" for r in target], rotation=45)


figure, axes = plt.subplots(figsize=(10, 7))
axes.bar(at, figure_of["tx_pps"], label="observed", color="lightgray")
axes.bar(at, target - figure_of["tx_pps"], bottom=figure_of["tx_pps"], label="target", color="skyblue")
by_rate(axes)
save(figure, axes, "tx_bounded", "target pps", "pps", "observed and target TX pps")

figure, axes = plt.subplots(figsize=(10, 7))
axes.bar(at - 0.2, figure_of["tx_pps"], width=0.2, label="observed TX", color="lightgray")
axes.bar(at, figure_of["rx_pps"], width=0.2, label="observed RX", color="green", alpha=0.5)
axes.plot(at, target, color="orange", marker="o", label="target")
by_rate(axes)
save(figure, axes, "rx_bounded", "target pps", "pps", "observed TX and RX pps")

figure, axes = plt.subplots(figsize=(10, 6))
for side in ("tx", "rx"):
    for i in at:
        share = np.nan_to_num(figure_of[f"{side}_drop_pps"][i]) / max(figure_of[f"{side}_pps"][i], 1)
        axes.scatter(figure_of[f"{side}_pps"][i], share, label=f"{side} drops at {target[i]:g}")
save(figure, axes, "drop_bounded", "pps", "drops a packet", "drops and pps")

figure, axes = plt.subplots(figsize=(12, 8))
axes.bar(at - 0.2, figure_of["sender_irq_rate"], 0.35, label="IRQ", color="skyblue")
axes.bar(at + 0.2, figure_of["sender_softirq_rate"], 0.35, label="softirq", color="orange")
axes.set_yscale("log")
by_rate(axes)
save(figure, axes, "sw_irq_bounded", "target pps", "1/s", "IRQ and softirq rates")


def matrix(sql, run, node):
    """Means of a run and node as a matrix, from rows of line, column, mean."""
    cells = db.execute(sql, (run, node)).fetchall()
    lines = sorted({c[0] for c in cells})
    across = 1 + max((c[1] for c in cells), default=0)
    m = np.zeros((len(lines), across))
    for line, column, value in cells:
        m[lines.index(line), column] = value
    return lines, m


INTERRUPTS = "SELECT queue, cpu, avg(rate) FROM v_irq_rate WHERE run_id = ? AND endpoint_id = ? GROUP BY 1, 2"
QUEUES = "SELECT direction, queue, sum(pps) / count(DISTINCT seq) FROM v_queue_rate WHERE run_id = ? AND role = ? GROUP BY 1, 2"
LOAD = "SELECT 'busy', cpu, avg(100 - idle_percent - iowait_percent) FROM v_cpu WHERE run_id = ? AND endpoint_id = ? GROUP BY 1, 2"


def interrupts(name, queues, m, words):
    figure, axes = plt.subplots(figsize=(18, 6))
    cpus = np.flatnonzero(m.sum(axis=0))
    x = np.arange(len(cpus))
    for i, queue in enumerate(queues):
        axes.bar(x + 0.25 * i, m[i, cpus], width=0.25, label=queue, alpha=0.7)
    axes.set_xticks(x + (len(queues) - 1) * 0.125)
    axes.set_xticklabels([str(c) for c in cpus])
    axes.text(1.01, 0.5, words, transform=axes.transAxes, fontsize=10)
    save(figure, axes, name, "CPU", "interrupts/s", f"interrupts of each queue and CPU, {words}")


def queue_rates(name, directions, m, rate, words):
    figure, axes = plt.subplots(figsize=(12, 8))
    for i, direction in enumerate(directions):
        axes.bar(np.arange(m.shape[1]) + 0.35 * i, m[i], 0.35, label=direction)
    axes.axhline(rate, color="r", linestyle="--", label="target")
    axes.set_xticks(np.arange(m.shape[1]))
    save(figure, axes, name, "queue", "pps", f"pps of each queue, {words}")


def load(name, busy, words, shares=None, queues=()):
    figure, axes = plt.subplots(figsize=(12, 8))
    cpus = np.arange(len(busy))
    axes.bar(cpus, busy, 0.35, label="CPU busy")
    below = np.zeros(len(busy))
    for queue, share in zip(queues, shares if shares is not None else ()):
        part = np.resize(share, len(busy))
        axes.bar(cpus, part, 0.35, bottom=below, label=f"interrupts of {queue}")
        below += part
    axes.set_xticks(cpus)
    save(figure, axes, name, "CPU", "%", f"CPUs, {words}")


runs = db.execute("SELECT run_id, target_pps FROM v_run_summary WHERE target_pps IS NOT NULL ORDER BY target_pps").fetchall()
for run, rate in runs:
    nodes = [n for (n,) in db.execute("SELECT id FROM endpoint WHERE run_id = ? AND role = 'node' ORDER BY id", (run,))]
    for side, node in zip(("sender", "receiver"), (nodes[0], nodes[-1])):
        words = f"{side}, {rate} pps"
        vectors, irqs = matrix(INTERRUPTS, run, node)
        directions, queues = matrix(QUEUES, run, side)
        busy = matrix(LOAD, run, node)[1][0]
        interrupts(f"interrupts_{side}_{rate}", vectors, irqs, words)
        queue_rates(f"queues_{side}_{rate}", directions, queues, rate, words)
        load(f"cpu_{side}_{rate}", busy, words)
        if side == "sender":
            load(f"cpu_interrupts_{rate}", busy, words, 100 * irqs / max(irqs.sum(), 1), vectors)
