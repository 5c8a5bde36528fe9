"""The report as its reader gets it: one page that needs nothing else."""

import json
import sqlite3
import unittest
from xml.etree import ElementTree

from practice import InstalledPractice
from wine import wait_until

FETCHING = {"script", "link", "img", "iframe", "object", "embed", "base", "form", "a", "use", "image", "audio", "video"}


class Report(InstalledPractice):
    def setUp(self):
        super().setUp()
        folder = self.drive / "Clinic"
        folder.mkdir()
        connection = sqlite3.connect(folder / "clinic.db")
        connection.execute("CREATE TABLE patient (id INTEGER PRIMARY KEY)")
        connection.commit()
        connection.close()
        self.protect({"id": "clinic", "title": "The <b>clinic's</b> records", "database": r"C:\Clinic\clinic.db",
                      "destination": {"folder": r"C:\Backups"}, "schedule": {"manual": True}})
        self.assertEqual(self.holdfast("backup", "clinic", "--wait").exit_code, 0)
        # The first test restore begins at once.
        wait_until("The service is at rest.", lambda: self.status()["health"] == "protected")

    def test_page(self):
        """holdfast report writes one page that a strict parser reads, and that fetches nothing."""
        made = self.holdfast("report", "--to", r"C:\Reports\today.html", "--json")
        self.assertEqual(made.exit_code, 0, made.stderr)
        told = json.loads(made.stdout)
        file = self.windows.unix_path(told["report"])
        self.assertEqual(told["bytes"], file.stat().st_size)
        self.assertEqual((told["health"], told["datasets"], told["archives"]), ("protected", 1, 1))
        page = ElementTree.parse(file).getroot()
        for element in page.iter():
            self.assertNotIn(element.tag, FETCHING)
            for attribute in element.attrib:
                self.assertFalse(attribute.startswith("on") or attribute in ("href", "src", "style", "action"))
        self.assertNotIn(b"//", file.read_bytes())
        self.assertEqual("".join(page.find(".//h2").itertext()), "The <b>clinic's</b> records")
        titles = [title.text for title in page.iterfind(".//svg/title")]
        self.assertIn("Age of the newest backup", titles)

    def test_what_is_there(self):
        """holdfast report replaces an earlier report, and another file only when it is told to."""
        reports = self.drive / "Reports"
        reports.mkdir()
        for _ in range(2):
            self.assertEqual(self.holdfast("report", "--to", r"C:\Reports").exit_code, 0)
        self.assertEqual([file.name for file in reports.iterdir()], ["holdfast-report.html"])

        thesis = reports / "thesis.html"
        thesis.write_text("<!DOCTYPE html>\n<p>My thesis</p>")
        refused = self.holdfast("report", "--to", r"C:\Reports\thesis.html")
        self.assertEqual(refused.exit_code, 70)
        self.assertIn("no report made by Holdfast", refused.stderr)
        self.assertIn("My thesis", thesis.read_text())
        self.assertEqual(self.holdfast("report", "--to", r"C:\Reports\thesis.html", "--overwrite").exit_code, 0)
        self.assertIn("A report made by Holdfast", thesis.read_text())


if __name__ == "__main__":
    unittest.main()
