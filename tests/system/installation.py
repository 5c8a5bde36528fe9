"""What an installation leaves where, and the packages of two versions."""

import pathlib
import tempfile
import unittest

import product

OLD, NEW = product.version(), product.next_version()
PROGRAMS = r"C:\Program Files\Holdfast"
DATA = r"C:\ProgramData\Holdfast"
OWN_KEY = r"HKLM\SOFTWARE\Holdfast"
RUN_KEY = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Run"
SERVICE_KEY = r"HKLM\SYSTEM\CurrentControlSet\Services\Holdfast"
SUCCESS = 0

packages = {}


def make_packages():
    """Fills `packages` for the tests of a module, which takes them away when it has ended."""
    scratch = tempfile.TemporaryDirectory(prefix="packages-")
    unittest.addModuleCleanup(scratch.cleanup)
    folder = pathlib.Path(scratch.name)
    packages[OLD] = product.package(folder / OLD)
    packages[NEW] = product.package_of_version(NEW, folder / NEW)
