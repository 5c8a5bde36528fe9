"""How long the application waits for its commits while Holdfast makes backups, beside how long it waits without.

writer_stall.py HOLDFAST OUTPUT_FOLDER

Writes writer_stall.json. Phases with and without backups alternate, so that what else the machine does meets both.
"""

import contextlib
import json
import os
import pathlib
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

from bars import Bar, bars_table
from tables import Table

BENCH = pathlib.Path(__file__).resolve().parent
MEGABYTES = 120
COMMITS_PER_SECOND = 200
PHASE_SECONDS = 8
# p99 of WAL stands on the few commits that wait for the disk: it takes many to tell two such figures apart.
ROUNDS = {"WAL": 10, "DELETE": 4}
MOST_OF_QUIET_P99 = 1.3
MOST_STALL_PER_100_MB = 150

ALONE, BESIDE, BEHIND = "no backup", "backups", "backups in the background"
SNAPSHOT = {BESIDE: [], BEHIND: ["--background"]}
PHASES = {"WAL": [ALONE, BESIDE, BEHIND], "DELETE": [ALONE, BESIDE, BEHIND]}


class Phase:
    """Commits of one kind of phase, and the backups that were made meanwhile."""

    def __init__(self):
        self.latencies = []
        self.backup_seconds = []

    def figures(self):
        cuts = statistics.quantiles(self.latencies, n=100, method="inclusive")
        return {"commits": len(self.latencies), "p50_ms": cuts[49], "p99_ms": cuts[98], "max_ms": max(self.latencies),
                "backup_seconds": statistics.median(self.backup_seconds) if self.backup_seconds else None}


def snapshot(program, database, scratch, options):
    """Seconds of one backup."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        begin = time.monotonic()
        subprocess.run([program, "snapshot", "--database", database, "--to", folder, *options], check=True,
                       stdout=subprocess.DEVNULL)
        return time.monotonic() - begin


def run_phase(name, phase, program, database, scratch):
    """Commits for as long as the phase lasts, and with backups until the last of them has ended."""
    writer = subprocess.Popen([sys.executable, BENCH / "clinic_writer.py", database, str(COMMITS_PER_SECOND)],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
    writer.stdout.readline()
    end = time.monotonic() + PHASE_SECONDS
    if name == ALONE:
        time.sleep(PHASE_SECONDS)
    while time.monotonic() < end:
        phase.backup_seconds.append(snapshot(program, database, scratch, SNAPSHOT[name]))
    taken, _ = writer.communicate()
    phase.latencies += json.loads(taken)


def measure(program, journal_mode, scratch):
    database = scratch / "clinic.db"
    subprocess.run([sys.executable, BENCH / "clinic_database.py", database, str(MEGABYTES), journal_mode], check=True)
    phases = {name: Phase() for name in PHASES[journal_mode]}
    # The application stays connected between the phases.
    with contextlib.closing(sqlite3.connect(database)) as application:
        application.execute("SELECT count(*) FROM patient").fetchone()
        for number in range(ROUNDS[journal_mode]):
            print(f"{journal_mode}, round {number + 1} of {ROUNDS[journal_mode]}", flush=True)
            for name, phase in phases.items():
                run_phase(name, phase, program, database, scratch)
    return {"database_bytes": database.stat().st_size,
            "phases": {name: phase.figures() for name, phase in phases.items()}}


def stall_tables(report):
    modes = report["journal_modes"]
    return [*[phases_table(mode, modes[mode]) for mode in modes],
            bars_table("Stalls that must not be exceeded", stall_bars(modes))]


def phases_table(mode, measured):
    rows = [[name, str(each["commits"]), f"{each['p50_ms']:.2f}", f"{each['p99_ms']:.2f}", f"{each['max_ms']:.1f}",
             f"{each['backup_seconds']:.2f}" if each["backup_seconds"] else ""]
            for name, each in measured["phases"].items()]
    return Table(f"Commits into {measured['database_bytes'] / 1e6:.0f} MB, journal_mode={mode}",
                 ["", "commits", "p50 ms", "p99 ms", "max ms", "one backup s"], rows)


def stall_bars(modes):
    wal, rollback = modes["WAL"]["phases"], modes["DELETE"]["phases"]
    hundreds = modes["DELETE"]["database_bytes"] / 1e8
    longest = max(rollback[kind]["max_ms"] for kind in (BESIDE, BEHIND))
    return [Bar("WAL: p99 during backups in the background beside p99 without",
                wal[BEHIND]["p99_ms"] / wal[ALONE]["p99_ms"], MOST_OF_QUIET_P99, "x"),
            Bar("DELETE: longest stall for 100 MB", longest / hundreds, MOST_STALL_PER_100_MB, "ms")]


def main():
    program, output = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    output.mkdir(parents=True, exist_ok=True)
    modes = {}
    for mode in PHASES:
        with tempfile.TemporaryDirectory(prefix="stall-", dir=output) as scratch:
            modes[mode] = measure(program, mode, pathlib.Path(scratch).resolve())
    report = {"cores": os.cpu_count(), "commits_per_second": COMMITS_PER_SECOND, "journal_modes": modes}
    (output / "writer_stall.json").write_text(json.dumps(report, indent=2) + "\n")
    print(*[table.text() for table in stall_tables(report)], sep="\n")


if __name__ == "__main__":
    main()
