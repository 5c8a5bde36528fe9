"""What the service is for: it protects a practice's database by itself, while its application works."""

import concurrent.futures
import json
import os
import pathlib
import signal
import sqlite3
import time
import unittest
import zipfile

import bank
import practice
import service_log
from wine import wait_until

PROTECTED, AT_RISK, FAILED = 0, 2, 70


class ProtectedPractice(practice.InstalledPractice):
    """Gives each test a practice, and a bank whose application is at work."""

    def setUp(self):
        super().setUp()
        self.database = self.drive / "Practice" / "bank.db"
        self.backups = self.drive / "Backups"
        self.database.parent.mkdir()
        self.seen = set()

    def configure(self, **settings):
        self.protect({"id": "bank", "title": "The bank", "database": r"C:\Practice\bank.db",
                      "destination": {"folder": r"C:\Backups"}, "schedule": {"every": "1m"},
                      # A drill is a run, too, and retention keeps the archive that it proved.
                      "drill_every": "never",
                      "counts": {"money": "SELECT sum(money) FROM account"}} | settings)

    def archives(self):
        return sorted(self.backups.glob("*.zip")) if self.backups.exists() else []

    def begin_working(self):
        return bank.begin_working(self, self.windows, r"C:\Practice\bank.db")

    def check_archive(self, archive):
        with zipfile.ZipFile(archive) as opened:
            self.assertIsNone(opened.testzip())
            extracted = pathlib.Path(opened.extract("bank.db", self.scratch / archive.stem))
        connection = sqlite3.connect(extracted)
        self.addCleanup(connection.close)
        self.assertEqual(connection.execute("PRAGMA integrity_check").fetchone(), ("ok",))
        self.assertEqual(connection.execute("SELECT sum(money) FROM account").fetchone(), (bank.MONEY,))

    def restart_service(self):
        self.windows.run("sc", "stop", "Holdfast")
        wait_until("The service has stopped.", lambda: self.windows.service_state("Holdfast") == "STOPPED")
        self.windows.run("sc", "start", "Holdfast")
        wait_until("The service runs.", lambda: self.windows.service_state("Holdfast") == "RUNNING")

    def made(self, cause):
        return [run for run in self.runs() if run["cause"] == cause and run["outcome"] == "verified"]

    def wait_for_archives(self, count):
        """Until so many were seen, whether they are still there or not."""
        self.seen |= {archive.name for archive in self.archives()}
        wait_until(f"{count} archives were made.",
                   lambda: (self.seen.update(archive.name for archive in self.archives()), len(self.seen) >= count)[1],
                   timeout=180)

    def test_a_working_day(self):
        """The service backs a live database up as scheduled and when its application closes, and keeps what it should."""
        application = self.begin_working()
        self.configure(triggers=[{"app_closes": "bank_writer.exe"}], keep={"last": 2})
        self.wait_for_archives(1)
        wait_until("The data is protected.", lambda: self.holdfast("status").exit_code == PROTECTED)
        self.wait_for_archives(2)
        self.restart_service()
        self.assertEqual(self.status()["health"], "protected")
        self.wait_for_archives(3)
        wait_until("Retention follows.", lambda: len(self.archives()) == 2)
        self.assertEqual(len(self.made("schedule")), 3)

        self.assertEqual(bank.end_working(application), 0)
        self.wait_for_archives(4)
        wait_until("The data is backed up when its application closes.", lambda: self.made("app_closes"), timeout=120)
        wait_until("Retention follows again.", lambda: len(self.archives()) == 2)
        for archive in self.archives():
            self.check_archive(archive)
        told = self.holdfast("retention", "bank", "--dry-run").stdout
        self.assertEqual(told.count("keep"), 2, told)
        self.assertEqual({run["outcome"] for run in self.runs()} - {"verified", "unchanged"}, set(), self.runs())
        ids = [event.id for event in self.windows.events()]
        self.assertGreaterEqual(ids.count(1100), 4)

    def test_before_something_destructive(self):
        """holdfast backup --wait returns when there is a verified archive with what was there, or fails with a reason."""
        bank.end_working(self.begin_working())
        self.configure(schedule={"manual": True})
        self.assertEqual(self.holdfast("status").exit_code, AT_RISK)
        told = self.holdfast("backup", "bank", "--wait", "--reason", "before the update")
        self.assertEqual((told.exit_code, told.stderr), (0, ""))
        self.assertEqual(told.stdout, f"Verified: {self.archives()[0].name} (bank)\n")
        self.check_archive(self.archives()[0])
        again = self.holdfast("backup", "--wait", "--json")
        self.assertEqual(again.exit_code, 0)
        self.assertEqual(len(self.archives()), 2)
        self.assertEqual(json.loads(again.stdout)["runs"][0]["record"]["outcome"], "verified")

        self.database.rename(self.database.with_name("away.db"))
        failed = self.holdfast("backup", "--wait")
        self.assertEqual((failed.exit_code, failed.stdout), (FAILED, ""))
        self.assertRegex(failed.stderr, r"^holdfast: bank was not backed up: .*bank\.db.* there is no such file.*\n$")
        unknown = self.holdfast("backup", "nothing", "--wait")
        self.assertEqual(unknown.exit_code, FAILED)
        self.assertIn('There is no dataset "nothing".', unknown.stderr)

    def test_deleted_records(self):
        """Records that were deleted raise the alarm, until an administrator accepts it."""
        bank.end_working(self.begin_working())
        self.configure(schedule={"manual": True}, counts={"accounts": "SELECT count(*) FROM account"})
        self.assertEqual(self.holdfast("backup", "bank", "--wait").exit_code, 0)
        connection = sqlite3.connect(self.database)
        with connection:
            connection.execute("DELETE FROM account WHERE rowid % 2 = 0")
        [left] = connection.execute("SELECT count(*) FROM account").fetchone()
        connection.close()
        self.assertEqual(self.holdfast("backup", "bank", "--wait").exit_code, 0)
        alarm = self.holdfast("status")
        self.assertEqual(alarm.exit_code, AT_RISK)
        self.assertIn(f"the number of accounts fell from {2 * left} to {left}", " ".join(alarm.stdout.split()))
        self.assertEqual([event.id for event in self.windows.events()].count(3104), 1)
        accepted = self.holdfast("accept", "bank")
        self.assertEqual((accepted.exit_code, accepted.stdout), (0, f"Accepted: bank ({left} accounts)\n"))
        self.assertEqual(self.holdfast("status").exit_code, PROTECTED)
        again = self.holdfast("accept", "bank")
        self.assertEqual((again.exit_code, again.stdout), (FAILED, ""))
        self.assertIn("No count of The bank has fallen.", again.stderr)

    def test_broken_edit(self):
        """A broken edit of the configuration changes nothing but what status tells, and is one event."""
        bank.end_working(self.begin_working())
        self.configure(schedule={"manual": True})
        file = self.config_file
        good = file.read_text(encoding="utf-8")
        file.write_text(good.replace('"manual": true', '"manual": maybe'), encoding="utf-8")
        status = wait_until("The fault is told.", lambda: (told := self.status())["faults"] and told, timeout=60)
        self.assertIn("config.json:", status["faults"][0])
        self.assertEqual([dataset["id"] for dataset in status["datasets"]], ["bank"])
        self.assertEqual(self.holdfast("backup", "bank", "--wait").exit_code, 0)
        self.assertEqual([event.id for event in self.windows.events()].count(3200), 1)
        file.write_text(good, encoding="utf-8")
        wait_until("The fault is gone.", lambda: not self.status()["faults"], timeout=60)

    def configure_large_bank(self):
        bank.end_working(self.begin_working())
        connection = sqlite3.connect(self.database)
        connection.execute("CREATE TABLE scan (picture BLOB)")
        with connection:
            connection.executemany("INSERT INTO scan VALUES (randomblob(1000000))", [()] * 1000)
        connection.close()
        self.configure(schedule={"manual": True})

    def wait_until_begun(self):
        wait_until("The backup has begun.", lambda: list(self.backups.glob("*.tmp")), timeout=60)

    def test_fallen_service(self):
        """Who waits for a backup has it from the next service when this one falls."""
        self.configure_large_bank()
        self.windows.run("sc", "stop", "Holdfast")
        wait_until("The service has stopped.", lambda: self.windows.service_state("Holdfast") == "STOPPED")
        # By hand, for Wine's service manager believes that a killed service runs on.
        self.windows.start(practice.HOLDFAST, "run")
        wait_until("Holdfast answers from a console.", lambda: self.holdfast("status").exit_code == AT_RISK)
        [service] = self.windows.processes("holdfast.exe")
        with concurrent.futures.ThreadPoolExecutor(1) as background:
            waiting = background.submit(self.holdfast, "backup", "bank", "--wait")
            self.wait_until_begun()
            os.kill(int(service.name), signal.SIGKILL)
            wait_until("Holdfast has fallen.", lambda: service not in self.windows.processes("holdfast.exe"))
            self.assertFalse(waiting.done())
            self.windows.start(practice.HOLDFAST, "run")
            told = waiting.result()
        self.assertEqual((told.exit_code, told.stderr), (0, ""))
        [archive] = self.archives()
        self.assertEqual(told.stdout, f"Verified: {archive.name} (bank)\n")
        self.assertEqual([run["outcome"] for run in self.runs()], ["verified", "interrupted"])

    def test_stop_during_a_backup(self):
        """A stop in the middle of a backup ends the service within 3 s and leaves nothing half made."""
        self.configure_large_bank()
        self.holdfast("backup", "bank")
        self.wait_until_begun()
        begun = time.monotonic()
        self.windows.run("sc", "stop", "Holdfast")
        wait_until("The service has stopped.", lambda: self.windows.service_state("Holdfast") == "STOPPED")
        self.assertLess(time.monotonic() - begun, 5, "of which the two commands take their part")
        self.assertLess(self.seconds_to_stop(), 3)
        self.assertEqual(list(self.backups.iterdir()), [])
        self.windows.run("sc", "start", "Holdfast")
        wait_until("The service runs.", lambda: self.windows.service_state("Holdfast") == "RUNNING")
        self.assertEqual(self.runs()[0]["outcome"], "interrupted")

    def seconds_to_stop(self):
        log = self.windows.unix_path(r"C:\ProgramData\Holdfast\logs\holdfast.log").read_text(encoding="utf-8")
        return service_log.seconds_between(log, "stopping", "event 1001")


if __name__ == "__main__":
    unittest.main()
