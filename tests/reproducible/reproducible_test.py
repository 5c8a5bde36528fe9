"""Whoever builds the same sources gets the same product: what was built is built once more, in another folder.

To compile all of it again takes as long as it took the first time. So an eighth of the sources is compiled, another
with each commit, and the rest is taken as it was compiled; with HOLDFAST_COMPILE_ALL=1 each of them is.
"""

import hashlib
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


def is_chosen(made, commit):
    if os.environ.get("HOLDFAST_COMPILE_ALL"):
        return True
    return hashlib.sha256(f"{commit} {made}".encode()).digest()[0] % 8 == 0


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

    def build_again(self, folder):
        """Does what the build would do, but takes over most of what the compiler made."""
        built, again = BUILT / "cmake", folder / "build/windows/cmake"
        inside = "cd build/windows/cmake &&"
        for below in built.rglob("*/"):
            (again / below.relative_to(built)).mkdir(parents=True, exist_ok=True)
        (folder / "build/windows/bin").mkdir(exist_ok=True)
        commit = self.run_in(ROOT, "git", "rev-parse", "HEAD")
        compiled = 0
        commands = self.run_in(folder, "sh", "-c", f"{inside} ninja -t commands holdfast holdfast-tray")
        for command in commands.splitlines():
            made = re.search(r" -o (\S+\.obj) -c ", command)
            if made and not is_chosen(made.group(1), commit):
                shutil.copy(built / made.group(1), again / made.group(1))
            else:
                self.run_in(folder, "sh", "-c", f"{inside} {command}")
                compiled += bool(made)
        self.assertGreater(compiled, 10)

    def test_same(self):
        """The same sources give the same programs and the same package, to the byte, in whatever folder."""
        with tempfile.TemporaryDirectory(prefix="reproduced-", dir=ROOT / "build") as scratch:
            folder = pathlib.Path(scratch) / "a folder with another name"
            folder.mkdir()
            self.copy_sources(folder)
            self.run_in(folder, "cmake", "--preset", "windows")
            self.build_again(folder)
            again = folder / "build/windows/bin"
            package = folder / f"Holdfast-{version()}-x64.msi"
            self.run_in(folder, "installer/build", "--version", version(), "--bin", again, "--output", package)
            for made, before in [(again / name, BUILT / "bin" / name) for name in PROGRAMS] + [
                    (package, BUILT / package.name)]:
                self.assertTrue(made.read_bytes() == before.read_bytes(), f"{made.name} came out otherwise.")


if __name__ == "__main__":
    unittest.main()
