"""Runs clang-tidy over the project's sources, two at a time, and only over what changed.

The native build tells how to compile the portable sources, the Windows build the rest. A source
passes again unseen as long as it, every header, the checks and its compile command are the same.
"""

import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STAMPS = ROOT / "build" / "lint"
OWN_FOLDERS = ("common", "service", "tray")
WINDOWS_COMPILER = "x86_64-w64-mingw32-g++-posix"


def own_sources(build):
    """The project's own sources that a build compiles, with their commands."""
    commands = json.loads((ROOT / "build" / build / "cmake" / "compile_commands.json").read_text())
    for entry in commands:
        path = Path(entry["file"])
        if path.suffix == ".cpp" and path.is_relative_to(ROOT):
            if path.relative_to(ROOT).parts[0] in OWN_FOLDERS:
                yield path, build, entry["command"]


def windows_arguments():
    """What makes clang read the sources as the cross compiler does: its target and its standard library."""
    asked = subprocess.run([WINDOWS_COMPILER, "-E", "-v", "-x", "c++", os.devnull], capture_output=True, text=True,
                           check=True).stderr
    folders = asked.split("search starts here:")[-1].split("End of search list")[0].split()
    return ["--extra-arg=--target=x86_64-w64-mingw32"] + [f"--extra-arg=-isystem{os.path.normpath(folder)}"
                                                          for folder in folders if "c++" in folder]


def headers_digest():
    digest = hashlib.sha256((ROOT / ".clang-tidy").read_bytes())
    digest.update(Path(__file__).read_bytes())
    for folder in OWN_FOLDERS:
        for header in sorted((ROOT / folder).rglob("*.h")):
            digest.update(header.read_bytes())
    return digest.hexdigest()


def lint(path, build, stamp):
    arguments = ["clang-tidy", "--quiet", "-p", str(ROOT / "build" / build / "cmake")]
    extra = windows_arguments() if build == "windows" else []
    run = subprocess.run(arguments + extra + [str(path)], capture_output=True, text=True, check=False)
    if run.returncode == 0:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.touch()
        return ""
    return f"{path.relative_to(ROOT)}:\n{run.stdout}{run.stderr}"


def main():
    work = {}
    for build in ("linux", "windows"):
        for path, origin, command in own_sources(build):
            work.setdefault(path, (origin, command))
    common = headers_digest()
    todo = []
    for path, (build, command) in sorted(work.items()):
        key = hashlib.sha256((common + command).encode() + path.read_bytes()).hexdigest()
        stamp = STAMPS / key
        if not stamp.exists():
            todo.append((path, build, stamp))
    print(f"{len(work)} sources, {len(todo)} to look at")
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        faults = [fault for fault in pool.map(lambda item: lint(*item), todo) if fault]
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
