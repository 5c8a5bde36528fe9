"""A screen nobody looks at: an X server with a window manager and a notification area, and pictures of it."""

import collections
import itertools
import os
import pathlib
import re
import subprocess
import tempfile

from wine import SILENT, wait_until

Rectangle = collections.namedtuple("Rectangle", "x y width height")

WIDTH, HEIGHT = 1024, 768


class Picture:
    """The pixels of a PNG file."""

    def __init__(self, png):
        size = subprocess.run(["identify", "-format", "%w %h", png], check=True, capture_output=True).stdout
        self.width, self.height = map(int, size.split())
        rgb = subprocess.run(["convert", png, "-depth", "8", "rgb:-"], check=True, capture_output=True)
        self._rgb = rgb.stdout

    def pixel(self, x, y):
        at = 3 * (y * self.width + x)
        return tuple(self._rgb[at:at + 3])

    def colours(self, rectangle=None):
        """How often each colour occurs, as Counter of (red, green, blue)."""
        left, top, width, height = rectangle or (0, 0, self.width, self.height)
        return collections.Counter(self.pixel(x, y) for y in range(top, min(top + height, self.height))
                                   for x in range(left, min(left + width, self.width)))

    def count_like(self, colour, rectangle=None, tolerance=40):
        """How many pixels are `colour`, give or take `tolerance` in each of red, green and blue."""
        return sum(count for other, count in self.colours(rectangle).items()
                   if all(abs(one - two) <= tolerance for one, two in zip(colour, other)))


class Screen:
    """Starts with construction and lasts until close(). Several may run beside each other."""

    def __init__(self, width=WIDTH, height=HEIGHT):
        self._size = f"{width}x{height}"
        self._processes = []
        self._environment = dict(os.environ)
        self._folder = tempfile.TemporaryDirectory(prefix="screen-")
        try:
            self.display = self._start_server()
            self._environment["DISPLAY"] = self.display
            self._start("openbox")
            wait_until("A window manager runs.", lambda: "_NET_SUPPORTING_WM_CHECK" in self._ask("xprop", "-root"))
            self._start("trayer", "--edge", "bottom", "--align", "right", "--widthtype", "pixel", "--width", "200",
                        "--height", "24")
            wait_until("There is a notification area.", self._notification_area)
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for process in reversed(self._processes):
            process.terminate()
            process.wait()
        self._folder.cleanup()

    def screenshot(self, png=None, area=None):
        """Takes a picture, of a rectangle if that is given, and keeps it in the file `png` if that is."""
        file = pathlib.Path(png or pathlib.Path(self._folder.name) / "screen.png")
        crop = ["-crop", f"{area.width}x{area.height}+{area.x}+{area.y}", "+repage"] if area else []
        subprocess.run(["import", "-window", "root", *crop, file], check=True, env=self._environment)
        return Picture(file)

    def area(self, left, top, right, bottom):
        """What of a window is on the screen."""
        width, height = map(int, self._size.split("x"))
        left, top, right, bottom = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
        return Rectangle(left, top, right - left, bottom - top)

    def tray_icons(self):
        """Where the icons of Windows programs are in the notification area."""
        return [_rectangle(line) for line in self._notification_area()[1:] if '"explorer.exe"' in line]

    def tray_icon(self, timeout=30):
        """Waits for an icon and returns its rectangle."""
        return wait_until("An icon is in the notification area.", self.tray_icons, timeout)[0]

    def click_tray_icon(self, button):
        icon = self.tray_icon()
        place = (str(icon.x + icon.width // 2), str(icon.y + icon.height // 2))
        subprocess.run(["xdotool", "mousemove", *place, "click", str(button)], check=True, env=self._environment)

    def move_mouse_away(self):
        """To a corner, where nothing is that has a tooltip."""
        subprocess.run(["xdotool", "mousemove", "1", "1"], check=True, env=self._environment)

    def _notification_area(self):
        """What xwininfo says of the notification area's window and, indented below it, of those in it."""
        lines = self._ask("xwininfo", "-root", "-tree").splitlines()
        start = next((at for at, line in enumerate(lines) if '"panel": ("panel" "trayer")' in line), len(lines))
        depth = _indentation(lines[start]) if start < len(lines) else 0
        inside = itertools.takewhile(lambda line: _indentation(line) > depth, lines[start + 1:])
        return [*lines[start:start + 1], *inside]

    def _ask(self, *command):
        return subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace",
                              env=self._environment).stdout

    def _start(self, *command, **options):
        self._processes.append(subprocess.Popen(command, env=self._environment, **SILENT, **options))

    def _start_server(self):
        # The server looks for a free number itself and tells it once it listens. When the last client left, it would
        # begin anew, and break off who is just connecting: at first the only one is who asks for the window manager.
        reader, writer = os.pipe()
        self._start("Xvfb", "-displayfd", str(writer), "-screen", "0", f"{self._size}x24",
                    "-nolisten", "tcp", "-noreset", "-wr", pass_fds=[writer])
        os.close(writer)
        with os.fdopen(reader) as told:
            number = told.readline().strip()
        if not number:
            raise AssertionError("Xvfb does not start.")
        return f":{number}"


def _indentation(line):
    return len(line) - len(line.lstrip())


def _rectangle(line):
    # Size, place in the parent window, place on the screen.
    width, height, x, y = map(int, re.search(r"(\d+)x(\d+)\+-?\d+\+-?\d+\s+\+(-?\d+)\+(-?\d+)$", line).groups())
    return Rectangle(x, y, width, height)
