"""Backs up databases with Holdfast and with what others would use, side by side.

peers.py HOLDFAST OUTPUT_FOLDER MEGABYTES...

Writes peers.json and peers.svg. The figures that count are the ratios: machines are noisy, and so the runs alternate.
"""

import contextlib
import dataclasses
import functools
import json
import os
import pathlib
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile

from contenders import CONTENDERS, LARGEST_FOR_ALL
from measurement import bytes_in, measure, run
from peers_chart import chart
from peers_tables import peers_tables

BENCH = pathlib.Path(__file__).resolve().parent
CHANGED_ROWS = 100
CHARTED_BYTES = 120_000_000


def rounds_for(megabytes):
    return 7 if megabytes < 100 else 5 if megabytes < 500 else 3


def change_rows(application):
    """What the application writes between two backups."""
    last = application.execute("SELECT max(id) FROM visit").fetchone()[0]
    for visit in random.sample(range(1, last + 1), CHANGED_ROWS):
        application.execute("UPDATE visit SET note = note || ' Corrected.' WHERE id = ?", (visit,))
    application.commit()


class Round:
    """One backup with one contender, into a folder of its own."""

    def __init__(self, contender, program, database, scratch):
        self._contender = contender
        self._folder = pathlib.Path(tempfile.mkdtemp(dir=scratch))
        self._kept = self._folder / "kept"
        self._environment = {"HOLDFAST": str(program), "DATABASE": str(database), "BENCH": str(BENCH)}
        self._kept.mkdir()

    def figures(self, change):
        """What the backup costs, and what the next one does once the application changed something."""
        if self._contender.prepare:
            run(["sh", "-euc", self._contender.prepare], self._folder, self._environment)
        figures = self._backup()
        if self._contender.verify:
            figures["verify_seconds"] = measure(self._contender.verify, self._folder, self._environment).seconds
        if self._contender.again and change:
            change()
            second = self._backup()
            figures |= {"again_seconds": second["seconds"], "again_bytes": second["bytes"]}
        return figures

    def _backup(self):
        before = bytes_in(self._kept)
        cost = measure(self._contender.back_up, self._folder, self._environment)
        return dataclasses.asdict(cost) | {"bytes": bytes_in(self._kept) - before}


def medians(rounds):
    return {figure: statistics.median(each[figure] for each in rounds) for figure in rounds[0]}


def compare(program, megabytes, scratch):
    """The figures of all contenders for a database of that size, which an application has open meanwhile."""
    database = pathlib.Path(scratch) / "clinic.db"
    subprocess.run([sys.executable, BENCH / "clinic_database.py", database, str(megabytes), "WAL"], check=True)
    contenders = [each for each in CONTENDERS if megabytes <= each.largest_megabytes]
    rounds = {each.name: [] for each in contenders}
    with contextlib.closing(sqlite3.connect(database)) as application:
        change_rows(application)
        change = functools.partial(change_rows, application) if megabytes <= LARGEST_FOR_ALL else None
        for number in range(rounds_for(megabytes)):
            print(f"{megabytes} MB, round {number + 1} of {rounds_for(megabytes)}", flush=True)
            for contender in contenders:
                with tempfile.TemporaryDirectory(dir=scratch) as folder:
                    rounds[contender.name].append(Round(contender, program, database, folder).figures(change))
    return {"database_bytes": database.stat().st_size, "rounds": rounds_for(megabytes),
            "contenders": {name: medians(each) for name, each in rounds.items()}}


def main():
    program, output = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    output.mkdir(parents=True, exist_ok=True)
    random.seed(1)
    databases = []
    for megabytes in map(int, sys.argv[3:]):
        with tempfile.TemporaryDirectory(prefix="peers-", dir=output) as scratch:
            databases.append(compare(program, megabytes, pathlib.Path(scratch).resolve()))
    report = {"cores": os.cpu_count(), "databases": databases}
    (output / "peers.json").write_text(json.dumps(report, indent=2) + "\n")
    charted = min(databases, key=lambda database: abs(database["database_bytes"] - CHARTED_BYTES))
    (output / "peers.svg").write_text(chart(charted, report["cores"]))
    print(*[table.text() for table in peers_tables(report)], sep="\n")


if __name__ == "__main__":
    main()
