"""The installer, from the first installation to a clean removal, under Wine."""

import filecmp
import unittest

import product
from installation import DATA, NEW, OLD, OWN_KEY, PROGRAMS, RUN_KEY, SERVICE_KEY, SUCCESS, make_packages, packages
from screen import Screen
from wine import Wine, wait_until

UNINSTALL_KEY = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
EVENT_SOURCE_KEY = r"HKLM\SYSTEM\CurrentControlSet\Services\EventLog\Application\Holdfast"

INSTALL_FAILURE = 1603


def setUpModule():
    make_packages()


class InstallerTest(unittest.TestCase):
    """Gives each test class a Windows of its own."""

    @classmethod
    def setUpClass(cls):
        cls.windows = Wine()
        cls.addClassCleanup(cls.windows.close)

    def install(self, version, **properties):
        self.assertEqual(self.windows.install(packages[version].msi, **properties), SUCCESS)

    def uninstall(self, version):
        self.assertEqual(self.windows.uninstall(packages[version].msi), SUCCESS)

    def file(self, folder, name):
        return self.windows.unix_path(rf"{folder}\{name}")

    def assert_programs_are(self, version, folder=PROGRAMS):
        for name in product.PROGRAMS:
            same = filecmp.cmp(self.file(folder, name), packages[version].programs / name, shallow=False)
            self.assertTrue(same, f"{name} is not the one of version {version}.")

    def assert_removed(self, folder=PROGRAMS):
        self.assertFalse(self.windows.unix_path(folder).exists(), f"{folder} is still there.")
        self.assertIsNone(self.windows.service_state("Holdfast"))
        self.assertFalse(self.windows.registry_key_exists(OWN_KEY))
        self.assertFalse(self.windows.registry_key_exists(EVENT_SOURCE_KEY))
        self.assertIsNone(self.windows.registry(RUN_KEY, "HoldfastTray"))
        self.assertEqual(start_menu_entries(self.windows), [])


def start_menu_entries(windows):
    menus = windows.prefix.glob("drive_c/**/Start Menu")
    return [entry for menu in menus for entry in menu.rglob("*.lnk") if "Holdfast" in entry.name]


class FirstInstallation(InstallerTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.exit_code = cls.windows.install(packages[OLD].msi)

    def test_succeeds(self):
        """A silent installation succeeds."""
        self.assertEqual(self.exit_code, SUCCESS)

    def test_programs(self):
        """The programs and the licence lie in Program Files."""
        self.assert_programs_are(OLD)
        self.assertTrue(self.file(PROGRAMS, "LICENSE.txt").exists())

    def test_service(self):
        """The service runs and is set to start by itself, as LocalSystem, in a process of its own."""
        self.assertEqual(self.windows.service_state("Holdfast"), "RUNNING")
        expected = {"DisplayName": "Holdfast", "Description": "Backs up and guards the databases of your applications.",
                    "ObjectName": "LocalSystem", "Start": 2, "Type": 0x10, "ErrorControl": 1}
        self.assertEqual({name: self.windows.registry(SERVICE_KEY, name) for name in expected}, expected)

    def test_service_command(self):
        """The service is started with its argument."""
        command = self.windows.registry(SERVICE_KEY, "ImagePath").replace('"', "")
        self.assertEqual(command, rf"{PROGRAMS}\holdfast.exe service")

    def test_event_source(self):
        """The Event Log knows where the messages are."""
        self.assertEqual(self.windows.registry_values(EVENT_SOURCE_KEY),
                         {"EventMessageFile": ("REG_EXPAND_SZ", rf"{PROGRAMS}\holdfast.exe"),
                          "TypesSupported": ("REG_DWORD", 7)})

    def test_tray_autostart(self):
        """The tray starts at everybody's sign-in, by a quoted path."""
        self.assertEqual(self.windows.registry(RUN_KEY, "HoldfastTray"), rf'"{PROGRAMS}\holdfast-tray.exe"')

    def test_start_menu(self):
        """The Start menu has one entry."""
        self.assertEqual([entry.name for entry in start_menu_entries(self.windows)], ["Holdfast.lnk"])

    def test_configuration(self):
        """The default configuration is put down."""
        default = product.ROOT / "config/holdfast.json"
        self.assertEqual(self.file(DATA, "config.json").read_bytes(), default.read_bytes())

    def test_schema_and_samples(self):
        """The configuration's schema and samples lie beside the programs."""
        for installed, source in {"holdfast.schema.json": "holdfast.schema.json",
                                  r"samples\docassist-emr.json": "samples/docassist-emr.json",
                                  r"samples\rvu-counter.json": "samples/rvu-counter.json"}.items():
            self.assertEqual(self.file(PROGRAMS, installed).read_bytes(), (product.ROOT / "config" / source).read_bytes())

    def test_data_folder_is_protected(self):
        """Only SYSTEM and administrators can enter the data folder."""
        self.skipTest("Wine ignores MsiLockPermissionsEx and shows no such permissions.")

    def test_service_configuration(self):
        """The service has delayed start, its own SID, few privileges, a preshutdown time and failure actions."""
        self.skipTest("Wine ignores MsiConfigureServices.")

    def test_image_path_is_quoted(self):
        """The path of the service's program is quoted."""
        self.skipTest("Wine's Windows Installer does not quote ImagePath; Windows does.")

    def test_start_menu_is_everybodys(self):
        """The Start menu entry is there for all users."""
        self.skipTest("Wine puts entries of a per-machine installation into the user's own Start menu.")


class Upgrade(InstallerTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.windows.install(packages[OLD].msi)
        cls.configuration = cls.windows.unix_path(rf"{DATA}\config.json")
        cls.edited = cls.configuration.read_text() + "// edited\n"
        cls.configuration.write_text(cls.edited)
        cls.data = cls.configuration.with_name("data.txt")
        cls.data.write_text("data")
        cls.exit_code = cls.windows.install(packages[NEW].msi)

    def test_succeeds(self):
        """Installing a newer version over an older one succeeds."""
        self.assertEqual(self.exit_code, SUCCESS)

    def test_programs(self):
        """The programs are the newer ones."""
        self.assert_programs_are(NEW)

    def test_service(self):
        """The service runs again."""
        self.assertEqual(self.windows.service_state("Holdfast"), "RUNNING")

    def test_configuration_and_data(self):
        """The edited configuration and the data are as they were."""
        self.assertEqual(self.configuration.read_text(), self.edited)
        self.assertEqual(self.data.read_text(), "data")

    def test_downgrade(self):
        """An older version is refused and changes nothing."""
        self.assertEqual(self.windows.install(packages[OLD].msi), INSTALL_FAILURE)
        self.assert_programs_are(NEW)
        self.assertEqual(self.windows.service_state("Holdfast"), "RUNNING")

    def test_one_product(self):
        """Only the newer version is listed among the installed programs."""
        listed = self.windows.run("reg", "query", UNINSTALL_KEY, "/s").stdout
        self.assertEqual([line.split()[-1] for line in listed.splitlines() if "DisplayVersion" in line], [NEW])

    def test_sentence(self):
        """The refusal of an older version says why."""
        self.skipTest("A silent installation shows nothing; installer/check finds the sentence in the package.")


class Removal(InstallerTest):
    def test_removal(self):
        """Uninstalling leaves the data folder and nothing else, and installing again works."""
        self.install(OLD)
        configuration = self.file(DATA, "config.json")
        configuration.write_text('{ "version": 1, "datasets": [] } // edited\n')
        log = configuration.with_name("holdfast.log")
        log.write_text("a line\n")
        self.windows.run("reg", "add", OWN_KEY, "/v", "AddedLater", "/d", "1", "/f")

        self.uninstall(OLD)
        self.assert_removed()
        self.assertIn("edited", configuration.read_text())
        self.assertEqual(log.read_text(), "a line\n")

        self.install(OLD)
        self.assert_programs_are(OLD)
        self.assertEqual(self.windows.service_state("Holdfast"), "RUNNING")
        self.assertIn("edited", configuration.read_text())


class Choices(InstallerTest):
    def test_choices(self):
        """INSTALLDIR and TRAYAUTOSTART=0 are followed, and an upgrade remembers both."""
        folder = r"C:\Some where\else"
        self.install(OLD, INSTALLDIR=folder, TRAYAUTOSTART=0)
        for version in (OLD, NEW):
            with self.subTest(version=version):
                if version != OLD:
                    self.install(version)
                self.assert_programs_are(version, folder)
                self.assertFalse(self.windows.unix_path(PROGRAMS).exists())
                self.assertIsNone(self.windows.registry(RUN_KEY, "HoldfastTray"))
                self.assertEqual(self.windows.service_state("Holdfast"), "RUNNING")

        self.uninstall(NEW)
        self.assert_removed(folder)


class TrayInUse(InstallerTest):
    @classmethod
    def setUpClass(cls):
        cls.screen = Screen()
        cls.addClassCleanup(cls.screen.close)
        cls.windows = Wine(cls.screen.display)
        cls.addClassCleanup(cls.windows.close)

    def start_tray(self):
        self.windows.start(rf"{PROGRAMS}\holdfast-tray.exe")
        self.screen.tray_icon()

    def tray_is_gone(self):
        return not self.windows.is_running("holdfast-tray.exe")

    def test_tray_is_closed(self):
        """A running tray is closed by an upgrade and by an uninstallation, and its file is replaced and removed."""
        self.install(OLD)
        self.start_tray()
        self.install(NEW)
        wait_until("The tray of the old version is closed.", self.tray_is_gone)
        self.assert_programs_are(NEW)

        self.start_tray()
        self.uninstall(NEW)
        wait_until("The tray is closed.", self.tray_is_gone)
        self.assert_removed()

    def test_restart_manager(self):
        """The Restart Manager closes the trays of all users and starts them again after an upgrade."""
        self.skipTest("Wine has no working Restart Manager.")


if __name__ == "__main__":
    unittest.main()
