"""Backups on their way into the cloud: Holdfast and a OneDrive, seen from outside."""

import contextlib
import getpass
import json
import os
import signal
import sqlite3
import unittest

import practice
import product
from one_drive import ACCOUNTS_KEY, OneDrive, SID
from wine import wait_until

PROTECTED, ATTENTION, AT_RISK, FAILED = 0, 1, 2, 70
UPLOADED, WAITING_TOO_LONG = 1130, 2110
# There is one for each user, and Wine's is called so.
TITLE = f"The clinic ({getpass.getuser()})"
# Users are looked at every 10 s, and the machine may be busy.
USERS_TIMEOUT = 60
# Archives are looked at after 5 s, then at pauses that double: what comes just too late for one look waits for the next.
LOOK_TIMEOUT = 180
PROFILES_KEY = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList"
ZOE = "S-1-5-21-1-2-3-4711"
HELLO = {"id": 1, "method": "hello", "params": {"protocol": 1}}


class PracticeWithClinic(practice.InstalledPractice):
    """Gives each test a practice, and the database of its clinic."""

    def setUp(self):
        super().setUp()
        self.database = self.drive / "DocAssist" / "clinic.db"
        self.database.parent.mkdir()
        self.treat("Anna")

    def treat(self, *patients):
        """Changes the database, so that there is something to back up."""
        with contextlib.closing(sqlite3.connect(self.database)) as connection, connection:
            connection.execute("CREATE TABLE IF NOT EXISTS patient (name TEXT)")
            connection.executemany("INSERT INTO patient VALUES (?)", [(name,) for name in patients])

    def protect_clinic(self, **settings):
        # A drill reads an archive, for Wine cannot say of files in a folder that they are in the cloud only.
        self.protect({"id": "clinic", "title": "The clinic", "database": r"C:\DocAssist\clinic.db",
                      "destination": {"onedrive": r"Apps\DocAssist\Backups"}, "schedule": {"manual": True},
                      "drill_every": "never"} | settings)

    def dataset(self):
        [dataset] = self.status()["datasets"]
        return dataset


class ForTheUser(PracticeWithClinic):
    """Holdfast runs in a console, for the user who started it: Wine knows of nobody's session, so that the service
    sees no users."""

    def setUp(self):
        super().setUp()
        self.windows.run("sc", "stop", "Holdfast")
        wait_until("The service has stopped.", lambda: self.windows.service_state("Holdfast") == "STOPPED")
        self.one_drive = OneDrive(self.windows)
        self.addCleanup(self.one_drive.close)
        self.backups = self.one_drive.path / "Apps/DocAssist/Backups"
        self.start()

    def start(self):
        self.windows.start_reporting(practice.HOLDFAST, "run")
        wait_until("Holdfast answers from a console.",
                   lambda: self.holdfast("status").exit_code in (PROTECTED, ATTENTION, AT_RISK))

    def restart(self):
        [program] = self.windows.processes("holdfast.exe")
        os.kill(int(program.name), signal.SIGKILL)
        wait_until("Holdfast has ended.", lambda: not self.windows.processes("holdfast.exe"))
        self.start()

    def back_up(self):
        """The new archive's name."""
        before = self.archives()
        told = self.holdfast("backup", "clinic", "--wait")
        self.assertEqual((told.exit_code, told.stderr), (0, ""))
        [made] = self.archives().keys() - before.keys()
        return made

    def all_archives(self):
        return json.loads(self.holdfast("archives", "clinic", "--json").stdout)["archives"]

    def archives(self):
        """{name: what is told of it}, of those where OneDrive is now."""
        return {archive["archive"]: archive for archive in self.all_archives()
                if archive["destination"].startswith(self.one_drive.folder + "\\")}

    def report(self, **seen):
        """What the tray tells of the user's OneDrive."""
        file = self.scratch / "said"
        messages = [HELLO, {"id": 2, "method": "cloud.report", "params": seen}]
        file.write_text("".join(json.dumps({"jsonrpc": "2.0"} | message) + "\n" for message in messages))
        client = self.windows.windows_path(product.BUILT_BIN / "pipe_client.exe")
        answers = self.windows.run(client, "say", self.windows.windows_path(file)).stdout.splitlines()
        self.assertEqual(json.loads(answers[1])["result"], {})

    def uploads_told(self):
        return [event.strings for event in self.windows.events() if event.id == UPLOADED]

    def wait_until_told(self, sentence, timeout, cloud=None):
        """Until the dataset's headline has the sentence, and the newest archive that state; what is told of it all."""
        told = {}

        def is_told():
            told.clear()
            told.update(self.dataset())
            return sentence in told["headline"] and cloud in (None, told.get("cloud"))

        try:
            wait_until(f'It is told: {cloud or ""} "{sentence}".', is_told, timeout)
        except AssertionError as late:
            raise AssertionError(f"{late} What is told: {told}") from None
        return told

    def wait_for_cloud(self, state, sentence="", timeout=LOOK_TIMEOUT):
        return self.wait_until_told(sentence, timeout, state)

    def wait_until_protected(self):
        wait_until("The OneDrive is found again.", lambda: self.dataset()["health"] == "protected", USERS_TIMEOUT)

    def wait_for_headline(self, sentence):
        return self.wait_until_told(sentence, USERS_TIMEOUT)


class Uploads(ForTheUser):
    def test_upload(self):
        """An archive waits until OneDrive has it, and only then it is told to be in the cloud."""
        self.protect_clinic()
        self.assertEqual(self.dataset()["id"], f"clinic@{SID}")
        archive = self.back_up()
        self.assertEqual([file.name for file in self.backups.iterdir()], [archive])
        self.assertEqual(self.archives()[archive]["destination"], r"C:\Users\anna\OneDrive\Apps\DocAssist\Backups")
        self.assertEqual(self.dataset()["cloud"], "waiting")
        self.wait_for_cloud("waiting", "OneDrive has not uploaded it yet.")
        self.assertNotIn("cloud_confirmed_at", self.archives()[archive])
        self.assertEqual(self.uploads_told(), [])

        self.one_drive.upload(archive)
        told = self.wait_for_cloud("uploaded")
        self.assertRegex(told["headline"], r"^Backed up .*; in the cloud for .*\.$")
        self.assertEqual(told["health"], "protected")
        self.assertEqual(self.holdfast("status").exit_code, PROTECTED)
        self.assertEqual(self.uploads_told(), [[TITLE, archive]])
        # Times in one notation, which sorts as they do.
        self.assertGreater(self.archives()[archive]["cloud_confirmed_at"], self.archives()[archive]["taken_at"])
        self.restart()
        self.wait_for_cloud("uploaded", timeout=0)
        self.assertEqual(len(self.uploads_told()), 1)

    def test_folder_in_one_drive(self):
        """Also of a destination that is a folder in somebody's OneDrive it is told what the cloud has."""
        self.protect_clinic(destination={"folder": r"C:\Users\anna\OneDrive\Backups"})
        archive = self.back_up()
        self.assertEqual((self.dataset()["id"], self.dataset()["cloud"]), ("clinic", "waiting"))
        self.one_drive.upload(archive)
        self.wait_for_cloud("uploaded")
        self.assertEqual(self.uploads_told(), [["The clinic", archive]])

    def test_troubles_on_the_way(self):
        """What keeps an archive from being uploaded is told while it lasts, whoever noticed it."""
        self.protect_clinic()
        archive = self.back_up()
        self.report(account="paused")
        self.wait_for_cloud("waiting", "OneDrive is paused. Let it resume by its icon.")
        self.report(account="syncing", quota_full=True)
        self.wait_for_cloud("waiting", "OneDrive is full. Free some space in it, or get more.")
        self.report(account="in-sync")
        self.one_drive.set_status("connectivity-lost")
        self.wait_for_cloud("waiting", "OneDrive is offline. It uploads the archive when the connection is back.")
        self.one_drive.set_status("disconnected")
        self.wait_for_cloud("waiting", "OneDrive is not running. Start it, or sign in to Windows, so that it uploads "
                                       "the archive.")
        self.one_drive.set_status("error")
        self.wait_for_cloud("waiting", "OneDrive reports an error. Click its icon to see what it needs.")
        self.one_drive.set_status("idle")
        self.one_drive.upload(archive)
        self.wait_for_cloud("uploaded")
        self.assertEqual(self.uploads_told(), [[TITLE, archive]])

    def test_failures(self):
        """What Windows fails to tell is unknown, never uploaded, and the reason is told."""
        self.protect_clinic()
        reasons = {362: "OneDrive is not running: whether the archive is uploaded cannot be told.",
                   386: "OneDrive could not sign in to its account. Open OneDrive and sign in.",
                   395: "OneDrive does not let the service ask about the archive.",
                   5: "Windows cannot tell whether the archive is uploaded (error 5). It is looked at again."}
        for error, reason in reasons.items():
            with self.subTest(error=error):
                self.treat(f"Patient {error}")
                self.one_drive.fail(self.back_up(), error)
                told = self.wait_for_cloud("unknown", reason)
                self.assertEqual(told["health"], "protected")
                self.assertIn("whether it is in the cloud is unknown", told["headline"])
        self.assertEqual(self.uploads_told(), [])

        archive = max(self.archives())
        self.one_drive.fail(archive, 0)
        self.one_drive.upload(archive)
        # Otherwise it would be looked at again in ten minutes.
        self.restart()
        self.wait_for_cloud("uploaded")

    def test_excluded(self):
        """An archive that OneDrive leaves out asks for attention."""
        self.protect_clinic()
        archive = self.back_up()
        self.one_drive.pin(archive, "excluded")
        told = self.wait_for_cloud("excluded", "OneDrive is set to leave the archive out. Choose a folder that it "
                                               "synchronises, or ask who looks after this computer.")
        self.assertIn("; the cloud program is set to leave it out.", told["headline"])
        self.assertEqual(told["health"], "waiting")
        self.assertIn(WAITING_TOO_LONG, [event.id for event in self.windows.events()])

    def test_changed_archive(self):
        """What OneDrive uploads of an archive that somebody changed is not the backup."""
        self.protect_clinic()
        archive = self.back_up()
        with (self.backups / archive).open("ab") as file:
            file.write(b"more")
        self.one_drive.upload(archive)
        self.wait_for_cloud("error", "The archive was changed after it was made")
        self.assertEqual(self.uploads_told(), [])

    def test_nothing_is_fetched(self):
        """What is in the cloud only is told of and followed, but never read."""
        self.protect_clinic()
        first = self.back_up()
        self.one_drive.upload(first)
        self.wait_for_cloud("uploaded")
        self.one_drive.dehydrate(first)
        for command in (("status",), ("archives", "clinic"), ("history",), ("retention", "clinic", "--dry-run")):
            self.holdfast(*command)
        self.restart()
        self.wait_for_cloud("uploaded")

        # After a backup the folder is looked through, as it is each hour.
        self.treat("Bert")
        second = self.back_up()
        self.one_drive.upload(second)
        self.one_drive.dehydrate(second)
        self.wait_for_cloud("uploaded")
        self.assertEqual({archive["check"] for archive in self.archives().values()}, {"verified"})
        self.holdfast("backup", "clinic", "--wait")
        self.assertEqual(self.one_drive.hydrations, {})
        # What somebody asks for is fetched, and then it is seen here.
        self.holdfast("drill", "clinic", "--archive", first, "--wait")
        self.assertEqual(list(self.one_drive.hydrations), [first])


    def test_retention(self):
        """Retention deletes what is in the cloud only without reading it."""
        self.protect_clinic(keep={"last": 1})
        made = []
        for patient in ("Bert", "Cleo", "Dora"):
            self.treat(patient)
            made.append(self.back_up())
            self.one_drive.upload(made[-1])
            self.wait_for_cloud("uploaded")
            self.one_drive.dehydrate(made[-1])
        wait_until("The oldest is deleted.", lambda: made[0] not in self.archives())
        self.assertFalse((self.backups / made[0]).exists())
        self.assertEqual(self.one_drive.hydrations, {})


class WhereOneDriveIs(ForTheUser):
    def test_folder_disappears(self):
        """A OneDrive whose folder is gone, or that nobody is signed in to, is told of until it is back."""
        self.protect_clinic()
        archive = self.back_up()
        self.one_drive.upload(archive)
        self.wait_for_cloud("uploaded")

        away = self.one_drive.path.with_name("away")
        self.one_drive.path.rename(away)
        self.wait_for_headline(r"The folder of the OneDrive account personal (anna@example.org) is not there: "
                               r"C:\Users\anna\OneDrive.")
        away.rename(self.one_drive.path)
        self.wait_until_protected()
        self.assertEqual(self.dataset()["cloud"], "uploaded")

        self.one_drive.sign_out()
        self.wait_for_headline("OneDrive is not installed, as far as Windows tells.")
        self.one_drive.sign_in()
        self.wait_until_protected()
        self.assertEqual(self.dataset()["cloud"], "uploaded")
        self.assertEqual(len(self.uploads_told()), 1)

    def test_synchronised_no_more(self):
        """What is written into a folder that OneDrive left is not told to be on its way."""
        self.protect_clinic()
        self.one_drive.disappear()
        archive = self.back_up()
        self.wait_for_cloud("unknown", "This computer does not synchronise the archive's folder with OneDrive, or "
                                       "OneDrive's Files On-Demand is off")
        self.one_drive.come_back()
        self.one_drive.upload(archive)
        self.restart()
        self.wait_for_cloud("uploaded")

    def test_what_is_told_meanwhile(self):
        """As long as OneDrive is gone, the backups that were made are not denied."""
        self.protect_clinic()
        self.back_up()
        self.one_drive.sign_out()
        told = self.wait_for_headline("OneDrive is not installed, as far as Windows tells.")
        self.assertNotIn("Never backed up", told["headline"])
        self.assertIn("archived_at", told)

        programs = self.windows.unix_path(r"C:\Program Files\Microsoft OneDrive")
        programs.mkdir()
        (programs / "OneDrive.exe").write_bytes(b"MZ")
        self.wait_for_headline("Nobody is signed in to OneDrive.")

    def move(self):
        """Makes an archive, lets it be uploaded, and moves OneDrive; the archive's name and its new folder."""
        self.protect_clinic()
        archive = self.back_up()
        self.one_drive.upload(archive)
        self.wait_for_cloud("uploaded")
        self.one_drive.move_to(r"C:\Data\OneDrive of Anna")
        wait_until("The archive is found at its new place.", lambda: archive in self.archives(), USERS_TIMEOUT)
        return archive, r"C:\Data\OneDrive of Anna\Apps\DocAssist\Backups"

    def test_folder_moves(self):
        """A OneDrive that was moved to another folder is found there by its account."""
        first, folder = self.move()
        self.wait_for_cloud("uploaded")
        self.assertEqual(self.archives()[first]["check"], "verified")
        self.treat("Bert")
        second = self.back_up()
        self.assertEqual(self.archives()[second]["destination"], folder)
        self.assertEqual({file.name for file in self.windows.unix_path(folder).iterdir()}, {first, second})
        self.one_drive.upload(second)
        self.wait_for_cloud("uploaded")

    def test_archives_move_along(self):
        """Archives that moved with OneDrive are told of once, with what was known of them."""
        archive, folder = self.move()
        [told] = self.all_archives()
        self.assertEqual((told["archive"], told["destination"], told["check"]), (archive, folder, "verified"))
        # What the cloud has of it there is found out anew.
        self.wait_for_cloud("uploaded")
        [told] = self.all_archives()
        self.assertIn("cloud_confirmed_at", told)

    def sign_in_to_business(self):
        folder = r"C:\Users\anna\OneDrive - Clinic"
        self.windows.unix_path(folder).mkdir()
        for name, value in (("UserFolder", folder), ("UserEmail", "anna@clinic.example")):
            self.windows.run("reg", "add", rf"{ACCOUNTS_KEY}\Business1", "/v", name, "/t", "REG_SZ", "/d", value, "/f")

    def test_two_accounts(self):
        """Of several accounts one has to be chosen, and the dataset says which there are."""
        self.sign_in_to_business()
        self.protect_clinic()
        told = self.wait_for_headline("There are several OneDrive folders, and the configuration does not say which is "
                                      "meant: personal (anna@example.org) and business1 (anna@clinic.example).")
        self.assertEqual(told["health"], "none")
        failed = self.holdfast("backup", "clinic", "--wait")
        self.assertEqual((failed.exit_code, failed.stdout), (FAILED, ""))
        self.assertIn('Name the account in the destination: "account": "personal".', failed.stderr)
        self.protect_clinic(destination={"onedrive": r"Apps\DocAssist\Backups", "account": "personal"})
        # What was kept on this computer meanwhile is delivered.
        self.wait_for_headline("Backed up")
        self.treat("Bert")
        self.one_drive.upload(self.back_up())
        self.wait_for_cloud("uploaded")


class WithoutUsers(PracticeWithClinic):
    def test_nobody_is_signed_in(self):
        """The service waits for the user whose OneDrive is meant."""
        self.protect_clinic()
        told = self.dataset()
        self.assertEqual((told["id"], told["health"]), ("clinic", "none"))
        self.assertIn("Waits until a user signs in.", told["headline"])
        failed = self.holdfast("backup", "clinic", "--wait")
        self.assertEqual((failed.exit_code, failed.stdout), (FAILED, ""))
        self.assertEqual(failed.stderr.strip(), "holdfast: Waits until a user signs in.")

    def test_path_of_a_user(self):
        """A dataset that names a user's folder waits for that user, and the service does not touch it."""
        self.windows.run("reg", "add", rf"{PROFILES_KEY}\{ZOE}", "/v", "ProfileImagePath", "/t", "REG_EXPAND_SZ",
                         "/d", r"%SystemDrive%\Users\zoe", "/f")
        self.protect({"id": "notes", "database": r"C:\Users\zoe\notes.db", "destination": {"folder": r"C:\Backups"}})
        told = self.dataset()
        self.assertEqual(told["id"], f"notes@{ZOE}")
        self.assertIn("Waits until zoe signs in.", told["headline"])
        self.assertFalse((self.drive / "Backups").exists())

    @unittest.skip("Wine tells the service of no user's session.")
    def test_a_user_signs_in(self):
        """The service backs up into the OneDrive of who is signed in, with that user's rights."""


if __name__ == "__main__":
    unittest.main()
