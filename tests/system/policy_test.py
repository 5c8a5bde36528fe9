"""What an administrator configures and enforces, and what is told when it goes wrong."""

import contextlib
import json
import sqlite3
import unittest

from practice import InstalledPractice
from wine import wait_until

POLICIES = r"HKLM\SOFTWARE\Policies\Holdfast"
DATASET = {"id": "lab", "title": "Lab", "database": r"C:\Lab\lab.db", "destination": {"folder": r"C:\Backups"},
           "schedule": {"every": "4h"}, "stale_after": "24h", "drill_every": "never"}
PROTECTED, ATTENTION = 0, 1
LEFT_OUT, REJECTED, TAKEN = 2200, 3200, 1200


class Steered(InstalledPractice):
    """One dataset, backed up."""

    def setUp(self):
        super().setUp()
        (self.drive / "Lab").mkdir()
        with contextlib.closing(sqlite3.connect(self.drive / "Lab" / "lab.db")) as connection, connection:
            connection.execute("CREATE TABLE sample (name TEXT)")
        self.protect(DATASET)
        self.assertEqual(self.holdfast("backup", "--wait").exit_code, 0)
        wait_until("It is protected.", lambda: self.holdfast("status").exit_code == PROTECTED)

    def set_policy(self, name, value):
        self.windows.run("reg", "add", POLICIES, "/v", name, "/t", "REG_SZ", "/d", value, "/f")

    def setting(self, key):
        """The value of the dataset's setting, and where it comes from."""
        [dataset] = json.loads(self.holdfast("config", "show", "--json").stdout)["datasets"]
        [setting] = [one for one in dataset["settings"] if one["key"] == key]
        return setting["value"], setting["origin"]

    def events(self, number):
        return [event for event in self.windows.events() if event.id == number]

    def test_policy(self):
        """A policy holds within seconds, one of the schedule that the file's freshness does not fit, too."""
        self.set_policy("schedule.every", "2d")
        self.set_policy("keep.last", "30")
        self.assertEqual(self.setting("keep.last"), (30, "policy"))
        self.assertEqual(self.setting("schedule.every"), ("2d", "policy"))
        self.assertEqual(self.setting("stale_after"), ("3d", "default"))
        wait_until("The service goes by it.",
                   lambda: "in 47 hours" in (told := self.holdfast("status").stdout) or "in 2 days" in told, timeout=60)
        self.assertEqual(self.events(REJECTED), [])

    def test_wrong_policy(self):
        """A policy that is wrong is told by an event, and takes no protection away."""
        self.set_policy("keep.lats", "30")
        wait_until("It is told.", lambda: self.events(LEFT_OUT), timeout=60)
        self.assertIn('did you mean "keep.last"?', self.events(LEFT_OUT)[0].strings[0])
        told = self.holdfast("status")
        self.assertEqual(told.exit_code, ATTENTION)
        self.assertIn("policy: keep.lats", told.stdout)
        self.assertEqual([dataset["health"] for dataset in self.status()["datasets"]], ["protected"])

    def test_broken_edit(self):
        """A configuration that is not taken turns the status until it is mended."""
        good = self.config_file.read_text(encoding="utf-8")
        self.config_file.write_text('{"version": 1, "datasets": [7]}', encoding="utf-8")
        wait_until("It wants attention.", lambda: self.holdfast("status").exit_code == ATTENTION, timeout=60)
        told = self.holdfast("status").stdout
        self.assertTrue(told.startswith("Needs attention: The configuration was not taken:"), told)
        self.assertIn("config.json:1:", told)
        self.assertEqual(self.status()["health"], "attention")
        self.config_file.write_text(good, encoding="utf-8")
        wait_until("All is well.", lambda: self.holdfast("status").exit_code == PROTECTED, timeout=60)
        self.assertEqual((len(self.events(REJECTED)), len(self.events(TAKEN))), (1, 1))


if __name__ == "__main__":
    unittest.main()
