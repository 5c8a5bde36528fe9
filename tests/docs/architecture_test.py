"""The architecture page tells how the sources hang together: the compiler does not, so this does."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
# The page names them.
EXCEPTIONS = {("platform", f"service/{header}") for header in
              ("config/path_tokens.h", "config/path_rules.h", "archive/entry_name.h")}


def includes(folder):
    """(file, what it includes) of all sources of a folder."""
    for source in sorted((ROOT / folder).rglob("*.[ch]*")):
        for included in re.findall(r'#include "([\w/]+\.h)"', source.read_text(encoding="utf-8")):
            yield source.relative_to(ROOT).as_posix(), included


def layers():
    """{folder of the service: number of its line in the diagram, counted from above}"""
    diagram = re.search(r"```\n(  command_line .*?)```", PAGE, re.DOTALL).group(1)
    lines = [re.split(r" {4,}", line.strip())[0].split() for line in diagram.splitlines()]
    return {folder: number for number, line in enumerate(lines) for folder in line}


class Dependencies(unittest.TestCase):
    def test_programs(self):
        """The tray and the service include nothing of each other, and what both use nothing of either."""
        for folder, others in {"tray": ("service/",), "service": ("tray/",), "common": ("service/", "tray/")}.items():
            for source, included in includes(folder):
                with self.subTest(source=source):
                    self.assertFalse(included.startswith(others), included)

    def test_layers(self):
        """In the service a folder includes only from its own line of the page's diagram and those below."""
        line_of = layers()
        self.assertEqual(set(line_of), {path.name for path in (ROOT / "service").iterdir() if path.is_dir()})
        for source, included in includes("service"):
            if source.count("/") < 2 or not included.startswith("service/"):
                continue
            folder, other = source.split("/")[1], included.split("/")[1]
            if (folder, included) not in EXCEPTIONS:
                with self.subTest(source=source, includes=included):
                    self.assertLessEqual(line_of[folder], line_of[other])


if __name__ == "__main__":
    unittest.main()
