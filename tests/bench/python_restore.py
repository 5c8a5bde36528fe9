"""What a careful script does: unzip, integrity_check, backup() onto the live database, integrity_check.

python_restore.py ARCHIVE.zip DATABASE SCRATCH_FOLDER
"""

import pathlib
import sqlite3
import sys
import zipfile


def restore(archive, database, scratch):
    with zipfile.ZipFile(archive) as packed:
        copy = packed.extract("clinic.db", scratch)
    source, target = sqlite3.connect(copy), sqlite3.connect(database)
    check(source)
    source.backup(target)
    check(target)
    source.close()
    target.close()
    pathlib.Path(copy).unlink()


def check(connection):
    assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


if __name__ == "__main__":
    restore(*sys.argv[1:])
