"""The set-up and the settings as their user sees them, on a real screen."""

import contextlib
import json
import os
import pathlib
import signal
import sqlite3
import tempfile
import time
import unittest

import product
from one_drive import OneDrive
from practice import HOLDFAST
from screen import Screen
from wine import Wine, wait_until

SETUP, SETTINGS = "Protect a database", "Holdfast settings"
OK, CANCEL = 1, 2
FAULT, DATASET, TIMES, LOCKED, DATABASE, PLACE = 1021, 1001, 1002, 1003, 1005, 1008
BROWSE_DATABASE, FOLDER, BROWSE_FOLDER, OPEN_FOLDER = 1006, 1009, 1010, 1011
SCHEDULE_VALUE, SCHEDULE_FAULT, KEEP, KEEP_FAULT, APPLY = 1014, 1016, 1017, 1018, 1022
SETUP_DATABASE, SETUP_PLACE, SETUP_FOLDER, SETUP_RESULT, SKIP = 1102, 1105, 1106, 1109, 1111
DIALOG_CLASS, EXPLORER_CLASS = "#32770", "ExplorerWClass"
DONE, SKIPPED, CLOSED = 0, 1, 2
PICTURES = product.ROOT / "build/pictures"
# In milliseconds, with room for a machine that is busy otherwise. Who waits for the service waits for seconds.
LONGEST_SILENCE = 1000


class Dialogs(unittest.TestCase):
    """Holdfast runs in a console, for the user who started it: Wine knows of nobody's session. The dialogs are shown
    without the tray."""

    dots_per_inch = 96

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="settings-test-")
        self.addCleanup(scratch.cleanup)
        self.screen = self.enterContext(Screen(1600, 1200))
        self.windows = self.enterContext(Wine(self.screen.display))
        if self.dots_per_inch != 96:
            self.windows.set_registry_number(r"HKCU\Control Panel\Desktop", "LogPixels", self.dots_per_inch)
        self.assertEqual(self.windows.install(product.package(pathlib.Path(scratch.name) / "package").msi), 0)
        self.windows.run("sc", "stop", "Holdfast")
        wait_until("The service has stopped.", lambda: self.windows.service_state("Holdfast") == "STOPPED")
        self.prepare()
        self.windows.start(HOLDFAST, "run")
        wait_until("Holdfast runs.", lambda: self.windows.run(HOLDFAST, "status").exit_code == 2)

    def prepare(self):
        """What is to be there before Holdfast runs."""

    def make_database(self, path):
        file = self.windows.unix_path(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("CREATE TABLE patients (name TEXT)")
            connection.execute("CREATE TABLE visits (name TEXT)")

    def helper(self, name):
        return self.windows.windows_path(product.BUILT_BIN / f"{name}.exe")

    def dialog(self, mode, title, control, *more):
        return self.windows.run(self.helper("dialog_probe"), mode, title, str(control), *more)

    def said(self, title, control):
        return self.dialog("text", title, control).stdout.rstrip("\n")

    def is_open(self, title):
        return self.windows.run(self.helper("tray_probe"), "visible", DIALOG_CLASS).stdout.rstrip("\n") == title

    def open(self, title):
        self.host = self.windows.start(self.helper("dialog_host"), "settings" if title == SETTINGS else "setup")
        wait_until(f"{title} is open.", lambda: self.is_open(title), timeout=60)

    def picture(self, name):
        PICTURES.mkdir(parents=True, exist_ok=True)
        # What was drawn last has to arrive at the screen.
        time.sleep(1)
        title = SETUP if self.is_open(SETUP) else SETTINGS
        place = self.windows.run(self.helper("tray_probe"), "place", f"={title}").stdout.split()
        self.screen.screenshot(PICTURES / f"{name}-{self.dots_per_inch * 100 // 96}.png",
                               self.screen.area(*map(int, place)))

    def datasets(self):
        return json.loads(self.windows.run(HOLDFAST, "status", "--json").stdout)["datasets"]


class Setup(Dialogs):
    def test_first_backup(self):
        """The set-up finds a known application's database, adds it, and makes its first backup."""
        local = self.windows.run("cmd", "/c", "echo %LOCALAPPDATA%").stdout.strip()
        self.make_database(local + r"\DocAssist\data\clinic.db")
        self.open(SETUP)
        wait_until("The database is found.", lambda: "DocAssist EMR" in self.said(SETUP, SETUP_DATABASE))
        self.assertIn(r"Backups\DocAssist EMR", self.said(SETUP, SETUP_FOLDER))
        self.picture("setup")
        self.dialog("set", SETUP, SETUP_FOLDER, r"C:\Backups")
        self.dialog("click", SETUP, OK)
        wait_until("The backup is made.", lambda: "verified" in self.said(SETUP, SETUP_RESULT), timeout=60)
        self.picture("setup-done")
        [archive] = self.windows.unix_path(r"C:\Backups").rglob("docassist-emr_*.zip")
        self.assertIn(archive.name, self.said(SETUP, SETUP_RESULT))
        self.dialog("click", SETUP, OK)
        self.assertEqual(self.host.wait(timeout=30), DONE)
        # After its first test restore.
        wait_until("It is protected.", lambda: [dataset["health"] for dataset in self.datasets()] == ["protected"])

    def test_fault(self):
        """What the service says against a new dataset is shown, and can be mended."""
        local = self.windows.run("cmd", "/c", "echo %LOCALAPPDATA%").stdout.strip()
        self.make_database(local + r"\DocAssist\data\clinic.db")
        self.open(SETUP)
        wait_until("The database is found.", lambda: "DocAssist EMR" in self.said(SETUP, SETUP_DATABASE))
        self.dialog("set", SETUP, SETUP_FOLDER, "somewhere")
        self.dialog("click", SETUP, OK)
        wait_until("The fault is told.", lambda: self.said(SETUP, SETUP_RESULT))
        self.picture("setup-fault")
        self.assertEqual(self.datasets(), [])
        self.assertEqual(self.dialog("enabled", SETUP, SETUP_FOLDER).exit_code, 0)

    def test_skip(self):
        """Who skips the set-up is told from who only closes it."""
        for button, result in ((SKIP, SKIPPED), (CANCEL, CLOSED)):
            self.open(SETUP)
            self.dialog("click", SETUP, button)
            self.assertEqual(self.host.wait(timeout=30), result)


class IntoOneDrive(Dialogs):
    def prepare(self):
        self.one_drive = OneDrive(self.windows)
        self.addCleanup(self.one_drive.close)

    def test_onedrive(self):
        """The set-up offers the user's OneDrive by its account, and backs up into it."""
        local = self.windows.run("cmd", "/c", "echo %LOCALAPPDATA%").stdout.strip()
        self.make_database(local + r"\DocAssist\data\clinic.db")
        self.open(SETUP)
        wait_until("The OneDrive is offered.", lambda: self.said(SETUP, SETUP_PLACE) == "OneDrive - anna@example.org")
        wait_until("A folder is proposed.", lambda: self.said(SETUP, SETUP_FOLDER) == r"Apps\DocAssist\Backups")
        self.picture("setup-onedrive")
        self.dialog("click", SETUP, OK)
        wait_until("The backup is made.", lambda: "verified" in self.said(SETUP, SETUP_RESULT), timeout=60)
        [archive] = (self.one_drive.path / "Apps/DocAssist/Backups").glob("docassist-emr_*.zip")
        self.assertIn(archive.name, self.said(SETUP, SETUP_RESULT))
        self.dialog("click", SETUP, OK)
        self.host.wait(timeout=30)

        self.open(SETTINGS)
        wait_until("The settings are read.", lambda: self.said(SETTINGS, DATASET))
        self.assertEqual(self.said(SETTINGS, PLACE), "OneDrive - anna@example.org")
        self.assertIn("Last backup", self.said(SETTINGS, TIMES))
        self.assertIn("Next backup", self.said(SETTINGS, TIMES))
        self.picture("settings-onedrive")


class Settings(Dialogs):
    def add_dataset(self):
        """As the user's own; the set-up does the same."""
        self.make_database(r"C:\Lab\lab.db")
        settings = {"id": "lab", "title": "Lab", "database": r"C:\Lab\lab.db", "keep": {"last": 10, "daily": 7},
                    "destination": {"folder": r"C:\Backups"}, "schedule": {"every": "4h"}}
        requests = [{"jsonrpc": "2.0", "id": 1, "method": "hello", "params": {"protocol": 1}},
                    {"jsonrpc": "2.0", "id": 2, "method": "datasets.add", "params": {"settings": settings}}]
        file = self.windows.folder / "requests"
        file.write_text("".join(json.dumps(request) + "\n" for request in requests))
        self.windows.run(self.helper("pipe_client"), "say", self.windows.windows_path(file))
        wait_until("The dataset is there.", self.datasets, timeout=60)

    def configured(self):
        """What the service keeps of the user's dataset."""
        [file] = self.windows.unix_path(r"C:\ProgramData\Holdfast\users").glob("*.json")
        [dataset] = json.loads(file.read_text())["datasets"]
        return dataset

    def open_settings(self):
        self.open(SETTINGS)
        wait_until("The settings are read.", lambda: self.said(SETTINGS, DATASET))

    def test_change(self):
        """The settings show what is configured, show each fault at its field, and have the service change the rest."""
        self.add_dataset()
        self.open_settings()
        self.assertEqual(self.said(SETTINGS, DATASET), "Lab")
        self.assertEqual(self.said(SETTINGS, DATABASE), r"C:\Lab\lab.db")
        self.assertEqual(self.said(SETTINGS, SCHEDULE_VALUE), "4h")
        self.picture("settings")
        self.assertNotEqual(self.dialog("enabled", SETTINGS, APPLY).exit_code, 0)

        self.dialog("set", SETTINGS, SCHEDULE_VALUE, "soon")
        self.dialog("set", SETTINGS, KEEP, "0")
        self.dialog("click", SETTINGS, APPLY)
        wait_until("The fault stands at its field.", lambda: self.said(SETTINGS, SCHEDULE_FAULT))
        self.assertTrue(self.said(SETTINGS, KEEP_FAULT))
        self.assertEqual(self.said(SETTINGS, FAULT), "")
        self.picture("settings-faults")
        self.assertEqual(self.configured()["schedule"], {"every": "4h"})

        self.dialog("set", SETTINGS, SCHEDULE_VALUE, "2h")
        self.dialog("set", SETTINGS, KEEP, "20")
        self.dialog("click", SETTINGS, OK)
        wait_until("The settings are closed.", lambda: not self.is_open(SETTINGS))
        self.assertEqual(self.configured()["schedule"], {"every": "2h"})
        self.assertEqual(self.configured()["keep"], {"last": 20, "daily": 7})

    def probe(self, *arguments):
        return self.windows.run(self.helper("tray_probe"), *arguments)

    def browse(self, control, title, path):
        self.dialog("click", SETTINGS, control)
        wait_until("It is asked for.", lambda: self.probe("visible", f"={title}").exit_code == 0)
        self.probe("type", f"={title}", path)
        wait_until("It is chosen.", lambda: self.probe("click", f"={title}", "&Open").exit_code == 0)

    def test_browse(self):
        """Browse fills in the database and the folder that are chosen, and Open shows the backups that there are."""
        self.add_dataset()
        self.make_database(r"C:\Lab\other.db")
        self.windows.unix_path(r"C:\Other").mkdir()
        # The user's own folder is made with the first backup.
        self.assertEqual(self.windows.run(HOLDFAST, "backup", "--wait").exit_code, 0)
        self.open_settings()
        self.browse(BROWSE_DATABASE, "Which database?", r"C:\Lab\other.db")
        wait_until("It is filled in.", lambda: self.said(SETTINGS, DATABASE) == r"C:\Lab\other.db")
        self.browse(BROWSE_FOLDER, "Where do the backups go?", r"C:\Other")
        wait_until("It is filled in.", lambda: self.said(SETTINGS, FOLDER) == r"C:\Other")
        self.assertEqual(self.dialog("enabled", SETTINGS, APPLY).exit_code, 0)
        self.dialog("click", SETTINGS, OPEN_FOLDER)
        wait_until("Explorer shows the folder.", lambda: self.probe("visible", EXPLORER_CLASS).exit_code == 0)

    def test_of_the_machine(self):
        """What belongs to the computer is shown, cannot be changed, and the settings say why."""
        self.make_database(r"C:\Lab\lab.db")
        dataset = {"id": "lab", "title": "Lab", "database": r"C:\Lab\lab.db",
                   "destination": {"folder": r"C:\Backups"}}
        config = self.windows.unix_path(r"C:\ProgramData\Holdfast\config.json")
        config.write_text(json.dumps({"version": 1, "datasets": [dataset]}))
        wait_until("The configuration is taken.", self.datasets, timeout=60)
        self.open_settings()
        self.assertIn("An administrator changes it", self.said(SETTINGS, LOCKED))
        for control in (DATABASE, SCHEDULE_VALUE, KEEP):
            self.assertEqual(self.dialog("enabled", SETTINGS, control).exit_code, 1)
        self.picture("settings-locked")

    def test_hanging_service(self):
        """While the service hangs, the settings answer."""
        self.add_dataset()
        self.open_settings()
        self.dialog("set", SETTINGS, KEEP, "20")
        [service] = [int(process.name) for process in self.windows.processes("holdfast.exe")]
        os.kill(service, signal.SIGSTOP)
        try:
            slowest = int(self.dialog("unanswered", SETTINGS, APPLY).stdout)
        finally:
            os.kill(service, signal.SIGCONT)
        self.assertLess(slowest, LONGEST_SILENCE)
        wait_until("It was changed.", lambda: self.configured()["keep"]["last"] == 20)


class ScaledSetup(Setup):
    """The same at 200 %."""

    dots_per_inch = 192
    test_fault = test_skip = None

    def test_first_backup(self):
        """At 200 % the set-up is whole and works."""
        super().test_first_backup()


class ScaledSettings(Settings):
    """The same at 200 %."""

    dots_per_inch = 192
    test_browse = test_of_the_machine = test_hanging_service = None

    def test_change(self):
        """At 200 % the settings are whole and work."""
        super().test_change()


if __name__ == "__main__":
    unittest.main()
