"""What people configure by mistake: each is told in a sentence, and nothing else suffers."""

import json
import os
import sqlite3
import unittest

import practice
from wine import wait_until

FAR = "\\".join(["a folder with a name that is not short at all, of a vendor who nests"] * 5)
NOT_READY, AT_RISK, FAILED = 1, 2, 70

# id -> what is told of it, whoever tells.
TROUBLES = {
    "missing": "there is no such file",
    "folder": "it is a folder",
    "letter": "not an SQLite database",
    "secret": "probably encrypted",
    "empty": "0 bytes long",
    "gone-drive": "there is no such file",
    "unplugged": "there is no Q:\\ now",
    "on-a-file": "is a file, and no folder",
    "deleting": 'count "patients": it writes to the database',
    "endless": 'count "patients": it took longer than 10 s',
    "own-folder": "is the database's own folder",
    "twin": "The dataset First protects the database",
}
# Whatever their names are.
SOUND = {"good", "emoji", "far", "first", "watched"}


class BadInput(practice.InstalledPractice):
    def database(self, name):
        path = self.windows.unix_path(name)
        os.makedirs(path.parent, exist_ok=True)
        connection = sqlite3.connect(path)
        connection.executescript("CREATE TABLE patient (name TEXT); INSERT INTO patient VALUES ('Anna')")
        connection.close()

    def file(self, name, content):
        self.windows.unix_path(name).write_bytes(content)

    def dataset(self, name, database=None, **settings):
        return {"id": name, "title": name.capitalize(), "database": database or rf"C:\Practice\{name}.db",
                "destination": {"folder": rf"C:\Backups\{name}"}, "schedule": {"manual": True}} | settings

    def datasets(self):
        """A dataset for each trouble, among others that are sound."""
        for name in ("good", "unplugged", "on-a-file", "deleting", "endless", "watched"):
            self.database(rf"C:\Practice\{name}.db")
        emoji = "C:\\Praxis \N{STETHOSCOPE} Müller\\Pätienten \N{X-RAY}.db"
        far = f"C:\\{FAR}\\far.db"
        for name in (emoji, far, r"C:\ProgramData\EMR\clinic.db", r"C:\ProgramData\EMR\twin.db"):
            self.database(name)
        os.mkdir(self.windows.unix_path(r"C:\Practice\folder.db"))
        self.file(r"C:\Practice\letter.db", b"Dear Anna, " * 1000)
        self.file(r"C:\Practice\secret.db", os.urandom(8192))
        self.file(r"C:\Practice\empty.db", b"")
        self.file(r"C:\Practice\file", b"x")
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        return [
            self.dataset("good"),
            *map(self.dataset, ("missing", "folder", "letter", "secret", "empty")),
            self.dataset("gone-drive", r"Q:\Practice\clinic.db"),
            self.dataset("unplugged", destination={"folder": r"Q:\Backups"}),
            self.dataset("on-a-file", destination={"folder": r"C:\Practice\file"}),
            self.dataset("emoji", emoji, destination={"folder": "C:\\Sicherungen \N{RING BUOY}"}),
            self.dataset("far", far, destination={"folder": f"C:\\Backups\\{FAR}"}),
            self.dataset("deleting", counts={"patients": "WITH a AS (SELECT 1) DELETE FROM patient"}),
            self.dataset("endless", counts={"patients": endless}),
            self.dataset("watched", triggers=[{"query_changes": "SELECT count(*) FROM patients"}]),
            self.dataset("own-folder", r"{programdata}\EMR\clinic.db",
                         destination={"folder": r"C:\ProgramData\EMR"}),
            self.dataset("first", r"{programdata}\EMR\twin.db"),
            self.dataset("twin", r"C:\programdata\emr\TWIN.db"),
        ]

    def test_every_dataset_by_itself(self):
        """What cannot be backed up says why, in config check, backup and status, and the other datasets carry on."""
        self.protect(*self.datasets())

        checked = self.holdfast("config", "check", "--json")
        self.assertEqual(checked.exit_code, NOT_READY, checked)
        obstacles = json.loads(checked.stdout)["obstacles"]
        self.assert_told({each["dataset"]: each["sentence"] for each in obstacles},
                         TROUBLES | {"watched": "The watched query of"})

        backup = self.holdfast("backup", "--wait", "--json")
        self.assertEqual(backup.exit_code, FAILED)
        runs = json.loads(backup.stdout)["runs"]
        made = {run["dataset"] for run in runs if run.get("record", {}).get("outcome") == "verified"}
        self.assertEqual(made, SOUND)
        self.assert_told({run["dataset"]: run.get("sentence") or run["record"]["sentence"]
                          for run in runs if run["dataset"] not in made}, TROUBLES)

        self.assertEqual(self.holdfast("status").exit_code, AT_RISK)
        # After their first test restores.
        wait_until("The sound ones are protected.", lambda: SOUND == {
            each["id"] for each in self.status()["datasets"] if each["health"] == "protected"}, 60)
        status = self.status()
        told = {each["id"]: each for each in status["datasets"]}
        self.assert_told({name: each["headline"] for name, each in told.items() if name not in SOUND}, TROUBLES)
        self.assertIn("no such table: patients", status["faults"][0])

    def assert_told(self, told, expected):
        self.assertEqual(told.keys(), expected.keys())
        for name, part in expected.items():
            with self.subTest(dataset=name):
                self.assertIn(part, told[name])

    def test_faults_in_the_file(self):
        """A configuration with a path or a query that cannot be right is refused whole, and each fault has its line."""
        self.protect(self.dataset("missing"))
        bad = [self.dataset("dot", "C:\\Practice\\clinic.db."), self.dataset("relative", "clinic.db"),
               self.dataset("deleting", counts={"patients": "DELETE FROM patient"}),
               self.dataset("same", destination={"folder": "C:\\Practice"}),
               self.dataset("inside", include=["**"], destination={"folder": r"C:\Practice\Backups"}),
               self.dataset("one", r"C:\Practice\one.db"), self.dataset("two", r"C:\PRACTICE\one.db")]
        self.config_file.write_text(json.dumps({"version": 1, "datasets": bad}, indent=2), encoding="utf-8")
        checked = self.holdfast("config", "check", "--json")
        self.assertEqual(checked.exit_code, FAILED)
        faults = {fault["path"]: fault["sentence"] for fault in json.loads(checked.stdout)["faults"]}
        self.assertEqual(faults.keys(), {
            "datasets[0].database", "datasets[1].database", "datasets[2].counts.patients",
            "datasets[3].destination.folder", "datasets[4].destination.folder", "datasets[6].database"}, faults)
        wait_until("The fault is told.", lambda: self.status()["faults"], timeout=60)
        self.assertEqual([each["id"] for each in self.status()["datasets"]], ["missing"])


if __name__ == "__main__":
    unittest.main()
