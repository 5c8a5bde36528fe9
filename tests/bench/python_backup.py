"""What a careful script does: backup(), integrity_check, zipfile. Nothing is read back.

python_backup.py DATABASE ARCHIVE.zip
"""

import pathlib
import sqlite3
import sys
import zipfile


def back_up(database, archive):
    copy = archive.with_suffix(".db")
    source, target = sqlite3.connect(database), sqlite3.connect(copy)
    source.backup(target)
    assert target.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    target.close()
    source.close()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(copy, "clinic.db")
    copy.unlink()


if __name__ == "__main__":
    back_up(sys.argv[1], pathlib.Path(sys.argv[2]))
