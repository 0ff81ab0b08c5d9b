#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""plot_peer.py STORE FOLDER: pictures as numpy and matplotlib make them, of every curve in a store:
target against sent and received, drops, interrupts, delivered, CPU. The peer of bench topic plot."""
import sqlite3
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

store, folder = sys.argv[1:]
db = sqlite3.connect(store)
columns = ("target_pps tx_pps rx_pps forwarded_pps loss_ratio tx_drop_pps rx_drop_pps"
           " sender_irq_rate sender_softirq_rate receiver_cpu_percent sender_cpu_percent").split()
rows = db.execute(f"SELECT {', '.join(columns)} FROM v_run_summary WHERE target_pps IS NOT NULL").fetchall()
data = np.array([[np.nan if v is None else v for v in row] for row in rows], dtype=float)
rates = np.unique(data[:, 0])
mean = np.array([np.nanmean(data[data[:, 0] == r], axis=0) for r in rates])
low = np.array([np.nanmin(data[data[:, 0] == r], axis=0) for r in rates])
high = np.array([np.nanmax(data[data[:, 0] == r], axis=0) for r in rates])
at = np.arange(len(rates))
column = {name: i for i, name in enumerate(columns)}


def bars(name, *shown):
    figure, axes = plt.subplots(2, 1, figsize=(10, 7.2), gridspec_kw={"height_ratios": [3, 1]})
    axes[0].bar(at, rates, 0.72, fill=False, label="target")
    for i, what in enumerate(shown):
        k = column[what]
        spread = np.nan_to_num(np.abs([mean[:, k] - low[:, k], high[:, k] - mean[:, k]]))
        axes[0].bar(at, mean[:, k], 0.5 - 0.1 * i, yerr=spread, label=what)
        axes[1].bar(at, 100 * mean[:, k] / rates, 0.5 - 0.1 * i)
    axes[0].legend()
    axes[0].set_title(name)
    axes[1].set_xticks(at[:: max(1, len(at) // 10)], [f"{r / 1e3:g} k" for r in rates[:: max(1, len(at) // 10)]])
    save(figure, name)


def lines(name, x, *shown):
    figure, axes = plt.subplots(figsize=(10, 7.2))
    for what in shown:
        k = column[what]
        spread = np.nan_to_num(np.abs([mean[:, k] - low[:, k], high[:, k] - mean[:, k]]))
        axes.errorbar(x, mean[:, k], yerr=spread, marker="o", label=what)
    axes.legend()
    axes.set_title(name)
    save(figure, name)


def save(figure, name):
    figure.tight_layout()
    figure.savefig(f"{folder}/{name}.png", dpi=100)
    plt.close(figure)


bars("tx", "tx_pps", "tx_drop_pps")
bars("rx", "tx_pps", "forwarded_pps")
bars("drops", "tx_drop_pps", "rx_drop_pps")
lines("irq", at, "sender_irq_rate", "sender_softirq_rate")
lines("delivered", mean[:, 1] + np.nan_to_num(mean[:, 5]), "forwarded_pps")
lines("loss", mean[:, 1], "loss_ratio")
lines("cpu", at, "receiver_cpu_percent", "sender_cpu_percent")
