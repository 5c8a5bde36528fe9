"""The documentation tells the truth: its links lead somewhere, and the commands in it are commands."""

import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]


def output(*command):
    return subprocess.run(command, capture_output=True, encoding="utf-8", cwd=ROOT, check=False).stdout


class Documentation(unittest.TestCase):
    def test_links(self):
        """Every link and picture in the documentation is there."""
        for page in PAGES:
            for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
                with self.subTest(page=page.name, target=target):
                    self.assertTrue((page.parent / target).exists())

    def test_pictures(self):
        """Every picture of the user guide is one that the tests take or an icon, and each of those is in the guide."""
        sys.path.insert(0, str(ROOT / "tests/system"))
        import publish_pictures  # pylint: disable=import-outside-toplevel
        guide = (ROOT / "docs/user-guide.md").read_text(encoding="utf-8")
        self.assertEqual(set(re.findall(r"\]\(pictures/([\w-]+)\.png\)", guide)), publish_pictures.PICTURES.keys() | publish_pictures.ICONS.keys())

    def test_dev_commands(self):
        """Every ./dev command in the documentation is one that ./dev help lists."""
        listed = set(re.findall(r"^  ([\w-]+)(?: |$)", output("./dev", "help"), re.MULTILINE))
        for page in PAGES:
            for command in re.findall(r"\./dev ([\w-]+)", page.read_text(encoding="utf-8")):
                with self.subTest(page=page.name, command=command):
                    self.assertIn(command, listed)

    def test_unknown_dev_command(self):
        """./dev refuses a command that there is not, with exit code 64."""
        refused = subprocess.run(["./dev", "tset"], capture_output=True, encoding="utf-8", cwd=ROOT, check=False)
        self.assertEqual(refused.returncode, 64)
        self.assertEqual(refused.stderr, 'dev: there is no command "tset"; see ./dev help\n')

    def test_version(self):
        """Every package name in the documentation carries the version of the source tree."""
        version = re.search(r"project\(Holdfast VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text()).group(1)
        for page in PAGES:
            for named in re.findall(r"Holdfast-([\d.]+)-x64\.msi", page.read_text(encoding="utf-8")):
                with self.subTest(page=page.name):
                    self.assertEqual(named, version)

    def test_folders(self):
        """Every folder of the sources that the architecture page lists is there."""
        page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
        folders = re.findall(r"^\| `([\w/]+/)` \|", page, re.MULTILINE)
        self.assertGreater(len(folders), 5)
        for folder in folders:
            with self.subTest(folder=folder):
                self.assertTrue((ROOT / folder).is_dir())


if __name__ == "__main__":
    unittest.main()
