"""What the product sees of a OneDrive, without ever fetching a file from it."""

import unittest

import product
from one_drive import ACCOUNTS_KEY, OneDrive, ROOTS_KEY, SID
from wine import Wine, wait_until

NAME = "clinic_20261120T120000Z_PC.zip"
PROBE = product.BUILT_BIN / "cloud_probe.exe"


class FilesInOneDrive(unittest.TestCase):
    """Gives each test a OneDrive with an archive in it."""

    @classmethod
    def setUpClass(cls):
        cls.windows = Wine()
        cls.addClassCleanup(cls.windows.close)
        cls.probe = cls.windows.windows_path(PROBE)

    def setUp(self):
        # A folder of its own for each, since the Windows is the same.
        name = self.id().rsplit(".", 1)[-1]
        self.drive = OneDrive(self.windows, rf"C:\Users\anna\{name}\OneDrive")
        self.addCleanup(self.drive.close)
        self.backups = self.drive.path / "Apps/Größe"
        self.backups.mkdir(parents=True)
        self.archive = self.backups / NAME
        self.archive.write_bytes(b"an archive" * 1000)

    def probed(self, file=None):
        """What SystemCloudFiles tells of the file and of its folder, as two dictionaries."""
        answered = self.windows.run(self.probe, self.windows.windows_path(file or self.archive))
        self.assertEqual(answered.exit_code, 0, answered.stderr)
        lines = [line.split(" ")[1:] for line in answered.stdout.splitlines()]
        return tuple(dict(pair.split("=", 1) for pair in line) for line in lines)

    def assertSeen(self, file=None, provider="registered", **wanted):
        seen, of_folder = self.probed(file)
        self.assertEqual({key: seen[key] for key in wanted}, wanted)
        self.assertEqual(of_folder["answer"], provider)

    def test_upload(self):
        """A new archive is a plain file, then a placeholder, then in sync, then in the cloud only; nobody reads it."""
        self.assertSeen(answer="plain", error="376", in_sync="0", local="1", bytes="10000")
        self.drive.take_up(NAME)
        self.assertSeen(answer="placeholder", error="0", in_sync="0", local="1")
        self.drive.upload(NAME)
        self.assertSeen(answer="placeholder", in_sync="1", local="1", bytes="10000")
        self.drive.dehydrate(NAME)
        self.assertSeen(answer="placeholder", in_sync="1", local="0", bytes="10000")
        self.drive.pin(NAME, "pinned")
        self.assertSeen(pinned="1", excluded="0")
        self.drive.pin(NAME, "excluded")
        self.assertSeen(pinned="0", excluded="1")
        self.assertEqual(self.drive.reads(NAME), 0)
        self.assertEqual(self.drive.hydrations, {})

    def test_reads_are_counted(self):
        """Whoever reads an archive that is in the cloud only is noticed."""
        self.drive.upload(NAME)
        self.windows.run("cmd", "/c", "copy", self.windows.windows_path(self.archive), r"C:\copy.zip")
        self.assertGreater(self.drive.reads(NAME), 0)
        self.assertEqual(self.drive.hydrations, {})
        self.drive.dehydrate(NAME)
        self.windows.run("cmd", "/c", "copy", "/y", self.windows.windows_path(self.archive), r"C:\copy.zip")
        self.assertGreater(self.drive.hydrations[NAME], 0)

    def test_outside(self):
        """Files outside of OneDrive, or beside a folder of a similar name, are not under the cloud."""
        for folder in (self.drive.path.parent, self.drive.path.parent / "OneDrive 2"):
            folder.mkdir(exist_ok=True)
            beside = folder / NAME
            beside.write_bytes(b"another")
            self.assertSeen(beside, provider="not-under-cloud", answer="not-under-cloud", error="390")
        self.assertSeen(self.backups / "none.zip", answer="missing")

    def test_failures(self):
        """Errors and the provider's status are told as they are."""
        self.drive.fail(NAME, 362)
        self.assertSeen(answer="failed", error="362", in_sync="0")
        self.drive.fail(NAME, 0)
        self.drive.upload(NAME)
        for status in ("connectivity-lost", "disconnected", "terminated", "error", "busy", "idle"):
            self.drive.set_status(status)
            self.assertEqual(self.probed()[1], {"answer": "registered", "error": "0", "status": status,
                                                "name": "OneDrive"})
        self.drive.disappear()
        self.assertSeen(provider="not-under-cloud", answer="not-under-cloud", error="390")
        self.drive.come_back()
        self.assertSeen(answer="placeholder", in_sync="1")

    def test_by_itself(self):
        """It uploads by itself after a while, not while it is paused, and again what has changed."""
        self.drive.pause()
        self.drive.uploads_after = 0.2
        (self.backups / "unfinished.zip.tmp").write_bytes(b"half")
        self.assertSeen(answer="plain")
        self.drive.resume()
        self.drive.wait_for_upload(NAME)
        self.assertSeen(answer="placeholder", in_sync="1")
        self.drive.pause()
        self.archive.write_bytes(b"changed")
        wait_until("The change is seen.", lambda: not self.drive.is_uploaded(NAME))
        self.assertSeen(answer="placeholder", in_sync="0", bytes="7")
        self.drive.resume()
        self.drive.wait_for_upload(NAME)
        copy = self.drive.conflict_copy(NAME, "ANNAS-PC")
        self.assertEqual(copy.name, "clinic_20261120T120000Z_PC-ANNAS-PC.zip")
        self.assertEqual(self.drive.reads(NAME), 0)
        self.assertEqual(copy.read_bytes(), b"changed")
        self.drive.wait_for_upload(copy.name)
        self.assertFalse(self.drive.is_uploaded("unfinished.zip.tmp"))

    def test_account(self):
        """The registry tells of the account as long as it is signed in."""
        key = rf"{ROOTS_KEY}\OneDrive!{SID}!Personal|0123456789abcdef\UserSyncRoots"
        account = rf"{ACCOUNTS_KEY}\Personal"
        self.assertEqual(self.windows.registry(key, SID), self.drive.folder)
        self.assertEqual(self.windows.registry(account, "UserFolder"), self.drive.folder)
        self.assertEqual(self.windows.registry(account, "UserEmail"), "anna@example.org")
        self.drive.sign_out()
        self.assertFalse(self.windows.registry_key_exists(key))
        self.assertFalse(self.windows.registry_key_exists(account))
        self.assertSeen(provider="not-under-cloud", answer="not-under-cloud")


class WithoutOneDrive(unittest.TestCase):
    def test_nothing(self):
        """A Windows without OneDrive says that it cannot tell."""
        with Wine() as windows:
            answered = windows.run(windows.windows_path(PROBE), windows.windows_path(PROBE))
        self.assertIn("file answer=not-supported error=0 in_sync=0", answered.stdout)
        self.assertIn("provider answer=not-supported", answered.stdout)


if __name__ == "__main__":
    unittest.main()
