"""Writes into the clinic's database as its application does, until its input ends; tells how long each commit took.

clinic_writer.py DATABASE COMMITS_PER_SECOND

Prints a line when it begins, and at the end a JSON list of milliseconds, one for each transaction, from its BEGIN to
the end of its COMMIT. A locked database is waited for with SQLite's own busy timeout.
"""

import json
import select
import sqlite3
import sys
import time

from clinic_text import ClinicText

WARM_UP = 50
BUSY_SECONDS = 60
# WAL with NORMAL is what SQLite advises: only checkpoints wait for the disk. In rollback mode each commit would wait
# for it several times, and hide the waits for locks, which are what is measured.
SYNCHRONOUS = {"wal": "NORMAL", "delete": "OFF"}
NEW_VISIT = """INSERT INTO visit (uuid, patient, clinician, begun_at, ended_at, reason, diagnosis, note)
    VALUES (?, ?, 1, datetime(), datetime(), 'control', 'Z00.0', ?)"""


class Writer:
    def __init__(self, path):
        self._connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        mode = self._connection.execute("PRAGMA journal_mode").fetchone()[0]
        self._connection.execute(f"PRAGMA synchronous={SYNCHRONOUS[mode]}")
        # Other visits in each run, as their UUIDs are unique.
        self._text = ClinicText(seed=time.monotonic_ns())
        self._patients = self._connection.execute("SELECT max(id) FROM patient").fetchone()[0]

    def commit_one(self):
        """Milliseconds of one small transaction: a visit is added, its patient changed."""
        patient = self._text.number(1, self._patients)
        visit = (self._text.uuid(), patient, self._text.note())
        begin = time.perf_counter()
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute(NEW_VISIT, visit)
        self._connection.execute("UPDATE patient SET changed_at = datetime() WHERE id = ?", (patient,))
        self._connection.execute("COMMIT")
        return 1000 * (time.perf_counter() - begin)


def input_ends_within(seconds):
    return bool(select.select([sys.stdin], [], [], max(0, seconds))[0])


def latencies(writer, interval):
    taken = []
    due = time.perf_counter()
    while not input_ends_within(due - time.perf_counter()):
        taken.append(writer.commit_one())
        # What a stall delayed is not made up for: that would be another load.
        due = max(due + interval, time.perf_counter())
    return taken


def main():
    writer = Writer(sys.argv[1])
    for _ in range(WARM_UP):
        writer.commit_one()
    print("writing", flush=True)
    print(json.dumps(latencies(writer, 1 / float(sys.argv[2]))))


if __name__ == "__main__":
    main()
