"""The tray's windows as their user works with them: the history, a restore, what pops up."""

import os
import signal
import time
import unittest

from tray_practice import (DIALOG, HISTORY, KEY_B, KEY_ENTER, KEY_ESCAPE, KEY_TAB, RESTORE, TRAY, TrayPractice)
from wine import wait_until

BALLOON_CLICK = 0x405
PLACE_KEY = r"HKCU\Software\Holdfast"


class History(TrayPractice):
    def test_list(self):
        """A click on the icon opens the history with each backup's time, status, size, records, reason and computer."""
        self.screen.click_tray_icon(button=1)
        wait_until("The history is open.", lambda: self.title(HISTORY) == "Backup history - The clinic")
        wait_until("It lists the backup.", lambda: len(self.rows(HISTORY)) == 1)
        [row] = self.rows(HISTORY)
        self.assertRegex(row[0], r"\d+/\d+/\d+ \d+:\d\d")
        self.assertEqual(row[1], "Verified")
        self.assertRegex(row[2], r"[\d.]+ (bytes|KB)")
        self.assertEqual(row[3], "1 patients")
        self.assertNotEqual(row[5], "")
        self.probe("select", HISTORY, 0)
        wait_until("What is selected is named.", lambda: self.says(HISTORY, self.archive))
        self.picture("history-clinic-100", HISTORY)

    def test_backup(self):
        """Ctrl+B in the history makes a backup, which is in the list when it is done."""
        self.open_history(1)
        self.assertEqual(self.probe("key", HISTORY, KEY_B, "ctrl").exit_code, 0)
        wait_until("The second backup is listed.", lambda: len(self.rows(HISTORY)) == 2)
        wait_until("Its end is told.", lambda: self.says(HISTORY, "The backup is done and verified."))
        self.assertEqual(self.rows(HISTORY)[0][3], "2 patients")
        self.assertEqual(len(list(self.backups.glob("*.zip"))), 2)

    def test_verify(self):
        """Verify reads a backup again, and tells of one that is damaged."""
        self.open_history(1)
        self.probe("select", HISTORY, 0)
        self.click(HISTORY, "&Verify")
        wait_until("It is good.", lambda: self.says(HISTORY, "The backup is good: all of it was read."))
        path = self.backups / self.archive
        content = bytearray(path.read_bytes())
        content[len(content) // 3] ^= 1
        path.write_bytes(content)
        self.click(HISTORY, "&Verify")
        wait_until("It is damaged.", lambda: self.title(DIALOG) == "Holdfast")
        self.click(DIALOG, "Close")
        wait_until("The list shows it.", lambda: self.rows(HISTORY)[0][1] == "Damaged")
        self.picture("history-damaged-100", HISTORY)

    def test_delete(self):
        """Delete asks first, with Cancel as the default, and then deletes the backup that is selected."""
        self.assertEqual(self.holdfast("backup", "--wait").exit_code, 0)
        self.open_history(2)
        self.probe("select", HISTORY, 1)
        self.click(HISTORY, "De&lete...")
        wait_until("It asks.", lambda: self.title(DIALOG) == "Delete a backup")
        self.assertEqual(self.probe("focus", DIALOG).stdout.strip(), "Cancel")
        self.click(DIALOG, "Cancel")
        wait_until("It asks no more.", lambda: self.title(DIALOG) is None)
        self.assertTrue((self.backups / self.archive).exists())

        self.click(HISTORY, "De&lete...")
        wait_until("It asks.", lambda: self.title(DIALOG) == "Delete a backup")
        self.click(DIALOG, "&Delete")
        wait_until("The backup is gone.", lambda: not (self.backups / self.archive).exists())
        wait_until("The list shows it.", lambda: len(self.rows(HISTORY)) == 1)

        # The last one is the way back, and the service's own words say so.
        self.probe("select", HISTORY, 0)
        self.click(HISTORY, "De&lete...")
        wait_until("It asks.", lambda: self.title(DIALOG) == "Delete a backup")
        self.click(DIALOG, "&Delete")
        wait_until("It is refused.", lambda: self.title(DIALOG) == "Holdfast")
        self.click(DIALOG, "Close")
        self.assertEqual(len(list(self.backups.glob("*.zip"))), 1)

    def test_keyboard(self):
        """The history is used by the keyboard alone: the tabulator goes from left to right, Escape closes it."""
        self.assertEqual(self.holdfast("backup", "--wait").exit_code, 0)
        self.open_history(2)
        self.probe("select", HISTORY, 0)
        wait_until("It can be restored.", lambda: "+&Restore..." in self.texts(HISTORY))
        order = []
        for _ in range(9):
            order.append(self.probe("focus", HISTORY).stdout.strip())
            self.probe("key", HISTORY, KEY_TAB)
        self.assertEqual(order, ["Backups and runs", "Show &all runs", "&Back up now (Ctrl+B)", "&Restore...",
                                 "&Verify", "&Export...", "De&lete...", "Re&fresh", "&Open folder"])
        self.probe("key", HISTORY, KEY_ENTER)
        wait_until("Enter restores what is selected.", lambda: self.title(RESTORE))
        self.probe("key", RESTORE, KEY_ESCAPE)
        wait_until("Escape closes that.", lambda: self.title(RESTORE) is None)
        self.probe("key", HISTORY, KEY_ESCAPE)
        wait_until("And the history.", lambda: self.title(HISTORY) is None)
        self.assertIsNotNone(self.windows.registry(PLACE_KEY, "HistoryPlace"))


class Restore(TrayPractice):
    def open_restore(self):
        self.open_history(1)
        self.probe("select", HISTORY, 0)
        self.click(HISTORY, "&Restore...")
        wait_until("The comparison is there.", lambda: self.rows(RESTORE))

    def test_restore_and_undo(self):
        """A backup is compared with what is there, restored from the history's window, and taken back."""
        self.open_restore()
        self.assertEqual(self.rows(RESTORE)[0], ["patients", "1", "2", "1 fewer"])
        self.assertTrue(self.says(RESTORE, "1 fewer patients"))
        self.assertTrue(self.says(RESTORE, "What is there now is archived first"))
        self.assertEqual(self.probe("focus", RESTORE).stdout.strip(), "&Cancel")
        self.picture("restore-clinic-100", RESTORE)

        self.click(RESTORE, "&Restore")
        wait_until("It is restored.", lambda: self.says(RESTORE, "Restored."), timeout=60)
        self.assertEqual(self.patients(), ["Anna"])
        self.picture("restored-100", RESTORE)

        self.click(RESTORE, "&Undo the restore")
        wait_until("It is taken back.", lambda: self.says(RESTORE, "The restore was taken back."), timeout=60)
        self.assertEqual(self.patients(), ["Anna", "Berta"])
        self.click(RESTORE, "&Close")
        wait_until("The window is closed.", lambda: self.title(RESTORE) is None)
        wait_until("The history tells of both.",
                   lambda: {"Restored", "Restore taken back"} <= {row[1] for row in self.rows(HISTORY)})

    def test_own_program(self):
        """holdfast-tray --restore restores one backup in a program of its own, as an administrator may have to."""
        self.windows.start(TRAY, "--restore", "clinic", self.archive)
        wait_until("The comparison is there.", lambda: self.rows(RESTORE))
        self.click(RESTORE, "&Restore")
        wait_until("It is restored.", lambda: self.says(RESTORE, "Restored."), timeout=60)
        self.assertEqual(self.patients(), ["Anna"])
        self.click(RESTORE, "&Close")
        wait_until("Only the tray is left.", lambda: len(self.windows.processes("holdfast-tray.exe")) == 1)

    def test_administrator(self):
        """A user who may not restore is led to an administrator's restore."""
        self.skipTest("In Wine everybody is an administrator.")


class Announcements(TrayPractice):
    def test_failure(self):
        """A backup that fails pops up once, a click on that opens the history, and the end of the trouble pops up."""
        hidden = self.database.with_suffix(".away")
        self.database.rename(hidden)
        for _ in range(2):
            self.assertNotEqual(self.holdfast("backup", "--wait").exit_code, 0)
        wait_until("It pops up.", self.announced)
        self.picture("announcement-100")
        self.probe("icon-event", BALLOON_CLICK)
        wait_until("The history is open.", lambda: self.title(HISTORY) == "Backup history - The clinic")
        wait_until("It tells of the failures.",
                   lambda: [row[1] for row in self.rows(HISTORY)].count("Backup failed") >= 2)
        hidden.rename(self.database)
        self.assertEqual(self.holdfast("backup", "--wait").exit_code, 0)
        wait_until("The end pops up.", lambda: len(self.announced()) == 2)
        self.assertEqual([text.split(": ")[1] for text in self.announced()], ["Not backed up", "Backed up again"])



class Service(TrayPractice):
    def test_hanging_service(self):
        """A service that hangs, with its pipe open, is told as away within ten seconds."""
        services = [int(process.name) for process in self.windows.processes("holdfast.exe")]
        for service in services:
            os.kill(service, signal.SIGSTOP)
        began = time.monotonic()
        try:
            wait_until("The tray tells it.", lambda: "does not answer" in self.probe("title").stdout)
            self.assertLess(time.monotonic() - began, 10.5)
        finally:
            for service in services:
                os.kill(service, signal.SIGCONT)
        wait_until("It is back.", lambda: "Backed up" in self.probe("title").stdout)


if __name__ == "__main__":
    unittest.main()
