"""Makes a database and backs it up with Holdfast and with what others would use, side by side.

peers.py HOLDFAST OUTPUT.json [MEGABYTES]

The figures that count are the ratios: machines are noisy, and the runs alternate.
"""

import json
import os
import pathlib
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile

ROUNDS = 5
WORDS = """patient visit diagnosis therapy blood pressure normal follow-up x-ray left right knee shoulder pain
medication dose daily weekly allergy none known history family smoker never chest heart lungs clear abdomen soft""".split()


def make_database(path, megabytes):
    """Clinic text in WAL mode with an index, of about that size."""
    random.seed(1)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE visit (id INTEGER PRIMARY KEY, patient INTEGER, day TEXT, note TEXT)")
    connection.execute("CREATE INDEX visit_patient ON visit (patient, day)")
    while connection.execute("PRAGMA page_count").fetchone()[0] * 4096 < megabytes * 1_000_000:
        connection.executemany("INSERT INTO visit (patient, day, note) VALUES (?, ?, ?)", (
            (random.randrange(20_000), f"20{random.randrange(10, 26)}-{random.randrange(1, 13):02}",
             " ".join(random.choices(WORDS, k=random.randrange(40, 160)))) for _ in range(5_000)))
        connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def python_pipeline(database, folder):
    """What a careful script does: backup(), integrity_check, zipfile. Nothing is read back."""
    copy = folder / "copy.db"
    source, target = sqlite3.connect(database), sqlite3.connect(copy)
    source.backup(target)
    assert target.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    target.close()
    source.close()
    with zipfile.ZipFile(folder / "python.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(copy, "clinic.db")
    copy.unlink()
    return folder / "python.zip"


def shell_pipeline(compress, ending):
    """sqlite3's .backup and integrity_check, then a compressor. Nothing is read back."""
    def run(database, folder):
        copy, packed = folder / "copy.db", folder / f"packed.{ending}"
        subprocess.run(["sqlite3", database, f".backup '{copy}'"], check=True)
        checked = subprocess.run(["sqlite3", copy, "PRAGMA integrity_check"], check=True, capture_output=True)
        assert checked.stdout.strip() == b"ok"
        subprocess.run(compress.format(copy=copy, packed=packed), shell=True, check=True, stdout=subprocess.DEVNULL)
        copy.unlink()
        return packed
    return run


def holdfast(program):
    def run(database, folder):
        subprocess.run([program, "snapshot", "--database", database, "--to", folder], check=True,
                       stdout=subprocess.DEVNULL)
        return next(folder.glob("*.zip"))
    return run


def measure(work, database, scratch):
    """Seconds and bytes of one run into an empty folder."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=scratch))
    os.sync()
    begin = time.monotonic()
    result = work(database, folder)
    os.sync()
    seconds = time.monotonic() - begin
    size = result.stat().st_size
    shutil.rmtree(folder)
    return seconds, size


def main():
    program, output = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    megabytes = int(sys.argv[3]) if len(sys.argv) > 3 else 120
    contenders = {
        "holdfast snapshot (verified)": holdfast(program),
        "python backup+check+zipfile": python_pipeline,
        ".backup+check+zstd -1 -T0": shell_pipeline("zstd -q -1 -T0 {copy} -o {packed}", "zst"),
        ".backup+check+pigz -2": shell_pipeline("pigz -2 -c {copy} > {packed}", "gz"),
        ".backup+check+zip -6": shell_pipeline("zip -q -6 {packed} {copy}", "zip"),
    }
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        database = pathlib.Path(scratch) / "clinic.db"
        make_database(database, megabytes)
        runs = {name: [] for name in contenders}
        for _ in range(ROUNDS):
            for name, work in contenders.items():
                runs[name].append(measure(work, database, scratch))
        size = database.stat().st_size
    seconds = {name: statistics.median(run[0] for run in each) for name, each in runs.items()}
    bytes_of = {name: each[0][1] for name, each in runs.items()}
    base = next(iter(contenders))
    print(f"{size / 1e6:.0f} MB database, medians of {ROUNDS} alternating runs, flushed to the disk\n")
    print(f"{'':<30}{'seconds':>9}{'x holdfast':>12}{'MB':>8}{'x holdfast':>12}")
    for name in contenders:
        print(f"{name:<30}{seconds[name]:>9.2f}{seconds[name] / seconds[base]:>12.2f}"
              f"{bytes_of[name] / 1e6:>8.1f}{bytes_of[name] / bytes_of[base]:>12.2f}")
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps({"database_bytes": size, "seconds": seconds, "bytes": bytes_of}, indent=2) + "\n")


if __name__ == "__main__":
    main()
