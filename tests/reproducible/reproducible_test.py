"""Whoever builds the same sources gets the same product: what was built is built once more, in another folder."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILT = ROOT / "build/windows"
PROGRAMS = ("holdfast.exe", "holdfast-tray.exe")


def version():
    return re.search(r"^project\(Holdfast VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text(), re.MULTILINE).group(1)


class Reproducible(unittest.TestCase):
    def run_in(self, folder, *command):
        # What another build left in a cache proves nothing; but where there is one, it writes paths in its own way.
        compiled_anew = {"CCACHE_RECACHE": "1", "CCACHE_BASEDIR": str(folder)}
        finished = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, encoding="utf-8",
                                  env=os.environ | compiled_anew, check=False)
        self.assertEqual(finished.returncode, 0, finished.stdout[-4000:] + finished.stderr)
        return finished.stdout

    def copy_sources(self, folder):
        listed = self.run_in(ROOT, "git", "ls-files", "--cached", "--others", "--exclude-standard")
        for name in listed.splitlines():
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, folder / name)
        # The libraries are the same files: they are pinned, and not what is looked at here.
        shutil.copytree(ROOT / "build/deps/windows", folder / "build/deps/windows", copy_function=os.link)
        (folder / "build/deps/sources").symlink_to(ROOT / "build/deps/sources")

    def test_same(self):
        """The same sources give the same programs and the same package, to the byte, in whatever folder."""
        with tempfile.TemporaryDirectory(prefix="reproduced-", dir=ROOT / "build") as scratch:
            folder = pathlib.Path(scratch) / "a folder with another name"
            folder.mkdir()
            self.copy_sources(folder)
            self.run_in(folder, "cmake", "--preset", "windows")
            self.run_in(folder, "cmake", "--build", "--preset", "windows", "--target", "holdfast", "holdfast-tray")
            again = folder / "build/windows/bin"
            package = folder / f"Holdfast-{version()}-x64.msi"
            self.run_in(folder, "installer/build", "--version", version(), "--bin", again, "--output", package)
            for made, before in [(again / name, BUILT / "bin" / name) for name in PROGRAMS] + [
                    (package, BUILT / package.name)]:
                self.assertTrue(made.read_bytes() == before.read_bytes(), f"{made.name} came out otherwise.")


if __name__ == "__main__":
    unittest.main()
