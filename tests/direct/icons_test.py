"""The tray's icons, as people who see no colours see them."""

import itertools
import pathlib
import subprocess
import unittest

ICONS = pathlib.Path(__file__).resolve().parents[2] / "tray/icons"
STATES = ["protected", "attention", "at_risk", "away", "working_0"]
# In the order of the files; 16 pixels is the smallest size that a taskbar shows.
SMALLEST = 0


def grey(icon, paper):
    """The brightness of each pixel of the smallest image, on a taskbar of that colour."""
    command = ["convert", f"{icon}[{SMALLEST}]", "-background", paper, "-flatten", "-colorspace", "Gray", "-depth", "8",
               "gray:-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def difference(one, other):
    """How many of the pixels are clearly brighter or darker."""
    return sum(abs(a - b) > 60 for a, b in zip(one, other)) / len(one)


class Icons(unittest.TestCase):
    def test_shapes(self):
        """Without their colours, each icon still differs from each other one, on light and on dark taskbars."""
        for theme, paper in (("light", "white"), ("dark", "black")):
            images = {state: grey(ICONS / f"{state}_{theme}.ico", paper) for state in STATES}
            self.assertEqual({len(image) for image in images.values()}, {16 * 16})
            for one, other in itertools.combinations(STATES, 2):
                with self.subTest(theme=theme, one=one, other=other):
                    self.assertGreater(difference(images[one], images[other]), 0.08)

    def test_movement(self):
        """While a backup is under way the icon moves: each of its pictures differs from the next."""
        for theme, paper in (("light", "white"), ("dark", "black")):
            frames = [grey(ICONS / f"working_{frame}_{theme}.ico", paper) for frame in range(8)]
            for frame, image in enumerate(frames):
                with self.subTest(theme=theme, frame=frame):
                    self.assertNotEqual(image, frames[(frame + 1) % len(frames)])


if __name__ == "__main__":
    unittest.main()
