"""A database that no 32 bits can measure, from the live file to the archive that stock tools agree on."""

import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import unittest
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOLDFAST = pathlib.Path(os.environ.get("HOLDFAST", ROOT / "build/linux/bin/holdfast"))
FOUR_GIB = 1 << 32
MIB = 1 << 20
ROOM = 5 * 1024 * MIB
MOST_MEMORY = 64 * MIB


def make_large_database(path):
    """More than 4 GiB, nearly all of it zeros, with random bytes here and there."""
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA page_size=65536; PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF;"
                             "CREATE TABLE image (id INTEGER PRIMARY KEY, pixels BLOB)")
    for _ in range(9):
        connection.execute("INSERT INTO image (pixels) VALUES (zeroblob(?))", (480 * MIB,))
        connection.execute("INSERT INTO image (pixels) VALUES (?)", (os.urandom(MIB),))
    connection.commit()
    connection.close()


def run_measured(*arguments):
    """Runs holdfast: its output, its exit code, and the most memory it had."""
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen([HOLDFAST, *map(str, arguments)], stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        return output.read().decode(), process.returncode, usage.ru_maxrss * 1024


class LargeDatabase(unittest.TestCase):
    def setUp(self):
        free = shutil.disk_usage(tempfile.gettempdir()).free
        if free < ROOM:
            self.skipTest(f"A large database needs {ROOM // MIB} MiB of disk, and {free // MIB} MiB are free.")
        scratch = tempfile.TemporaryDirectory(prefix="large-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def test_large_database(self):
        """A database of more than 4 GiB is backed up and verified in little memory, and stock tools agree."""
        database = self.folder / "large.db"
        make_large_database(database)
        size = database.stat().st_size
        self.assertGreater(size, FOUR_GIB)

        told, code, memory = run_measured("snapshot", "--database", database, "--to", self.folder / "backups",
                                          "--count", "images=SELECT count(*) FROM image", "--json")
        self.assertEqual(code, 0, told)
        self.assertLess(memory, MOST_MEMORY)
        made = json.loads(told)
        self.assertEqual(made["counts"], {"images": 18})
        archive = pathlib.Path(made["archive"])

        told, code, memory = run_measured("verify", archive)
        self.assertEqual(code, 0, told)
        self.assertLess(memory, MOST_MEMORY)

        with zipfile.ZipFile(archive) as opened:
            self.assertEqual(opened.getinfo("large.db").file_size, size)
            manifest = json.loads(opened.read("backup_manifest.json"))
        self.assertEqual(manifest["entries"][0]["size"], size)
        for tool in (["unzip", "-tq", archive], ["7z", "t", archive]):
            checked = subprocess.run(tool, capture_output=True, encoding="utf-8")
            self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)


if __name__ == "__main__":
    unittest.main()
