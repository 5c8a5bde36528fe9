"""What is done with the tray's windows, and what it costs while nothing is done."""

import collections
import contextlib
import os
import signal
import sqlite3
import time
import unittest

from tray_practice import DIALOG, HISTORY, KEY_ENTER, KEY_ESCAPE, RESTORE, TrayPractice
from wine import private_megabytes, wait_until

FOLDER_DIALOG = "=Export the backup to"
LARGE = 60_000_000
IDLE_SECONDS = 20
STATISTICS_COMMAND = 122


class Export(TrayPractice):
    def choose_folder(self, folder):
        self.probe("select", HISTORY, 0)
        self.click(HISTORY, "&Export...")
        wait_until("The folder is asked for.", lambda: self.title(FOLDER_DIALOG))
        self.assertEqual(self.probe("enabled", HISTORY).exit_code, 1)
        self.probe("type", FOLDER_DIALOG, folder)
        self.click(FOLDER_DIALOG, "&Open")

    def test_export(self):
        """Export copies the backup that is selected to the folder that is chosen, and tells that the copy is verified."""
        (self.drive / "Stick").mkdir()
        self.open_history(1)
        self.choose_folder(r"C:\Stick")
        wait_until("Its end is told.", lambda: self.says(HISTORY, "Exported and verified"))
        copy = self.drive / "Stick" / self.archive
        self.assertEqual(copy.read_bytes(), (self.backups / self.archive).read_bytes())
        self.assertEqual(self.probe("enabled", HISTORY).exit_code, 0)

        # None replaces anything.
        self.choose_folder(r"C:\Stick")
        wait_until("It is refused.", lambda: self.title(DIALOG) == "Holdfast")
        self.click(DIALOG, "Close")

    def test_no_folder(self):
        """An export for which no folder was chosen does nothing."""
        self.open_history(1)
        self.probe("select", HISTORY, 0)
        self.click(HISTORY, "&Export...")
        wait_until("The folder is asked for.", lambda: self.title(FOLDER_DIALOG))
        self.click(FOLDER_DIALOG, "Cancel")
        wait_until("The history can be used.", lambda: self.probe("enabled", HISTORY).exit_code == 0)
        self.assertIn("+&Export...", self.texts(HISTORY))

    def test_cancel(self):
        """An export that hangs is cancelled from the history, and leaves nothing behind."""
        self.sql(f"CREATE TABLE image AS SELECT randomblob({LARGE}) AS content")
        self.assertEqual(self.holdfast("backup", "--wait").exit_code, 0)
        (self.drive / "Stick").mkdir()
        self.open_history(2)
        services = {process.name for process in self.windows.processes("holdfast.exe")}
        self.choose_folder(r"C:\Stick")
        exporting = wait_until("It exports.", lambda: [
            int(process.name) for process in self.windows.processes("holdfast.exe") if process.name not in services])
        os.kill(exporting[0], signal.SIGSTOP)
        try:
            wait_until("It can be cancelled.", lambda: "+&Cancel" in self.texts(HISTORY))
            self.picture("export-100", HISTORY)
            self.click(HISTORY, "&Cancel")
            wait_until("It is cancelled.", lambda: self.says(HISTORY, "The export was cancelled."))
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(exporting[0], signal.SIGCONT)
        self.assertEqual(list((self.drive / "Stick").iterdir()), [])


class Keys(TrayPractice):
    def test_enter(self):
        """Enter at a restore does not restore: the default is Cancel. Neither does Escape."""
        for key in (KEY_ENTER, KEY_ESCAPE):
            self.open_history(1)
            self.probe("select", HISTORY, 0)
            self.click(HISTORY, "&Restore...")
            wait_until("The comparison is there.", lambda: self.rows(RESTORE))
            self.probe("key", RESTORE, key)
            wait_until("The window is closed.", lambda: self.title(RESTORE) is None)
            self.assertEqual(self.patients(), ["Anna", "Berta"])
        self.assertNotIn("restore", {run["kind"] for run in self.runs()})


class TwoDatasets(TrayPractice):
    def test_chooser(self):
        """With several datasets the history lets one be chosen, and shows the backups of that."""
        second = self.drive / "Practice" / "lab.db"
        with contextlib.closing(sqlite3.connect(second)) as connection, connection:
            connection.execute("CREATE TABLE sample (name TEXT)")
        lab = self.dataset() | {"id": "lab", "title": "The laboratory", "database": r"C:\Practice\lab.db",
                                "destination": {"folder": r"C:\LabBackups"}, "counts": {}}
        self.protect(self.dataset(), lab)
        for _ in range(2):
            self.assertEqual(self.holdfast("backup", "lab", "--wait", "--reason", "a test").exit_code, 0)
            with contextlib.closing(sqlite3.connect(second)) as connection, connection:
                connection.execute("INSERT INTO sample VALUES ('one')")
        self.open_history(1)
        self.assertEqual(self.title(HISTORY), "Backup history - The clinic")
        self.picture("history-datasets-100", HISTORY)
        self.probe("choose", HISTORY, 1)
        wait_until("The other one is shown.", lambda: self.title(HISTORY) == "Backup history - The laboratory")
        wait_until("Its backups are listed.", lambda: len(self.rows(HISTORY)) == 2)
        self.probe("choose", HISTORY, 0)
        wait_until("The first one is shown again.", lambda: len(self.rows(HISTORY)) == 1)


class ToldAll(TrayPractice):
    def dataset(self, **more):
        return super().dataset(**more, notify="all")

    def test_all(self):
        """Who wants to be told all sees that a backup is done pop up."""
        self.assertEqual(self.holdfast("backup", "--wait").exit_code, 0)
        wait_until("It pops up.", lambda: any("Backed up" in text for text in self.announced()))


class Statistics(TrayPractice):
    def test_page(self):
        """Statistics in the menu writes the page with charts, anew each time."""
        folder = self.windows.unix_path(self.windows.run("cmd", "/c", "echo %LOCALAPPDATA%").stdout.strip())
        page = folder / "Holdfast" / "holdfast-report.html"
        for _ in range(2):
            self.probe("command", STATISTICS_COMMAND)
            wait_until("The page is there.", lambda: page.exists() and "The clinic" in page.read_text(encoding="utf-8"))
            page.write_text(page.read_text(encoding="utf-8").replace("The clinic", "x"), encoding="utf-8")


class ServiceComesBack(TrayPractice):
    def test_killed(self):
        """When the service is killed the history says so and offers nothing, and goes on when it is back."""
        self.open_history(1)
        self.windows.kill("holdfast.exe")
        wait_until("It is told.", lambda: self.says(HISTORY, "service is not running"))
        wait_until("Nothing can be done.", lambda: "-&Back up now (Ctrl+B)" in self.texts(HISTORY))
        self.picture("history-away-100", HISTORY)
        self.windows.run("sc", "start", "Holdfast")
        wait_until("It is back.", lambda: "+&Back up now (Ctrl+B)" in self.texts(HISTORY))
        self.click(HISTORY, "&Back up now (Ctrl+B)")
        wait_until("A backup is made.", lambda: self.says(HISTORY, "The backup is done and verified."))


class Idle(TrayPractice):
    def test_idle(self):
        """While nothing moves no thread of the tray wakes more often than once a second, and it holds less than 10 MB."""
        [tray] = self.windows.processes("holdfast-tray.exe")
        time.sleep(5)
        often = wakes_per_second(tray)
        memory = private_megabytes(tray)
        print(f"The idle tray: at most {often:.2f} wakes a second in a thread; {memory:.1f} MB of private memory, with "
              "what Wine itself puts into it.")
        self.assertLess(often, 1.25)
        self.assertLess(memory, 10)


def switches(process):
    """How often each thread has waited so far."""
    counts = {}
    for thread in (process / "task").iterdir():
        [line] = [line for line in (thread / "status").read_text().splitlines()
                  if line.startswith("voluntary_ctxt_switches")]
        counts[thread.name] = int(line.split()[1])
    return counts


def wakes_per_second(process):
    """Of the thread that wakes most often. All that a thread does at one time is one wake, however often it waits for
    Wine's server meanwhile."""
    wakes = collections.Counter()
    last, was_awake = switches(process), set()
    end = time.monotonic() + IDLE_SECONDS
    while time.monotonic() < end:
        time.sleep(0.05)
        now = switches(process)
        is_awake = {thread for thread, count in now.items() if count != last.get(thread)}
        wakes.update(is_awake - was_awake)
        last, was_awake = now, is_awake
    return max(wakes.values(), default=0) / IDLE_SECONDS


if __name__ == "__main__":
    unittest.main()
