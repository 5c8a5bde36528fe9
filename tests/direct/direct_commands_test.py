"""The commands that need no service, as their user meets them, with stock tools looking over their shoulder."""

import contextlib
import fcntl
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import termios
import time
import unittest
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOLDFAST = pathlib.Path(os.environ.get("HOLDFAST", ROOT / "build/linux/bin/holdfast"))
FAILED, USAGE = 70, 64
SLOW_COUNT = ("slow=WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000000) "
              "SELECT count(*) FROM n")


class DirectCommands(unittest.TestCase):
    """Gives each test a clinic's folder, and one for its backups."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="direct-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.backups = self.folder / "backups"
        self.clinic = self.folder / "clinic"
        (self.clinic / "images").mkdir(parents=True)
        (self.clinic / "images/a.png").write_bytes(b"a picture")
        self.database = self.clinic / "clinic.db"
        self.fill(rows=2_000)

    def fill(self, rows, mode="WAL"):
        connection = sqlite3.connect(self.database)
        connection.execute(f"PRAGMA journal_mode={mode}")
        connection.execute("CREATE TABLE IF NOT EXISTS visit (id INTEGER PRIMARY KEY, note TEXT)")
        connection.executemany("INSERT INTO visit (note) VALUES (?)", ((os.urandom(100).hex(),) for _ in range(rows)))
        connection.commit()
        connection.close()

    def run_holdfast(self, *arguments):
        return subprocess.run([HOLDFAST, *map(str, arguments)], capture_output=True, encoding="utf-8", timeout=120)

    def snapshot(self, *more, to=None):
        return self.run_holdfast("snapshot", "--database", self.database, "--to", to or self.backups, "--json", *more)

    def archive(self, *more):
        made = self.snapshot(*more)
        self.assertEqual(made.returncode, 0, made.stderr)
        return json.loads(made.stdout)

    def left_in(self, folder):
        return sorted(entry.name for entry in folder.iterdir()) if folder.exists() else []

    def test_snapshot(self):
        """snapshot makes one verified archive, with counts and side files, and tells of it."""
        told = self.archive("--include", "images/**", "--count", "visits=SELECT count(*) FROM visit")
        self.assertEqual(told["counts"], {"visits": 2000})
        self.assertEqual(told["entries"], 2)
        self.assertEqual(told["bytes"], pathlib.Path(told["archive"]).stat().st_size)
        self.assertEqual(self.left_in(self.backups), [pathlib.Path(told["archive"]).name])

    def test_a_thousand_patients(self):
        """The practice of a thousand patients is backed up in far less than 30 s."""
        self.database.unlink()
        subprocess.run(["python3", ROOT / "tests/bench/clinic_database.py", self.database, "10", "WAL"], check=True)
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            self.assertGreater(connection.execute("SELECT count(*) FROM patient").fetchone()[0], 1_000)
        begin = time.monotonic()
        self.archive("--count", "patients=SELECT count(*) FROM patient")
        self.assertLess(time.monotonic() - begin, 30)

    def test_stock_tools(self):
        """unzip, 7-Zip and Python open the archive, and sqlite3 finds the database in it whole."""
        archive = self.archive("--include", "images/**")["archive"]
        for tool in (["unzip", "-tq", archive], ["7z", "t", archive]):
            checked = subprocess.run(tool, capture_output=True, encoding="utf-8")
            self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        with zipfile.ZipFile(archive) as opened:
            self.assertIsNone(opened.testzip())
            self.assertEqual(opened.namelist(), ["clinic.db", "images/a.png", "backup_manifest.json"])
            opened.extract("clinic.db", self.folder / "by-hand")
        whole = subprocess.run(["sqlite3", self.folder / "by-hand/clinic.db", "PRAGMA integrity_check"],
                               capture_output=True, encoding="utf-8")
        self.assertEqual(whole.stdout, "ok\n")

    def test_restore(self):
        """preview and restore bring back what was lost, and the way back is an archive."""
        count = "visits=SELECT count(*) FROM visit"
        archive = self.archive("--include", "images/**", "--count", count)["archive"]
        with contextlib.closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute("DELETE FROM visit WHERE id > 500")
        (self.clinic / "images/a.png").write_bytes(b"another picture")
        where = ["--database", self.database, "--include", "images/**", "--count", count]
        before = self.run_holdfast("preview", archive, *where)
        self.assertEqual((before.returncode, before.stderr), (0, ""))
        self.assertRegex(before.stdout, r"visits +2000 +500 +\+1500\n")
        self.assertRegex(before.stdout, r"images/a\.png +changes\n")

        refused = self.run_holdfast("restore", archive, *where)
        self.assertEqual((refused.returncode, refused.stdout), (USAGE, ""))
        self.assertIn("Say it with --yes.", refused.stderr)
        restored = self.run_holdfast("restore", archive, *where, "--yes", "--json")
        self.assertEqual((restored.returncode, restored.stderr), (0, ""))
        self.assertEqual((self.clinic / "images/a.png").read_bytes(), b"a picture")
        self.assertEqual(self.visits(), 2000)
        self.assertEqual(self.left_in(self.clinic), ["clinic.db", "images"])

        safety = json.loads(restored.stdout)["safety_archive"]
        self.assertEqual(pathlib.Path(safety).parent, pathlib.Path(archive).parent)
        self.assertEqual(self.run_holdfast("restore", safety, *where, "--yes").returncode, 0)
        self.assertEqual(self.visits(), 500)
        self.assertEqual((self.clinic / "images/a.png").read_bytes(), b"another picture")

    def visits(self):
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            return connection.execute("SELECT count(*) FROM visit").fetchone()[0]

    def test_recovery_page(self):
        """The commands of the recovery page bring a lost database back, with and without Holdfast."""
        kept = self.ruin()
        commands = self.recovery_commands()
        self.assertEqual(len(commands), 5)
        told = self.run_in_clinic("".join(commands[1:]))
        self.assertIn("\nok\n", told)
        self.assertEqual(self.database.read_bytes(), kept)
        self.assertEqual((self.clinic / "unzipped/clinic.db").read_bytes(), kept)
        self.assertEqual((self.clinic / "old/clinic.db-wal").read_bytes(), b"stale")
        self.assertFalse(self.database.with_name("clinic.db-wal").exists())

    def test_recovery_by_command(self):
        """The recovery page's restore brings a lost database back, and keeps what was in its place."""
        kept = self.ruin()
        told = self.run_in_clinic(self.recovery_commands()[0])
        self.assertIn("Nothing was changed.", told)
        self.assertEqual(self.database.read_bytes(), kept)
        self.assertFalse(self.database.with_name("clinic.db-wal").exists())
        [aside] = self.clinic.glob("clinic.db.before-restore-*")
        self.assertEqual((aside / "clinic.db").read_bytes(), b"ruined")
        self.assertEqual((aside / "clinic.db-wal").read_bytes(), b"stale")

    def ruin(self):
        """Archives the database, as the page calls the archive, and ruins it; returns what it was."""
        archive = pathlib.Path(self.archive("--include", "images/**")["archive"])
        archive.rename(self.clinic / "clinic_20261120T100000Z_PC-1.zip")
        kept = self.database.read_bytes()
        self.database.write_bytes(b"ruined")
        self.database.with_name("clinic.db-wal").write_bytes(b"stale")
        return kept

    def recovery_commands(self):
        page = (ROOT / "docs/recovery.md").read_text(encoding="utf-8")
        return re.findall(r"^```sh\n(.*?)^```", page, re.MULTILINE | re.DOTALL)

    def run_in_clinic(self, commands):
        ran = subprocess.run(["bash", "-e"], input=commands, cwd=self.clinic, capture_output=True, encoding="utf-8",
                             env=os.environ | {"PATH": f"{HOLDFAST.parent}:{os.environ['PATH']}"})
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        return ran.stdout

    def test_extract(self):
        """extract gives back every file as it was, and never replaces one."""
        archive = self.archive("--include", "images/**")["archive"]
        extracted = self.run_holdfast("extract", archive, "--to", self.folder / "back/again")
        self.assertEqual(extracted.returncode, 0, extracted.stderr)
        for name in ("clinic.db", "images/a.png"):
            self.assertEqual((self.folder / "back/again" / name).read_bytes(), (self.clinic / name).read_bytes())
        again = self.run_holdfast("extract", archive, "--to", self.folder / "back/again")
        self.assertEqual(again.returncode, FAILED)
        self.assertIn("there is something of that name", again.stderr)

    def test_verify(self):
        """verify tells good archives from damaged ones, each in a line, with an exit code."""
        good = pathlib.Path(self.archive()["archive"])
        bad = good.with_name("bad.zip")
        content = bytearray(good.read_bytes())
        content[len(content) // 2] ^= 1
        bad.write_bytes(content)
        told = self.run_holdfast("verify", good, bad)
        self.assertEqual(told.returncode, FAILED)
        self.assertIn(f"Good: {good}\n", told.stdout)
        self.assertIn(f"BAD: {bad}\n", told.stdout)
        listed = json.loads(self.run_holdfast("verify", good, bad, "--json").stdout)
        self.assertEqual([one["good"] for one in listed], [True, False])

    def test_list(self):
        """list tells of each archive in a folder, broken ones too."""
        first = pathlib.Path(self.archive("--count", "visits=SELECT count(*) FROM visit")["archive"])
        broken = first.with_name(first.name.replace("clinic_", "other_"))
        broken.write_bytes(first.read_bytes()[:-100])
        listed = json.loads(self.run_holdfast("list", self.backups, "--json").stdout)
        self.assertEqual(listed[0]["counts"], {"visits": 2000})
        self.assertIn("fault", listed[1])
        self.assertIn("visits 2000", self.run_holdfast("list", self.backups).stdout)

    def test_wrong_input(self):
        """Whatever is given wrongly is one line on stderr that says what to do."""
        not_a_database = self.clinic / "images/a.png"
        rows = {
            ("snapshot",): (USAGE, "The option --database is missing."),
            ("snapshot", "--database", self.database, "--to", self.backups, "--count", "x"): (USAGE, "is not NAME=SQL"),
            ("snapshot", "--database", self.database, "--to", self.backups, "--name", "A b"): (USAGE, "cannot be a dataset's name"),
            ("snapshot", "--database", self.folder / "none.db", "--to", self.backups): (FAILED, "there is no such file"),
            ("snapshot", "--database", not_a_database, "--to", self.backups): (FAILED, "not an SQLite database"),
            ("snapshot", "--database", self.database, "--to", self.backups, "--count", "x=DELETE FROM visit"): (FAILED, "x"),
            ("extract", not_a_database, "--to", self.folder / "x"): (FAILED, "it is no ZIP file"),
            ("extract",): (USAGE, "No archive was given."),
            ("verify",): (USAGE, "No archive was given."),
            ("list", self.folder / "none"): (FAILED, "none"),
        }
        for arguments, (code, words) in rows.items():
            with self.subTest(arguments=arguments):
                told = self.run_holdfast(*arguments)
                self.assertEqual(told.returncode, code, told.stderr)
                self.assertIn(words, told.stderr)
                self.assertEqual(told.stderr.count("\n"), 1)
        self.assertEqual(self.left_in(self.backups), [])

    def begin_long_snapshot(self):
        """A snapshot that is in its middle, and stays there while it counts."""
        process = subprocess.Popen([HOLDFAST, "snapshot", "--database", self.database, "--to", self.backups,
                                    "--count", SLOW_COUNT],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8")
        self.addCleanup(process.stderr.close)
        deadline = time.monotonic() + 30
        while not any(name.endswith(".tmp") for name in self.left_in(self.backups)):
            self.assertLess(time.monotonic(), deadline)
        return process

    def test_interrupt(self):
        """Ctrl+C ends a snapshot and leaves nothing behind."""
        process = self.begin_long_snapshot()
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=30), FAILED)
        self.assertIn("The backup was cancelled.", process.stderr.read())
        self.assertEqual(self.left_in(self.backups), [])

    def on_a_terminal(self, *arguments):
        """Begins it with a terminal of its own; returns the process, and the other side of that terminal."""
        ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (24, 80))
        process = subprocess.Popen([HOLDFAST, *map(str, arguments)], stdin=theirs, stdout=theirs, stderr=theirs,
                                   start_new_session=True,
                                   preexec_fn=lambda: fcntl.ioctl(theirs, termios.TIOCSCTTY, 0))
        os.close(theirs)
        self.addCleanup(os.close, ours)
        return process, ours

    def shown_on(self, terminal, until=None):
        """What is written to the terminal, until that is, or to the end."""
        shown = b""
        while until is None or until not in shown:
            self.assertTrue(select.select([terminal], [], [], 60)[0], shown)
            try:
                shown += os.read(terminal, 4096)
            except OSError:  # the last program has left it
                break
        return shown.decode()

    def test_terminal(self):
        """On a terminal each phase is told with a bar that the next one overwrites, and the end with a sentence."""
        self.fill(rows=50_000)
        process, terminal = self.on_a_terminal("snapshot", "--database", self.database, "--to", self.backups)
        shown = self.shown_on(terminal)
        self.assertEqual(process.wait(timeout=60), 0, shown)
        self.assertRegex(shown, r"^\rreading +\[[#-]+\] +\d+ %")
        self.assertRegex(shown, r"\rverifying +\[[#-]+\] +\d+ %")
        self.assertRegex(shown, r"\r\x1b\[32mVerified:\x1b\[0m [^\r]*\.zip \([^\r]*\)\r\n$")
        *bars, _last = shown.rstrip().split("\r")
        self.assertLessEqual(max(map(len, bars)), 80)

    def test_key(self):
        """Ctrl+C on a terminal ends a snapshot with a sentence of its own and leaves nothing behind."""
        self.fill(rows=50_000)
        process, terminal = self.on_a_terminal("snapshot", "--database", self.database, "--to", self.backups,
                                               "--count", SLOW_COUNT)
        shown = self.shown_on(terminal, until=b"reading")
        os.write(terminal, b"\x03")
        shown += self.shown_on(terminal)
        self.assertEqual(process.wait(timeout=60), FAILED, shown)
        self.assertIn("The backup was cancelled.", shown)
        self.assertEqual(self.left_in(self.backups), [])

    def test_kill(self):
        """A killed snapshot leaves nothing that looks like an archive, and the next one sweeps up."""
        process = self.begin_long_snapshot()
        process.kill()
        process.wait()
        self.assertEqual([name for name in self.left_in(self.backups) if name.endswith(".zip")], [])
        archive = pathlib.Path(self.archive()["archive"])
        self.assertEqual(self.left_in(self.backups), [archive.name])

    def mount_disk(self, pages):
        """A disk that has room for so many pages of 4 KiB, and nothing else."""
        disk = self.folder / f"disk{pages}"
        disk.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={pages * 4}k", "tmpfs", disk],
                                 capture_output=True)
        if mounted.returncode != 0:
            self.skipTest("A small disk cannot be mounted here.")
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        return disk

    def test_full_disk(self):
        """On a full disk the error says so, earlier archives stay good, and nothing else is left."""
        earlier = pathlib.Path(self.archive("--name", "earlier")["archive"])
        connection = sqlite3.connect(self.database)
        # Nothing makes this smaller, so it needs four times the room that is asked for beforehand.
        connection.executemany("INSERT INTO visit (note) VALUES (?)", ((os.urandom(3_000),) for _ in range(2_000)))
        connection.commit()
        connection.close()
        taken, needed = (-(-path.stat().st_size // 4096) for path in (earlier, pathlib.Path(self.archive()["archive"])))
        # The room ends near the beginning, past the middle, near the end, with the last page; or just not.
        for pages in (needed // 2, needed * 2 // 3, needed - 20, needed - 1, needed):
            with self.subTest(pages=pages, needed=needed):
                disk = self.mount_disk(taken + pages)
                kept = shutil.copy(earlier, disk)
                told = self.snapshot(to=disk)
                if pages == needed:
                    self.assertEqual(told.returncode, 0, told.stderr)
                    continue
                self.assertEqual(told.returncode, FAILED)
                error = json.loads(told.stdout)["error"]
                self.assertEqual(error["code"], "disk_full")
                self.assertNotIn("are needed", error["message"])
                self.assertEqual(self.left_in(disk), [earlier.name])
                self.assertEqual(self.run_holdfast("verify", kept).returncode, 0)

    def test_too_little_room(self):
        """Where the room cannot be enough, nothing is begun."""
        self.fill(rows=20_000)
        disk = self.mount_disk(100)
        refused = self.snapshot(to=disk)
        self.assertEqual(refused.returncode, FAILED)
        error = json.loads(refused.stdout)["error"]
        self.assertEqual(error["code"], "disk_full")
        self.assertIn("are needed", error["message"])
        self.assertEqual(self.left_in(disk), [])


if __name__ == "__main__":
    unittest.main()
