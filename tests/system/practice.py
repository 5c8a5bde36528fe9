"""A practice's computer: Holdfast is installed, and its service is asked as people ask it."""

import json
import pathlib
import tempfile
import unittest

import product
from wine import Wine, wait_until

HOLDFAST = r"C:\Program Files\Holdfast\holdfast.exe"
CONFIG = r"C:\ProgramData\Holdfast\config.json"


class InstalledPractice(unittest.TestCase):
    """Gives each test a Windows with Holdfast installed and nothing configured."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="practice-")
        self.addCleanup(scratch.cleanup)
        self.scratch = pathlib.Path(scratch.name)
        self.windows = Wine()
        self.addCleanup(self.windows.close)
        self.assertEqual(self.windows.install(product.package(self.scratch / "package").msi), 0)
        self.drive = self.windows.unix_path("C:\\")
        self.config_file = self.windows.unix_path(CONFIG)

    def holdfast(self, *arguments):
        return self.windows.run(HOLDFAST, *arguments)

    def protect(self, *datasets):
        """Written as an administrator would; the service takes it by itself."""
        text = json.dumps({"version": 1, "datasets": datasets}, indent=2)
        self.config_file.write_text(text, encoding="utf-8")
        wait_until("The configuration is taken.", lambda: len(self.status()["datasets"]) == len(datasets), timeout=60)

    def status(self):
        return json.loads(self.holdfast("status", "--json").stdout)

    def runs(self):
        return json.loads(self.holdfast("history", "--json").stdout)["runs"]
