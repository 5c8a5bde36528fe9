"""How long a database takes to be restored while its application has it open, beside a careful script in Python.

restore.py HOLDFAST OUTPUT_FOLDER

Writes restore.json. Holdfast also makes and reads back an archive of what was there before, which the script does not.
What that archive takes when it is made alone, by the same program and of the same database, is measured beside it: the
rest of the whole is what the restore adds. On two cores both overlap, so the rest is no time that a restore could have
without the archive.
"""

import contextlib
import json
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
ROUNDS = 5
MOST_OF_PYTHON = 0.33

HOLDFAST, PYTHON = "holdfast restore, archived and confirmed", "python unzip+check+backup()+check"
ARCHIVE_ALONE = "holdfast snapshot, the archive alone"
ADDED = "what the restore adds to the archive"


def seconds(command):
    begin = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - begin


def change(database):
    with contextlib.closing(sqlite3.connect(database)) as application, application:
        application.execute("DELETE FROM visit WHERE rowid % 1000 = 0")


def one_round(program, archive, database, scratch):
    """The seconds of each, over the same changes, with a reader that has the database open."""
    commands = {
        HOLDFAST: [program, "restore", archive, "--database", database, "--safety-to", scratch / "safety", "--yes"],
        PYTHON: [sys.executable, BENCH / "python_restore.py", archive, database, scratch]}
    figures = {}
    with contextlib.closing(sqlite3.connect(database)) as reader:
        [visits] = reader.execute("SELECT count(*) FROM visit").fetchone()
        for name, command in commands.items():
            change(database)
            if name == HOLDFAST:
                figures[ARCHIVE_ALONE] = seconds([program, "snapshot", "--database", database, "--to",
                                                  scratch / "alone"])
            figures[name] = seconds(command)
            assert reader.execute("SELECT count(*) FROM visit").fetchone() == (visits,), name
    return figures


def restore_tables(figures):
    """The tables of a run, as restore.json has it."""
    seconds = figures["seconds"]
    return [
        Table(f"A database of {MEGABYTES} MB in WAL mode, restored while it is open; medians of {ROUNDS} rounds",
              ["", "s", "x"], [[name, f"{figure:.2f}", f"{figure / seconds[HOLDFAST]:.2f}"]
                               for name, figure in seconds.items()]),
        bars_table("What a restore must reach", [
            Bar("restore beside Python's", seconds[HOLDFAST] / seconds[PYTHON], MOST_OF_PYTHON, "x"),
            Bar("what it adds to the archive", seconds[ADDED] / seconds[PYTHON], MOST_OF_PYTHON, "x"),
            Bar("preview", 1000 * figures["preview_seconds"], 300, "ms")])]


def main():
    program, output = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="restore-bench-") as folder:
        scratch = pathlib.Path(folder)
        database = scratch / "clinic" / "clinic.db"
        database.parent.mkdir()
        subprocess.run([sys.executable, BENCH / "clinic_database.py", database, str(MEGABYTES), "WAL"], check=True)
        subprocess.run([program, "snapshot", "--database", database, "--to", scratch / "backups"], check=True,
                       stdout=subprocess.DEVNULL)
        [archive] = (scratch / "backups").glob("*.zip")
        rounds = [one_round(program, archive, database, scratch) for _ in range(ROUNDS)]
        preview = statistics.median(seconds([program, "preview", archive, "--database", database]) for _ in rounds)
    for figures in rounds:
        figures[ADDED] = figures[HOLDFAST] - figures[ARCHIVE_ALONE]
    medians = {name: statistics.median(figures[name] for figures in rounds)
               for name in (HOLDFAST, ARCHIVE_ALONE, ADDED, PYTHON)}
    output.mkdir(parents=True, exist_ok=True)
    measured = {"seconds": medians, "preview_seconds": preview}
    (output / "restore.json").write_text(json.dumps(measured, indent=2) + "\n")
    for table in restore_tables(measured):
        print(table.text())


if __name__ == "__main__":
    main()
