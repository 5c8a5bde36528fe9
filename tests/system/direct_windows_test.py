"""The commands that need no service, as a Windows user meets them: an application writes meanwhile."""

import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import tempfile
import unittest
import zipfile

import bank
import product
from wine import Wine, wait_until

FAILED, USAGE = 70, 64


class DirectCommandsOnWindows(unittest.TestCase):
    """Gives each test a bank, and a folder for its backups."""

    @classmethod
    def setUpClass(cls):
        cls.windows = Wine()
        cls.addClassCleanup(cls.windows.close)

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="direct-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.backups = self.folder / "backups"
        self.bank = self.folder / "bank"
        (self.bank / "images").mkdir(parents=True)
        (self.bank / "images/a.png").write_bytes(b"a picture")
        self.database = self.bank / "bank.db"
        self.options = ["--database", self.path(self.database), "--to", self.path(self.backups)]

    def path(self, path):
        return self.windows.windows_path(path)

    def holdfast(self, *arguments):
        return self.windows.run(self.path(product.BIN / "holdfast.exe"), *arguments)

    def begin_writing(self, mode):
        return bank.begin_working(self, self.windows, self.path(self.database), mode)

    def archive(self, *more):
        made = self.holdfast("snapshot", *self.options, "--json", *more)
        self.assertEqual(made.exit_code, 0, made.stderr)
        told = json.loads(made.stdout)
        return self.windows.unix_path(told["archive"]), told

    def files(self, folder):
        return sorted(entry.name for entry in folder.iterdir()) if folder.exists() else []

    def test_snapshot_beside_a_writer(self):
        """On Windows, snapshots taken while an application writes are whole, in WAL and in rollback mode."""
        for mode in ("wal", "delete"):
            with self.subTest(mode=mode):
                self.database.unlink(missing_ok=True)
                writer = self.begin_writing(mode)
                archive, told = self.archive("--include", "images/**", "--count",
                                             "money=SELECT sum(money) FROM account")
                self.assertEqual(bank.end_working(writer), 0)
                self.assertEqual(told["counts"], {"money": bank.MONEY})
                with zipfile.ZipFile(archive) as opened:
                    self.assertIsNone(opened.testzip())
                    self.assertEqual(opened.namelist(), ["bank.db", "images/a.png", "backup_manifest.json"])
                extracted = self.folder / f"extracted-{mode}"
                self.assertEqual(self.holdfast("extract", self.path(archive), "--to", self.path(extracted)).exit_code, 0)
                connection = sqlite3.connect(extracted / "bank.db")
                self.addCleanup(connection.close)
                self.assertEqual(connection.execute("PRAGMA integrity_check").fetchone(), ("ok",))
                self.assertEqual(connection.execute("SELECT sum(money) FROM account").fetchone(), (bank.MONEY,))
                self.assertEqual((extracted / "images/a.png").read_bytes(), b"a picture")

    def test_verify_and_list(self):
        """On Windows, verify and list tell good archives from damaged ones."""
        bank.end_working(self.begin_writing("wal"))
        good, _ = self.archive()
        self.assertEqual(self.files(self.backups), [good.name])
        bad = good.with_name(good.name.replace("bank_", "other_"))
        content = bytearray(good.read_bytes())
        content[len(content) // 2] ^= 1
        bad.write_bytes(content)
        told = self.holdfast("verify", self.path(good), self.path(bad))
        self.assertEqual(told.exit_code, FAILED)
        self.assertIn(f"Good: {self.path(good)}\n", told.stdout)
        self.assertIn(f"BAD: {self.path(bad)}\n", told.stdout)
        listed = json.loads(self.holdfast("list", self.path(self.backups), "--json").stdout)
        self.assertEqual([one["dataset"] for one in listed], ["bank", "other"])

    def test_wrong_input(self):
        """On Windows, whatever is given wrongly is one line on stderr that says what to do."""
        picture = self.path(self.bank / "images/a.png")
        to = ["--to", self.path(self.backups)]
        rows = {
            ("snapshot",): (USAGE, "The option --database is missing."),
            ("snapshot", "--database", self.path(self.folder / "none.db"), *to): (FAILED, "there is no such file"),
            ("snapshot", "--database", picture, *to): (FAILED, "not an SQLite database"),
            ("snapshot", "--database", self.path(self.bank), *to): (FAILED, "it is a folder"),
            ("snapshot", "--database", picture, "--to", picture): (FAILED, "is a file, and no folder"),
            ("extract", picture, "--to", self.path(self.folder / "x")): (FAILED, "it is no ZIP file"),
            ("verify",): (USAGE, "No archive was given."),
            ("list", self.path(self.folder / "none")): (FAILED, "none"),
        }
        for arguments, (code, words) in rows.items():
            with self.subTest(arguments=arguments):
                told = self.holdfast(*arguments)
                self.assertEqual(told.exit_code, code, told.stderr)
                self.assertIn(words, told.stderr)
                self.assertEqual(told.stderr.count("\n"), 1)
        self.assertEqual(self.files(self.backups), [])

    def begin_long_snapshot(self):
        """A snapshot that is in its middle, and stays there while it counts."""
        bank.end_working(self.begin_writing("wal"))
        slow = ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000000) "
                "SELECT count(*) FROM n")
        process = subprocess.Popen(["wine", self.path(product.BIN / "holdfast.exe"), "snapshot", *self.options,
                                    "--count", f"slow={slow}"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8",
                                   env=self.windows.environment)
        self.addCleanup(process.stderr.close)
        wait_until("The snapshot has begun.", lambda: any(name.endswith(".tmp") for name in self.files(self.backups)))
        return process

    def test_kill(self):
        """On Windows, a killed snapshot leaves nothing that looks like an archive, and the next one sweeps up."""
        process = self.begin_long_snapshot()
        self.assertTrue(self.windows.kill("holdfast.exe"))
        process.wait(timeout=60)
        self.assertEqual([name for name in self.files(self.backups) if name.endswith(".zip")], [])
        archive, _ = self.archive()
        self.assertEqual(self.files(self.backups), [archive.name])

    def test_interrupt(self):
        """On Windows, Ctrl+C ends a snapshot and leaves nothing behind."""
        process = self.begin_long_snapshot()
        os.kill(process.pid, signal.SIGINT)
        process.wait(timeout=60)
        self.assertIn("The backup was cancelled.", process.stderr.read())
        self.assertEqual(self.files(self.backups), [])


if __name__ == "__main__":
    unittest.main()
