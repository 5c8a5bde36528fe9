"""The day on which the backups are needed: through the service, with the application at work, and when things go wrong."""

import json
import sqlite3
import time
import unittest

import bank
import practice
from wine import wait_until

PROTECTED, AT_RISK, FAILED, USAGE = 0, 2, 70, 64


class RestoredPractice(practice.ClinicPractice):
    def events_of(self, number):
        return [event for event in self.windows.events() if event.id == number]

    def test_restore_and_undo(self):
        """An archive is looked at, restored, taken back and restored again; all of it is told."""
        preview = json.loads(self.holdfast("preview", self.archive, "--json").stdout)
        self.assertEqual(preview["counts"], [{"name": "patients", "archived": 1, "here": 2}])
        self.assertEqual(self.patients(), ["Anna", "Berta"])

        refused = self.holdfast("restore", self.archive)
        self.assertEqual(refused.exit_code, USAGE, refused)
        self.assertEqual(self.patients(), ["Anna", "Berta"])

        told = self.holdfast("restore", self.archive, "--yes")
        self.assertEqual(told.exit_code, 0, told)
        self.assertIn("Restored: clinic from " + self.archive, told.stdout)
        self.assertIn("holdfast undo clinic", told.stdout)
        self.assertEqual(self.patients(), ["Anna"])
        self.assertEqual(len(self.events_of(1110)), 1)

        told = self.holdfast("undo", "--yes")
        self.assertEqual(told.exit_code, 0, told)
        self.assertEqual(self.patients(), ["Anna", "Berta"])
        self.assertEqual(len(self.events_of(1111)), 1)
        history = json.loads(self.holdfast("history", "--kind", "restore", "--json").stdout)["runs"]
        self.assertEqual([run["cause"] for run in history], ["undo", "manual"])
        self.assertEqual({run["outcome"] for run in history}, {"verified"})
        wait_until("What was restored is backed up.",
                   lambda: [run for run in self.runs() if run["cause"] == "restore" and run["outcome"] == "verified"])

    def test_drill(self):
        """A test restore proves a good archive, finds a broken one, and leaves nothing behind."""
        told = self.holdfast("drill", "--wait")
        self.assertEqual(told.exit_code, 0, told)
        self.assertIn("Proven restorable: " + self.archive, told.stdout)
        self.assertIn("drilled_at", self.status()["datasets"][0])
        self.assertEqual(len(self.events_of(1120)), 1)
        scratch = self.windows.unix_path(r"C:\ProgramData\Holdfast\scratch")
        self.assertEqual(list(scratch.glob("*")) if scratch.exists() else [], [])

        path = self.backups / self.archive
        content = bytearray(path.read_bytes())
        content[len(content) // 3] ^= 1
        path.write_bytes(content)
        told = self.holdfast("drill", "clinic", "--archive", self.archive, "--wait")
        self.assertEqual(told.exit_code, FAILED, told)
        self.assertEqual(len(self.events_of(3120)), 1)
        self.assertEqual(self.holdfast("status").exit_code, AT_RISK)

    def test_damage_at_start(self):
        """A database that is damaged while the service is away is found at its start; one command brings it back."""
        self.windows.run("sc", "stop", "Holdfast")
        wait_until("The service has stopped.", lambda: self.windows.service_state("Holdfast") == "STOPPED")
        self.sql("PRAGMA journal_mode=DELETE")
        with self.database.open("r+b") as file:
            file.seek(4096)
            file.write(b"\x7f" * 512)
        self.windows.run("sc", "start", "Holdfast")
        wait_until("The damage is found.", lambda: self.service_status().get("health") == "damaged", timeout=120)
        [event] = self.events_of(3101)
        self.assertIn("holdfast restore " + self.archive, str(event))
        told = self.holdfast("status").stdout
        self.assertIn("holdfast restore " + self.archive, told)

        told = self.holdfast("restore", self.archive, "--yes")
        self.assertEqual(told.exit_code, 0, told)
        self.assertIn("kept in", told.stdout)
        self.assertEqual(self.patients(), ["Anna"])
        wait_until("All is well again.", lambda: self.holdfast("status").exit_code == PROTECTED)
        undo = self.holdfast("undo", "clinic", "--yes")
        self.assertEqual(undo.exit_code, FAILED)
        self.assertIn("cannot be undone", undo.stderr)

    def service_status(self):
        answer = self.holdfast("status", "--json")
        return json.loads(answer.stdout) if answer.exit_code in (0, 1, 2) else {}

    def test_application_at_work(self):
        """A bank's application moves money all the while, and no money comes or goes."""
        bank_database = self.database.parent / "bank.db"
        application = bank.begin_working(self, self.windows, r"C:\Practice\bank.db")
        self.protect({"id": "bank", "title": "The bank", "database": r"C:\Practice\bank.db",
                      "destination": {"folder": r"C:\Backups"}, "schedule": {"manual": True}, "drill_every": "never",
                      "counts": {"money": "SELECT sum(money) FROM account"}})
        wait_until("The bank is known.", lambda: self.status()["datasets"][0]["id"] == "bank")
        self.assertEqual(self.holdfast("backup", "bank", "--wait").exit_code, 0)
        [archive] = [archive.name for archive in self.backups.glob("bank_*.zip")]
        begin = time.monotonic()
        told = self.holdfast("restore", archive, "--yes")
        # Who writes all the time leaves no moment; it is then refused, and all is as it was.
        if told.exit_code != 0:
            self.assertIn("Close the application and try again", told.stderr)
        self.assertLess(time.monotonic() - begin, 60)
        self.assertEqual(bank.end_working(application), 0)
        connection = sqlite3.connect(bank_database)
        self.addCleanup(connection.close)
        self.assertEqual(connection.execute("PRAGMA integrity_check").fetchone(), ("ok",))
        self.assertEqual(connection.execute("SELECT sum(money) FROM account").fetchone(), (bank.MONEY,))


if __name__ == "__main__":
    unittest.main()
