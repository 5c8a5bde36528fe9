"""What an administrator asks of an installation, and what happens to a machine on which work is going on."""

import datetime
import json
import sqlite3
import unittest
import zipfile

import product
from installation import DATA, NEW, OLD, PROGRAMS, RUN_KEY, SERVICE_KEY, SUCCESS, make_packages, packages
from wine import Wine, wait_until

HOLDFAST = rf"{PROGRAMS}\holdfast.exe"
CONFIG = rf"{DATA}\config.json"
AUTOMATIC, ON_DEMAND = 2, 3
FAILED = 70
# Where Windows says 1603, Wine says 1627.
INSTALL_FAILURES = (1603, 1627)
SETUP_FAILED = 3210


def setUpModule():
    make_packages()


def configuration(database=r"C:\Practice\clinic.db"):
    return json.dumps({"version": 1, "datasets": [{
        "id": "clinic", "database": database, "destination": {"folder": r"C:\Backups"}, "drill_every": "never"}]})


class Deployment(unittest.TestCase):
    """Gives each test a Windows of its own."""

    def setUp(self):
        self.windows = Wine()
        self.addCleanup(self.windows.close)
        self.drive = self.windows.unix_path("C:\\")

    def install(self, version=OLD, **properties):
        return self.windows.install(packages[version].msi, **properties)

    def file(self, path, text=None):
        """Where it lies, with that text in it if one is given."""
        found = self.windows.unix_path(path)
        if text is not None:
            found.parent.mkdir(parents=True, exist_ok=True)
            found.write_text(text, encoding="utf-8")
        return found

    def status(self):
        return json.loads(self.windows.run(HOLDFAST, "status", "--json").stdout)

    def protected(self):
        return [dataset["id"] for dataset in self.status()["datasets"]]

    def comes_soon(self):
        """Whether the next backup of the only dataset is due within ten minutes."""
        [dataset] = self.status()["datasets"]
        due = datetime.datetime.fromisoformat(dataset["next_run"].replace("Z", "+00:00"))
        return due - datetime.datetime.now(datetime.timezone.utc) < datetime.timedelta(minutes=10)

    def is_running(self):
        return self.windows.service_state("Holdfast") == "RUNNING"


class Configurations(Deployment):
    def test_config(self):
        """CONFIG becomes the configuration of a machine that has none, and the service protects what it names."""
        self.file(r"C:\Deploy\clinic.json", configuration())
        self.assertEqual(self.install(CONFIG=r"C:\Deploy\clinic.json"), SUCCESS)
        self.assertEqual(self.file(CONFIG).read_text(), configuration())
        wait_until("The service protects the clinic.", lambda: self.protected() == ["clinic"])

    def test_config_there(self):
        """CONFIG replaces a configuration that protects nothing, and never one that protects something."""
        self.file(r"C:\Deploy\clinic.json", configuration())
        self.assertEqual(self.install(), SUCCESS)
        self.assertEqual(self.install(NEW, CONFIG=r"C:\Deploy\clinic.json"), SUCCESS)
        self.assertEqual(self.file(CONFIG).read_text(), configuration())

        self.file(r"C:\Deploy\clinic.json", configuration(r"C:\Other\clinic.db"))
        self.assertEqual(self.install(NEW, REINSTALL="ALL", CONFIG=r"C:\Deploy\clinic.json"), SUCCESS)
        self.assertEqual(self.file(CONFIG).read_text(), configuration())

    def test_config_faulty(self):
        """A faulty CONFIG fails the installation, which leaves nothing, and an event tells the fault."""
        self.file(r"C:\Deploy\clinic.json", '{"version": 1, "datasets": 7}')
        self.assertIn(self.install(CONFIG=r"C:\Deploy\clinic.json"), INSTALL_FAILURES)
        self.assertIsNone(self.windows.service_state("Holdfast"))
        self.assertFalse(self.windows.unix_path(HOLDFAST).exists())
        events = [event for event in self.windows.events() if event.id == SETUP_FAILED]
        self.assertEqual([event.type for event in events], ["error"])
        self.assertIn(r"C:\Deploy\clinic.json:1:28", events[0].strings[0])

    def test_preset(self):
        """PRESET takes the sample of that name."""
        self.assertEqual(self.install(PRESET="rvu-counter"), SUCCESS)
        sample = product.ROOT / "config/samples/rvu-counter.json"
        self.assertEqual(self.file(CONFIG).read_bytes(), sample.read_bytes())

    def test_preset_unknown(self):
        """A PRESET that there is not fails the installation, and an event names it."""
        self.assertIn(self.install(PRESET="dentist"), INSTALL_FAILURES)
        events = [event for event in self.windows.events() if event.id == SETUP_FAILED]
        self.assertIn("dentist.json", events[0].strings[0])

    def test_damaged(self):
        """Where a damaged configuration is there, the installation succeeds and leaves it, and the service tells the fault."""
        damaged = '{"version": 1, "datasets": [{'
        self.file(CONFIG, damaged)
        self.file(r"C:\Deploy\clinic.json", configuration())
        self.assertEqual(self.install(CONFIG=r"C:\Deploy\clinic.json"), SUCCESS)
        self.assertEqual(self.file(CONFIG).read_text(), damaged)
        self.assertTrue(self.is_running())
        self.assertEqual(self.windows.run(HOLDFAST, "config", "check").exit_code, FAILED)
        wait_until("Status tells the fault.", lambda: "config.json:1:" in json.dumps(self.status()))


class StartType(Deployment):
    def start_type(self):
        return self.windows.registry(SERVICE_KEY, "Start")

    def test_demand(self):
        """STARTTYPE=demand installs a service that nothing starts, and an upgrade remembers it."""
        self.assertEqual(self.install(STARTTYPE="demand"), SUCCESS)
        for version in (OLD, NEW):
            with self.subTest(version=version):
                if version != OLD:
                    self.assertEqual(self.install(version), SUCCESS)
                self.assertEqual(self.start_type(), ON_DEMAND)
                self.assertEqual(self.windows.service_state("Holdfast"), "STOPPED")
        self.assertEqual(self.windows.run("sc", "start", "Holdfast").exit_code, 0)
        wait_until("The service runs.", self.is_running)
        self.assertEqual(self.start_type(), ON_DEMAND)

    def test_auto_again(self):
        """STARTTYPE=auto at an upgrade takes it back."""
        self.assertEqual(self.install(STARTTYPE="disabled"), SUCCESS)
        self.assertEqual(self.install(NEW, STARTTYPE="auto"), SUCCESS)
        self.assertEqual(self.start_type(), AUTOMATIC)
        self.assertTrue(self.is_running())

    def test_unknown(self):
        """Any other STARTTYPE fails the installation, and an event says what it may be."""
        self.assertIn(self.install(STARTTYPE="sometimes"), INSTALL_FAILURES)
        events = [event for event in self.windows.events() if event.id == SETUP_FAILED]
        self.assertIn("auto, demand or disabled", events[0].strings[0])


class Repair(Deployment):
    def test_repair(self):
        """A repair puts back a deleted program and a deleted value of the registry, and keeps the configuration."""
        self.assertEqual(self.install(), SUCCESS)
        self.file(CONFIG, configuration())
        self.windows.unix_path(rf"{PROGRAMS}\holdfast-tray.exe").unlink()
        self.windows.run("reg", "delete", RUN_KEY, "/v", "HoldfastTray", "/f")
        self.assertEqual(self.install(REINSTALL="ALL", REINSTALLMODE="amus"), SUCCESS)
        self.assertEqual(self.windows.unix_path(rf"{PROGRAMS}\holdfast-tray.exe").read_bytes(),
                         (packages[OLD].programs / "holdfast-tray.exe").read_bytes())
        self.assertEqual(self.windows.registry(RUN_KEY, "HoldfastTray"), rf'"{PROGRAMS}\holdfast-tray.exe"')
        self.assertEqual(self.file(CONFIG).read_text(), configuration())
        self.assertTrue(self.is_running())


class WorkGoesOn(Deployment):
    def test_upgrade(self):
        """An upgrade in the middle of a backup ends it cleanly, leaves nothing half made, and makes it again soon."""
        database = self.drive / "Practice" / "clinic.db"
        database.parent.mkdir()
        with sqlite3.connect(database) as connection:
            connection.execute("CREATE TABLE image (data BLOB)")
            connection.executemany("INSERT INTO image VALUES (randomblob(1000000))", [()] * 400)
        self.file(CONFIG, configuration())
        self.assertEqual(self.install(), SUCCESS)
        backups = self.drive / "Backups"
        wait_until("The service protects the clinic.", lambda: self.protected() == ["clinic"])
        self.assertEqual(self.windows.run(HOLDFAST, "backup", "clinic").exit_code, 0)
        wait_until("The backup is under way.", lambda: list(backups.glob("*.tmp")))
        self.assertEqual(self.install(NEW), SUCCESS)
        self.assertEqual(self.windows.unix_path(HOLDFAST).read_bytes(),
                         (packages[NEW].programs / "holdfast.exe").read_bytes())
        wait_until("It is to be made again within minutes.", self.comes_soon)
        self.assertEqual(list(backups.iterdir()), [])
        self.assertEqual(self.windows.run(HOLDFAST, "backup", "clinic", "--wait").exit_code, 0)
        [archive] = backups.iterdir()
        with zipfile.ZipFile(archive) as opened:
            self.assertIsNone(opened.testzip())


class Purge(Deployment):
    def install_and_use(self):
        self.file(CONFIG, configuration())
        self.assertEqual(self.install(), SUCCESS)
        waiting = self.file(DATA + r"\outbox\clinic\clinic_20260101T000000Z_PC.zip", "an archive that waits")
        delivered = self.file(r"C:\Backups\clinic_20260102T000000Z_PC.zip", "an archive")
        return waiting, delivered

    def test_purge(self):
        """Uninstalling with PURGE=1 removes configuration, catalog and logs, and no archive, not even one that waits."""
        archives = self.install_and_use()
        self.assertEqual(self.windows.uninstall(packages[OLD].msi, PURGE=1), SUCCESS)
        data = self.windows.unix_path(DATA)
        self.assertEqual([path.name for path in data.rglob("*") if path.is_file()], [archives[0].name])
        for archive in archives:
            self.assertTrue(archive.exists())

    def test_no_purge(self):
        """Without PURGE=1 and in an upgrade the data stays."""
        self.install_and_use()
        catalog = self.windows.unix_path(rf"{DATA}\catalog.db")
        wait_until("There is a catalog.", catalog.exists)
        self.assertEqual(self.install(NEW, PURGE=1), SUCCESS)
        self.assertEqual(self.file(CONFIG).read_text(), configuration())
        self.assertEqual(self.windows.uninstall(packages[NEW].msi), SUCCESS)
        self.assertEqual(self.file(CONFIG).read_text(), configuration())
        self.assertTrue(catalog.exists())


if __name__ == "__main__":
    unittest.main()
