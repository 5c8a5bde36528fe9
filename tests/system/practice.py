"""A practice's computer: Holdfast is installed, and its service is asked as people ask it."""

import json
import pathlib
import sqlite3
import tempfile
import unittest

import product
from wine import Wine, wait_until

HOLDFAST = r"C:\Program Files\Holdfast\holdfast.exe"
CONFIG = r"C:\ProgramData\Holdfast\config.json"
CLINIC_DATABASE = r"C:\Practice\clinic.db"


class InstalledPractice(unittest.TestCase):
    """Gives each test a Windows with Holdfast installed and nothing configured."""

    display = None  # where there is a screen

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="practice-")
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)
        self.windows = Wine(self.display)
        self.addCleanup(self.windows.close)
        self.assertEqual(self.windows.install(product.package(self.scratch / "package").msi), 0)
        self.drive = self.windows.unix_path("C:\\")
        self.config_file = self.windows.unix_path(CONFIG)

    def holdfast(self, *arguments):
        return self.windows.run(HOLDFAST, *arguments)

    def protect(self, *datasets):
        """Written as an administrator would; the service takes it by itself."""
        text = json.dumps({"version": 1, "datasets": datasets}, indent=2)
        self.config_file.write_text(text, encoding="utf-8")
        wait_until("The configuration is taken.", lambda: len(self.status()["datasets"]) == len(datasets), timeout=60)

    def status(self):
        return json.loads(self.holdfast("status", "--json").stdout)

    def runs(self):
        return json.loads(self.holdfast("history", "--json").stdout)["runs"]


class ClinicPractice(InstalledPractice):
    """Gives each test a practice with one patient in its backup, and a second one since."""

    def setUp(self):
        super().setUp()
        self.database = self.drive / "Practice" / "clinic.db"
        self.backups = self.drive / "Backups"
        self.database.parent.mkdir()
        self.sql("PRAGMA journal_mode=WAL", "CREATE TABLE patient(name)", "INSERT INTO patient VALUES('Anna')")
        self.protect(self.dataset())
        self.assertEqual(self.holdfast("backup", "--wait").exit_code, 0)
        [self.archive] = [archive.name for archive in self.backups.glob("*.zip")]
        self.sql("INSERT INTO patient VALUES('Berta')")

    def dataset(self, **more):
        return {"id": "clinic", "title": "The clinic", "database": CLINIC_DATABASE,
                "destination": {"folder": r"C:\Backups"}, "schedule": {"manual": True}, "drill_every": "never",
                "counts": {"patients": "SELECT count(*) FROM patient"}} | more

    def sql(self, *statements):
        connection = sqlite3.connect(self.database)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()

    def patients(self):
        connection = sqlite3.connect(self.database)
        names = [name for [name] in connection.execute("SELECT name FROM patient ORDER BY name")]
        connection.close()
        return names
