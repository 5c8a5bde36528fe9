"""The tray icon as its user sees it, on a real screen."""

import pathlib
import tempfile
import unittest

import product
from screen import Screen
from wine import Wine, wait_until

HOLDFAST = r"C:\Program Files\Holdfast\holdfast.exe"
TRAY = r"C:\Program Files\Holdfast\holdfast-tray.exe"
UNPROTECTED = "Holdfast: No database is protected yet."
NOT_RUNNING = "Holdfast: the service is not running."
SHOW_ABOUT, EXIT = 101, 102
DIALOG_CLASS, MENU_CLASS, HISTORY_CLASS = "#32770", "#32768", "HoldfastHistory"
OPEN_SETTINGS, OPEN_SETUP = 120, 121
SETTINGS_TITLE, SETUP_TITLE = "Holdfast settings", "Protect a database"
CANCEL_BUTTON, SKIP_BUTTON = 2, 1111


class TrayTest(unittest.TestCase):
    """Gives each test a Windows with Holdfast installed and its tray started."""

    setup_is_skipped = True

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="tray-test-")
        self.addCleanup(scratch.cleanup)
        self.screen = self.enterContext(Screen())
        self.windows = self.enterContext(Wine(self.screen.display))
        self.assertEqual(self.windows.install(product.package(pathlib.Path(scratch.name) / "package").msi), 0)
        self.set_theme(light=1)
        if self.setup_is_skipped:
            self.windows.set_registry_number(product.SETUP_KEY, product.SETUP_VALUE, 1)
        self.windows.start(TRAY)
        self.wait_for_tooltip(UNPROTECTED)

    def set_theme(self, light):
        self.windows.set_registry_number(product.THEME_KEY, product.THEME_VALUE, light)

    def probe(self, *arguments):
        return self.windows.run(self.windows.windows_path(product.BUILT_BIN / "tray_probe.exe"), *arguments)

    def tooltip(self):
        return self.probe("title").stdout.rstrip("\n")

    def wait_for_tooltip(self, text):
        wait_until(f"The tooltip is: {text}", lambda: self.tooltip() == text)

    def visible(self, window_class):
        """The title of a visible window of that class, or None."""
        found = self.probe("visible", window_class)
        return found.stdout.rstrip("\n") if found.exit_code == 0 else None

    def icon_pixels(self, is_of_kind):
        picture = self.screen.screenshot()
        return sum(count for colour, count in picture.colours(self.screen.tray_icon()).items() if is_of_kind(colour))

    def wait_for_icon(self, looks):
        wait_until(f"The icon is {looks.__name__}.", lambda: looks(self))


def is_red(colour):
    red, green, blue = colour
    return red > 150 and green < 90 and blue < 90


def is_like(colour, other):
    return all(abs(one - two) < 8 for one, two in zip(colour, other))


def is_colourful(colour):
    return max(colour) - min(colour) > 50


def red(test):
    return test.icon_pixels(is_red) > 40


def red_for_light_taskbars(test):
    return test.icon_pixels(lambda colour: is_like(colour, (0xCC, 0x1F, 0x2D))) > 30


def red_for_dark_taskbars(test):
    return test.icon_pixels(lambda colour: is_like(colour, (0xE0, 0x32, 0x3F))) > 30


def grey(test):
    return test.icon_pixels(is_colourful) == 0 and test.icon_pixels(lambda colour: max(colour) < 150) > 20


class Icon(TrayTest):
    def test_states(self):
        """The tray is red while nothing is protected, grey while the service is away, and back by itself."""
        self.wait_for_icon(red)

        self.windows.run("sc", "stop", "Holdfast")
        self.wait_for_tooltip(NOT_RUNNING)
        self.wait_for_icon(grey)

        self.windows.start(HOLDFAST, "run")
        self.wait_for_tooltip(UNPROTECTED)
        self.wait_for_icon(red)

        self.windows.kill("holdfast.exe")
        self.wait_for_tooltip(NOT_RUNNING)
        self.wait_for_icon(grey)

        self.windows.run("sc", "start", "Holdfast")
        self.wait_for_tooltip(UNPROTECTED)
        self.wait_for_icon(red)

    def test_killed_service(self):
        """When the installed service is killed, the icon turns grey."""
        self.wait_for_icon(red)
        self.windows.kill("holdfast.exe")
        self.wait_for_tooltip(NOT_RUNNING)
        self.wait_for_icon(grey)

    def test_new_taskbar(self):
        """After a crash of Explorer the icon is there again, and once."""
        self.probe("taskbar-created")
        self.wait_for_icon(red)
        self.assertEqual(len(self.screen.tray_icons()), 1)

    def test_theme(self):
        """The icon follows the taskbar between light and dark."""
        self.wait_for_icon(red_for_light_taskbars)
        self.set_theme(light=0)
        self.probe("theme-changed")
        self.wait_for_icon(red_for_dark_taskbars)
        self.set_theme(light=1)
        self.probe("theme-changed")
        self.wait_for_icon(red_for_light_taskbars)

    def test_quit(self):
        """holdfast-tray --quit ends the tray of the session and takes its icon away."""
        self.assertEqual(self.windows.run(TRAY, "--quit").exit_code, 0)
        self.assertFalse(self.windows.is_running("holdfast-tray.exe"))
        wait_until("The icon is gone.", lambda: not self.screen.tray_icons())
        self.assertEqual(self.windows.run(TRAY, "--quit").exit_code, 0)

    def test_scaling(self):
        """The icon is sharp at every scaling, and on monitors that are scaled differently."""
        self.skipTest("Wine has one scaling for the whole screen, set before anything starts.")


class Menu(TrayTest):
    def test_right_click(self):
        """A right click on the icon opens the menu, and a click on its last line ends the tray."""
        self.screen.click_tray_icon(button=3)
        wait_until("The menu is open.", lambda: self.visible(MENU_CLASS) is not None)
        self.assertEqual(self.probe("command", str(EXIT)).exit_code, 0)
        wait_until("The tray has ended.", lambda: not self.windows.is_running("holdfast-tray.exe"))

    def test_second_start(self):
        """A second start brings the first one's window forward and ends."""
        self.assertEqual(self.windows.run(TRAY).exit_code, 0)
        wait_until("The history is shown.", lambda: self.visible(HISTORY_CLASS) == "Backup history")
        self.assertEqual(len(self.screen.tray_icons()), 1)

    def test_about(self):
        """About is opened from the menu's command."""
        self.probe("command", str(SHOW_ABOUT))
        wait_until("About is shown.", lambda: self.visible(DIALOG_CLASS) == "About Holdfast")


class FirstStart(TrayTest):
    setup_is_skipped = False

    def test_setup(self):
        """Where nothing is protected the set-up opens by itself, until it was skipped; the menu opens it all the same."""
        wait_until("The set-up is open.", lambda: self.visible(DIALOG_CLASS) == SETUP_TITLE)
        self.press(SETUP_TITLE, SKIP_BUTTON)
        wait_until("The set-up is closed.", lambda: self.visible(DIALOG_CLASS) is None)
        wait_until("It is kept.", lambda: self.windows.registry(product.SETUP_KEY, product.SETUP_VALUE) == 1)

        self.assertEqual(self.windows.run(TRAY, "--quit").exit_code, 0)
        self.windows.start(TRAY)
        self.wait_for_tooltip(UNPROTECTED)
        for command, title in ((OPEN_SETTINGS, SETTINGS_TITLE), (OPEN_SETUP, SETUP_TITLE)):
            self.probe("command", str(command))
            wait_until(f"{title} is open, and nothing else.", lambda: self.visible(DIALOG_CLASS) == title)
            self.press(title, CANCEL_BUTTON)
            wait_until(f"{title} is closed.", lambda: self.visible(DIALOG_CLASS) is None)

    def press(self, title, button):
        program = self.windows.windows_path(product.BUILT_BIN / "dialog_probe.exe")
        self.assertEqual(self.windows.run(program, "click", title, str(button)).exit_code, 0)


if __name__ == "__main__":
    unittest.main()
