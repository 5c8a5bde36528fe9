"""A practice with the tray on a screen, and its windows as their user works with them."""

import time

import practice
import product
from screen import Screen
from wine import wait_until

TRAY = r"C:\Program Files\Holdfast\holdfast-tray.exe"
HISTORY, RESTORE, DIALOG = "HoldfastHistory", "HoldfastRestore", "#32770"
HISTORY_COMMAND = 112
KEY_B, KEY_TAB, KEY_ESCAPE, KEY_ENTER = 66, 9, 27, 13


class TrayPractice(practice.ClinicPractice):
    """Gives each test such a practice with the tray on a screen."""

    def setUp(self):
        self.screen = self.enterContext(Screen())
        self.display = self.screen.display
        super().setUp()
        self.windows.set_registry_number(product.SETUP_KEY, product.SETUP_VALUE, 1)
        self.windows.start(TRAY)
        wait_until("The tray shows the status.", lambda: "Backed up" in self.probe("title").stdout)

    def probe(self, *arguments):
        return self.windows.run(self.windows.windows_path(product.BUILT_BIN / "tray_probe.exe"), *map(str, arguments))

    def title(self, window):
        found = self.probe("visible", window)
        return found.stdout.rstrip("\n") if found.exit_code == 0 else None

    def texts(self, window):
        return self.probe("texts", window).stdout.splitlines()

    def says(self, window, text):
        return any(text in line for line in self.texts(window))

    def rows(self, window):
        return [line.split(" | ") for line in self.probe("rows", window).stdout.splitlines()]

    def click(self, window, button):
        wait_until(f"{button} is pressed.", lambda: self.probe("click", window, button).exit_code == 0)

    def open_history(self, count):
        self.probe("command", HISTORY_COMMAND)
        wait_until("The history is open.", lambda: self.title(HISTORY))
        wait_until(f"It has {count} rows.", lambda: len(self.rows(HISTORY)) == count)

    def picture(self, name, window=None):
        """Of the whole screen, or of a window."""
        folder = product.ROOT / "build/pictures"
        folder.mkdir(parents=True, exist_ok=True)
        # What was drawn last has to arrive at the screen.
        time.sleep(1)
        place = self.probe("place", window).stdout.split() if window else []
        self.screen.screenshot(folder / f"{name}.png", self.screen.area(*map(int, place)) if window else None)

    def announced(self):
        [log] = self.windows.unix_path(r"C:\users").rglob("tray.log")
        lines = log.read_text(encoding="utf-8").splitlines()
        return [line.split("Announced: ")[1] for line in lines if "Announced: " in line]
