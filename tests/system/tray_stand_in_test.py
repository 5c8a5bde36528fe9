"""The tray's windows with a service that answers what a test tells it, for what the real one does seldom or slowly."""

import json
import os
import signal
import threading
import time
import unittest

import product
from screen import Screen
from wine import Wine, wait_until

HISTORY, RESTORE, DIALOG, MENU = "HoldfastHistory", "HoldfastRestore", "#32770", "#32768"
SETTINGS, SETUP, ABOUT = "=Holdfast settings", "=Protect a database", "=About Holdfast"
DELETE, FAILURE = "=Delete a backup", "=Holdfast"
ABOUT_COMMAND, HISTORY_COMMAND, SETTINGS_COMMAND, SETUP_COMMAND, STATISTICS_COMMAND = 101, 112, 120, 121, 122
BALLOON_CLICK = 0x405
FOLDER_DIALOG = "=Export the backup to"
KEY_TAB, KEY_ENTER, KEY_ESCAPE, KEY_B = 9, 13, 27, 66
# What a taskbar leaves of a screen of 1920 by 1080.
SMALL_SCREEN = (1920, 1040)
HEADLINE = "Backed up 4 hours ago; waiting to reach the cloud for 4 hours."
STATUS = {"as_of": "2026-11-28T14:00:00Z", "faults": [], "health": "protected", "phase": "running",
          "headline": "DocAssist EMR: Backed up 4 hours ago.",
          "datasets": [{"id": "emr", "title": "DocAssist EMR", "health": "protected", "headline": HEADLINE,
                        "archived_at": "2026-11-28T10:00:00Z"}]}
BUSY = ("Cannot restore over C:\\DocAssist\\clinic.db: it is in use by DocAssist.exe. Close the application and try "
        "again; nothing was changed.")


def archive(number, **more):
    day = f"202611{number:02d}"
    time = f"2026-11-{number:02d}T10:00:00Z"
    return {"archive": f"emr_{day}T100000Z_CLINIC-PC.zip", "bytes": 61204113 + number, "check": "verified",
            "counts": {"patients": 1200 + number, "visits": 8800 + number}, "destination": r"C:\Backups",
            "format": "holdfast", "host": "CLINIC-PC", "kind": "backup", "reason": "schedule", "taken_at": time,
            "cloud": "uploaded", "cloud_since": time} | more


ARCHIVES = [archive(28, cloud="waiting"), archive(27, drilled_at="2026-11-27T12:00:00Z"),
            archive(26, reason="before the update"), archive(25, kind="safety", reason="before a restore"),
            archive(24, check="unknown"), archive(23, check="broken", fault="Block 3 is damaged."),
            archive(22, conflict_of="emr_20261121T100000Z_CLINIC-PC.zip", same_content=True)]
PREVIEW = {"archive": ARCHIVES[0]["archive"], "created_at": "2026-11-28T10:00:00Z", "host": "CLINIC-PC", "reason": "",
           "counts": [{"name": "patients", "archived": 1228, "here": 1231}],
           "database": {"archived": {"bytes": 121634816}, "here": {"bytes": 121700000}},
           "tables": [{"table": "invoice", "change": "only_here"}], "tables_total": 1,
           "files": [{"file": "images/4711.png", "change": "comes_back"}], "files_total": 1}
RESTORE_FAILS = {"dataset": "emr", "run": 3, "state": "ended",
                 "record": {"kind": "restore", "outcome": "failed", "code": "database_busy", "sentence": BUSY}}


def progress(kind, run, percent):
    report = {"dataset": "emr", "run": run, "state": "running", "record": {"kind": kind, "outcome": "running"},
              "phase": "reading", "done_bytes": percent, "total_bytes": 100, "can_be_cancelled": True}
    return {"method": "progress", "params": report}


def ended(kind, run, outcome):
    return {"method": "progress", "params": {"dataset": "emr", "run": run, "state": "ended",
                                             "record": {"kind": kind, "outcome": outcome}}}


REFUSED = {"error": {"code": -32000, "message": "The disk is full.", "data": {"code": "disk_full", "action": "Make room."}}}
SETTING_VALUES = {"id": "emr", "database": r"C:\DocAssist\clinic.db", "destination.folder": r"D:\Backups",
                  "schedule.every": "4h", "keep.last": 20, "notify": "failures", "enabled": True}
DATASETS = {"more": False, "datasets": [
    {"dataset": "emr", "title": "DocAssist EMR", "owner": "S-1-5-21-1", "enabled": True, "destination": r"D:\Backups",
     "database": r"C:\DocAssist\clinic.db"}]}
CONFIG = {"more": False, "datasets": [
    {"id": "emr", "owner": "S-1-5-21-1", "settings": [{"key": key, "value": value, "origin": "user", "line": 1}
                                                      for key, value in SETTING_VALUES.items()]}]}
IN_CLOUD = {"error": {"code": -32000, "message": "The archive is only in the cloud.",
                      "data": {"code": "archive_in_cloud", "action": "Fetch it."}}}
ANSWERS = {"datasets.list": DATASETS, "config.get": CONFIG, "cloud.roots": {"roots": []},
           "service.info": {"version": "1.2.3"}, "subscribe": STATUS, "status": STATUS,
           "archive.list": {"archives": ARCHIVES, "total": len(ARCHIVES)},
           "history": {"more": False, "runs": [
               {"id": 5, "dataset": "emr", "kind": "backup", "cause": "schedule", "outcome": "failed",
                "started_at": "2026-11-27T18:00:00Z", "sentence": "The disk is full. Make room on D:."}]},
           "archive.preview": PREVIEW, "restore.start": {"dataset": "emr", "run": 3}, "backup.wait": RESTORE_FAILS}


class StandIn(unittest.TestCase):
    def start(self, dpi=96, is_dark=False, **answers):
        self.screen = self.enterContext(Screen(*SMALL_SCREEN) if dpi > 96 else Screen())
        self.windows = self.enterContext(Wine(self.screen.display))
        if is_dark:
            self.set_dark(True)
        file = self.windows.unix_path("C:\\") / "answers.json"
        file.write_text(json.dumps(ANSWERS | answers), encoding="utf-8")
        if dpi != 96:
            self.windows.set_registry_number(r"HKCU\Control Panel\Desktop", "LogPixels", dpi)
        self.start_service()
        self.windows.set_registry_number(product.SETUP_KEY, product.SETUP_VALUE, 1)
        self.windows.start(self.windows.windows_path(product.BIN / "holdfast-tray.exe"))
        wait_until("The tray shows the status.", lambda: "Backed up" in self.probe("title").stdout)

    def start_service(self):
        self.windows.start(self.program("stand_in_service.exe"), r"C:\answers.json")

    def announced(self):
        [log] = self.windows.unix_path(r"C:\users").rglob("tray.log")
        lines = log.read_text(encoding="utf-8").splitlines()
        return [line.split("Announced: ")[1] for line in lines if "Announced: " in line]

    def set_dark(self, is_dark):
        self.windows.set_registry_number(product.THEME_KEY, product.APPS_THEME_VALUE, 0 if is_dark else 1)

    def program(self, name):
        return self.windows.windows_path(product.BUILT_BIN / name)

    def probe(self, *arguments):
        return self.windows.run(self.program("tray_probe.exe"), *map(str, arguments))

    def lines(self, mode, window):
        return self.probe(mode, window).stdout.splitlines()

    def names(self, window):
        return [line.replace("&", "") for line in self.lines("names", window)]

    def is_open(self, window):
        return self.probe("visible", window).exit_code == 0

    def click(self, window, button):
        wait_until(f"{button} is pressed.", lambda: self.probe("click", window, button).exit_code == 0)

    def open_history(self):
        self.probe("command", HISTORY_COMMAND)
        wait_until("The history has rows.", lambda: self.lines("rows", HISTORY))

    def open_restore(self):
        self.open_history()
        self.probe("select", HISTORY, 0)
        self.click(HISTORY, "&Restore...")
        wait_until("The restore is open.", lambda: self.is_open(RESTORE))

    def says(self, window, text):
        return any(text in line for line in self.lines("texts", window))

    def picture(self, name, window=None):
        """Of the whole screen, or of a window."""
        folder = product.ROOT / "build/pictures"
        folder.mkdir(parents=True, exist_ok=True)
        # What was drawn last has to arrive at the screen.
        time.sleep(1)
        self.screen.screenshot(folder / f"{name}.png", self.screen.area(*self.place(window)) if window else None)

    def place(self, window):
        """Left, top, right and bottom on the screen."""
        return [int(number) for number in self.probe("place", window).stdout.split()]

    def press(self, window, key, *more):
        self.assertEqual(self.probe("key", window, key, *more).exit_code, 0)

    def show_dialogs(self, scale):
        for command, window, name in ((SETTINGS_COMMAND, SETTINGS, "settings"), (SETUP_COMMAND, SETUP, "setup"),
                                      (ABOUT_COMMAND, ABOUT, "about")):
            self.probe("command", command)
            wait_until(f"{window} is open.", lambda: self.is_open(window))
            if window == SETTINGS:
                wait_until("The settings are read.", lambda: "+DocAssist EMR" in self.lines("texts", window))
            self.look(window, f"tray-{name}-{scale}")
            self.probe("close", window)
            wait_until(f"{window} is closed.", lambda: not self.is_open(window))

    def look(self, window, name):
        """Takes a picture, and sees that the window is not larger than a small screen."""
        self.picture(name, window)
        left, top, right, bottom = self.place(window)
        self.assertLessEqual(right - left, SMALL_SCREEN[0], name)
        self.assertLessEqual(bottom - top, SMALL_SCREEN[1], name)

    def show_all(self, scale):
        """Opens window after window, and takes a picture of each."""
        self.show_dialogs(scale)
        self.open_history()
        self.probe("select", HISTORY, 2)
        wait_until("It is selected.", lambda: self.says(HISTORY, ARCHIVES[1]["archive"]))
        self.look(HISTORY, f"history-{scale}")
        self.click(HISTORY, "De&lete...")
        wait_until("It asks.", lambda: self.is_open(DIALOG))
        self.look(DIALOG, f"delete-{scale}")
        self.click(DIALOG, "Cancel")
        self.open_restore()
        wait_until("The comparison is there.", lambda: self.lines("rows", RESTORE))
        self.look(RESTORE, f"restore-{scale}")
        self.click(RESTORE, "&Cancel")
        self.screen.click_tray_icon(button=3)
        wait_until("The menu is open.", lambda: self.is_open(MENU))
        self.screen.move_mouse_away()
        self.picture(f"menu-{scale}", MENU)
        self.probe("close-menu")


class Windows(StandIn):
    def test_unscaled(self):
        """All windows of the tray open at 100 %."""
        self.start()
        self.show_all(100)

    def test_scaled(self):
        """At 200 % each window is larger, with all its texts, and fits on a screen of 1920 by 1080."""
        self.start(dpi=192)
        self.show_all(200)

    def test_names(self):
        """A screen reader has a name for each control that the tabulator leads to."""
        self.start()
        self.probe("command", SETTINGS_COMMAND)
        wait_until("The settings are read.", lambda: "+DocAssist EMR" in self.lines("texts", SETTINGS))
        self.assertEqual(self.names(SETTINGS), [
            "Dataset:", "Protect this dataset", "Database:", "Browse...", "Back up to:", "Folder:", "Browse...", "Open",
            "Schedule:", "Interval or time of day:", "Keep:", "Notify me:", "Protect another...", "OK", "Cancel", "Apply"])
        self.probe("command", SETUP_COMMAND)
        wait_until("The set-up is open.", lambda: self.is_open(SETUP))
        self.assertEqual(self.names(SETUP), ["Database:", "Browse...", "Back up to:", "Folder:", "Browse...", "Schedule:",
                                             "Protect", "Not now", "Cancel"])
        self.open_restore()
        wait_until("The comparison is there.", lambda: self.lines("rows", RESTORE))
        self.assertEqual(self.names(RESTORE), ["What the restore changes:", "Restore", "Cancel"])
        self.assertEqual(self.names(HISTORY), ["Backups and runs:", "Show all runs", "Back up now (Ctrl+B)", "Restore...",
                                               "Verify", "Export...", "Delete...", "Refresh", "Open folder"])

    def test_dark(self):
        """All windows open in dark colours where programs are to be dark, also at 200 %."""
        for dpi in (96, 192):
            with self.subTest(dpi=dpi):
                self.start(dpi=dpi, is_dark=True)
                self.show_all(f"dark-{dpi * 100 // 96}")
                self.assertGreater(self.dark_share(HISTORY), 0.6)

    def test_colours_change(self):
        """Windows that are open follow the change between light and dark."""
        self.start()
        self.open_history()
        self.assertLess(self.dark_share(HISTORY), 0.2)
        for is_dark, is_so in ((True, lambda share: share > 0.6), (False, lambda share: share < 0.2)):
            self.set_dark(is_dark)
            self.probe("theme-changed")
            wait_until("It has changed.", lambda: is_so(self.dark_share(HISTORY)))

    def dark_share(self, window):
        left, top, right, bottom = self.place(window)
        colours = self.screen.screenshot().colours((left, top, right - left, bottom - top))
        return sum(count for colour, count in colours.items() if max(colour) < 0x40) / sum(colours.values())

    def test_large_scale(self):
        """At 300 % the windows fit a screen of 1920 by 1080, and the tabulator brings each field of the settings into view."""
        self.start(dpi=288)
        self.show_all(300)
        self.probe("command", SETTINGS_COMMAND)
        wait_until("The settings are read.", lambda: "+DocAssist EMR" in self.lines("texts", SETTINGS))
        seen = set()
        for _ in range(16):
            self.press(SETTINGS, KEY_TAB)
            field = [int(number) for number in self.probe("focus-place", SETTINGS).stdout.split()]
            window = self.place(SETTINGS)
            self.assertGreaterEqual(field[1], window[1])
            self.assertLessEqual(field[3], window[3])
            seen.add(self.probe("focus", SETTINGS).stdout.strip())
        self.assertLessEqual({"OK", "Cancel", r"C:\DocAssist\clinic.db", "Prote&ct another..."}, seen)
        self.picture("tray-settings-300-end", SETTINGS)

    def test_many(self):
        """Ten thousand backups are listed, and the tray answers meanwhile."""
        many = [archive(1 + number % 28, archive=f"emr_{number}.zip") for number in range(10_000)]
        self.start(**{"archive.list": {"archives": many, "total": len(many)}})
        slowest = []
        watch = threading.Thread(target=lambda: slowest.append(self.probe("slowest", 8000).stdout))
        watch.start()
        self.probe("command", HISTORY_COMMAND)
        wait_until("All are listed.", lambda: self.probe("count", HISTORY).stdout.strip() == "10001", timeout=60)
        watch.join()
        print(f"The tray's thread took at most {slowest[0].strip()} ms to answer.")
        self.assertLess(int(slowest[0]), 500)


class SeveralWindows(StandIn):
    def test_keyboard(self):
        """The keyboard works in the settings and in the history while both are open."""
        self.start()
        self.open_history()
        self.probe("command", SETTINGS_COMMAND)
        wait_until("The settings are read.", lambda: "+DocAssist EMR" in self.lines("texts", SETTINGS))
        before = self.probe("focus-place", SETTINGS).stdout
        self.press(SETTINGS, KEY_TAB)
        self.assertNotEqual(self.probe("focus-place", SETTINGS).stdout, before)
        self.probe("command", HISTORY_COMMAND)
        wait_until("The history is in front.", lambda: "history" in self.probe("foreground").stdout)
        self.press(HISTORY, KEY_TAB)
        self.assertEqual(self.probe("focus", HISTORY).stdout.strip(), "Show &all runs")
        self.press(HISTORY, KEY_ESCAPE)
        wait_until("Escape closes the history.", lambda: not self.is_open(HISTORY))
        self.assertTrue(self.is_open(SETTINGS))

    def test_question(self):
        """While a question is open no other window takes keys or commands, and the question comes to the front."""
        self.start()
        self.probe("command", SETTINGS_COMMAND)
        wait_until("The settings are open.", lambda: self.is_open(SETTINGS))
        self.open_history()
        self.probe("select", HISTORY, 2)
        self.click(HISTORY, "De&lete...")
        wait_until("It asks.", lambda: self.is_open(DELETE))
        for window in (HISTORY, SETTINGS):
            self.assertEqual(self.probe("enabled", window).exit_code, 1, window)
        self.probe("command", SETUP_COMMAND)
        wait_until("The question is in front.", lambda: "Delete a backup" in self.probe("foreground").stdout)
        self.assertFalse(self.is_open(SETUP))
        self.press(DELETE, KEY_ESCAPE)
        wait_until("It asks no more.", lambda: not self.is_open(DELETE))
        for window in (HISTORY, SETTINGS):
            self.assertEqual(self.probe("enabled", window).exit_code, 0, window)
        self.press(HISTORY, KEY_ESCAPE)
        wait_until("The history takes keys again.", lambda: not self.is_open(HISTORY))

    def test_second_question(self):
        """What is told over a question is in front, and only when both are answered can the window be used."""
        self.start(**{"backup.start": REFUSED | {"after_ms": 3000}})
        self.open_history()
        self.probe("select", HISTORY, 2)
        self.press(HISTORY, KEY_B, "ctrl")
        self.click(HISTORY, "De&lete...")
        wait_until("It asks.", lambda: self.is_open(DELETE))
        wait_until("The failure is told in front.", lambda: self.probe("foreground").stdout.strip() == "Holdfast")
        self.assertEqual(self.probe("enabled", DELETE).exit_code, 1)
        self.picture("second-question-100", HISTORY)
        self.click(FAILURE, "Close")
        wait_until("The question is left.", lambda: not self.is_open(FAILURE))
        self.assertEqual(self.probe("enabled", DELETE).exit_code, 0)
        self.assertEqual(self.probe("enabled", HISTORY).exit_code, 1)
        self.click(DELETE, "Cancel")
        wait_until("The history can be used.", lambda: self.probe("enabled", HISTORY).exit_code == 0)


class Progress(StandIn):
    def test_backup(self):
        """A backup's progress stands in the history, and the backup is cancelled from there."""
        self.start(told_after={"backup.start": [progress("backup", 7, 42)],
                               "run.cancel": [ended("backup", 7, "cancelled")]})
        self.open_history()
        self.press(HISTORY, KEY_B, "ctrl")
        wait_until("It is told how far it is.", lambda: self.says(HISTORY, "Backing up: reading, 42%"))
        self.assertEqual(self.probe("bar", HISTORY).stdout.strip(), "42")
        self.picture("backing-up-100", HISTORY)
        self.click(HISTORY, "&Cancel")
        wait_until("Its end is told.", lambda: self.says(HISTORY, "The backup was cancelled."))
        self.assertNotIn("&Cancel", [text[1:] for text in self.lines("texts", HISTORY)])

    def test_restore(self):
        """Progress leaves the selected row selected."""
        self.start(told_after={"restore.start": [progress("restore", 3, 10)]},
                   **{"backup.wait": RESTORE_FAILS | {"after_ms": 30000}})
        self.open_restore()
        wait_until("The comparison is there.", lambda: self.lines("rows", RESTORE))
        self.probe("select", RESTORE, 2)
        self.click(RESTORE, "&Restore")
        wait_until("It is under way.", lambda: self.says(RESTORE, "10%"))
        self.assertEqual(self.probe("selected", RESTORE).stdout.strip(), "2")

    def test_export(self):
        """A refused backup leaves an export under way."""
        self.start(**{"backup.start": REFUSED})
        for folder in ("Backups", "Stick"):
            (self.windows.unix_path("C:\\") / folder).mkdir()
        (self.windows.unix_path(r"C:\Backups") / ARCHIVES[0]["archive"]).write_bytes(bytes(1000))
        self.open_history()
        self.probe("select", HISTORY, 0)
        self.click(HISTORY, "&Export...")
        wait_until("The folder is asked for.", lambda: self.is_open(FOLDER_DIALOG))
        self.probe("type", FOLDER_DIALOG, r"C:\Stick")
        self.click(FOLDER_DIALOG, "&Open")
        [exporting] = wait_until("It exports.", lambda: [
            int(process.name) for process in self.windows.processes("holdfast.exe")])
        os.kill(exporting, signal.SIGSTOP)
        try:
            self.press(HISTORY, KEY_B, "ctrl")
            wait_until("The backup is refused.", lambda: self.is_open(FAILURE))
            self.click(FAILURE, "Close")
            wait_until("It is left.", lambda: not self.is_open(FAILURE))
            self.assertTrue(self.says(HISTORY, "Copying the backup"))
            self.assertIn("-&Export...", self.lines("texts", HISTORY))
        finally:
            os.kill(exporting, signal.SIGCONT)
        # What is no archive is not exported.
        wait_until("Its end is told.", lambda: self.says(HISTORY, "The backup was not exported."))


class BackUpKey(StandIn):
    def test_settings(self):
        """Ctrl+B backs up from the settings, and from a restore that was not begun."""
        self.start()
        self.probe("command", SETTINGS_COMMAND)
        wait_until("The settings are read.", lambda: "+DocAssist EMR" in self.lines("texts", SETTINGS))
        self.press(SETTINGS, KEY_B, "ctrl")
        wait_until("It is told.", lambda: self.says(SETTINGS, "A backup was asked for."))
        self.open_restore()
        wait_until("The comparison is there.", lambda: self.lines("rows", RESTORE))
        self.press(RESTORE, KEY_B, "ctrl")
        wait_until("It is told.", lambda: self.says(RESTORE, "A backup was asked for."))


class ServiceIsAway(StandIn):
    def test_settings(self):
        """Settings opened while the service was away are filled when it is back."""
        self.start()
        self.windows.kill("stand_in_service.exe")
        wait_until("The tray tells it.", lambda: "not running" in self.probe("title").stdout)
        self.probe("command", SETTINGS_COMMAND)
        wait_until("The settings tell it.", lambda: self.says(SETTINGS, "service"))
        self.start_service()
        wait_until("They are filled.", lambda: "+DocAssist EMR" in self.lines("texts", SETTINGS))
        self.assertIn(r"+C:\DocAssist\clinic.db", self.lines("texts", SETTINGS))


class Announcements(StandIn):
    def test_click(self):
        """A click on what popped up opens the history where it tells more, and nothing else."""
        self.start(**{"service.info": {"in_turn": [{"version": "1.2.3"}, REFUSED]}})
        self.probe("command", STATISTICS_COMMAND)
        wait_until("It pops up.", lambda: any("There are no statistics" in text for text in self.announced()))
        self.probe("icon-event", BALLOON_CLICK)
        self.probe("command", ABOUT_COMMAND)
        wait_until("What came after it is done.", lambda: self.is_open(ABOUT))
        self.assertFalse(self.is_open(HISTORY))

    def test_fault(self):
        """What is wrong with the service stands in the menu and in the history, and pops up."""
        fault = "The configuration was not taken: config.json has no datasets."
        self.start(**{method: STATUS | {"faults": [fault]} for method in ("status", "subscribe")})
        wait_until("It pops up.", lambda: self.announced() == [f"Attention is needed: {fault}"])
        self.screen.click_tray_icon(button=3)
        wait_until("The menu is open.", lambda: self.is_open(MENU))
        self.screen.move_mouse_away()
        self.picture("menu-fault-100", MENU)
        self.probe("close-menu")
        self.probe("icon-event", BALLOON_CLICK)
        wait_until("The history tells it.", lambda: self.says(HISTORY, fault))
        self.picture("history-fault-100", HISTORY)


class OnlyInTheCloud(StandIn):
    def test_fetch(self):
        """A restore of a backup that is only in the cloud fetches it, and then compares."""
        self.start(**{"archive.preview": {"in_turn": [IN_CLOUD, IN_CLOUD, PREVIEW]}})
        file = self.windows.unix_path(r"C:\Backups") / ARCHIVES[0]["archive"]
        file.parent.mkdir()
        file.write_bytes(bytes(1_000_000))
        self.open_restore()
        wait_until("The comparison is there.", lambda: self.lines("rows", RESTORE))
        self.assertIn("+&Restore", self.lines("texts", RESTORE))

    def test_missing(self):
        """A backup that cannot be fetched from the cloud is told as such, and can be tried again."""
        self.start(**{"archive.preview": IN_CLOUD})
        self.open_restore()
        wait_until("It is told.", lambda: self.says(RESTORE, "Cannot fetch"))
        self.assertIn("+&Try again", self.lines("texts", RESTORE))

    def test_cancel(self):
        """While a backup is fetched from the cloud the window answers, shows it, and Cancel ends it."""
        archives = [archive(28, destination=r"\\.\pipe")]
        self.start(**{"archive.preview": IN_CLOUD, "archive.list": {"archives": archives, "total": 1},
                      "silent_pipe": archives[0]["archive"]})
        self.open_restore()
        wait_until("It is fetched.", lambda: self.says(RESTORE, "Fetching the backup from the cloud"))
        self.assertIn("-&Restore", self.lines("texts", RESTORE))
        self.picture("fetch-100", RESTORE)
        self.assertLess(int(self.probe("slowest", 1000).stdout), 500)
        self.click(RESTORE, "&Cancel")
        wait_until("The window is closed.", lambda: not self.is_open(RESTORE))


class Refusals(StandIn):
    def test_in_use(self):
        """A restore over a database that is in use tells by what, and can be tried again."""
        self.start()
        self.open_restore()
        self.click(RESTORE, "&Restore")
        wait_until("It tells by what.", lambda: self.says(RESTORE, BUSY))
        self.picture("in-use-100", RESTORE)
        self.click(RESTORE, "&Try again")
        wait_until("It tells it again.", lambda: self.says(RESTORE, BUSY))
        self.click(RESTORE, "&Close")
        wait_until("The window is closed.", lambda: not self.is_open(RESTORE))

    def test_no_administrator(self):
        """Who may not restore is told so, and offered to go on as an administrator."""
        refused = {"error": {"code": -32000, "message": "Only an administrator may do this.",
                             "data": {"code": "access_denied", "action": "Ask your administrator."}}}
        self.start(**{"archive.preview": refused})
        self.open_restore()
        wait_until("It is refused.", lambda: self.says(RESTORE, "Only an administrator may do this."))
        self.assertIn("+Continue as &administrator", self.lines("texts", RESTORE))
        self.assertNotIn("+&Restore", self.lines("texts", RESTORE))
        self.picture("refused-100", RESTORE)

    def test_foreign(self):
        """An archive of another application is restored only by who says so."""
        self.start(**{"archive.preview": PREVIEW | {"foreign": "It has none of the tables that are here."}})
        self.open_restore()
        wait_until("It is told.", lambda: self.says(RESTORE, "It has none of the tables that are here."))
        self.assertIn("-&Restore", self.lines("texts", RESTORE))
        self.picture("foreign-100", RESTORE)
        self.click(RESTORE, "Restore it &although it may be of another application")
        wait_until("It can be restored.", lambda: "+&Restore" in self.lines("texts", RESTORE))


if __name__ == "__main__":
    unittest.main()
