"""What one command costs: its time until all is on the disk, its work and its memory, and what it leaves behind."""

import dataclasses
import os
import pathlib
import subprocess
import time


@dataclasses.dataclass(frozen=True)
class Cost:
    seconds: float
    cpu_seconds: float  # of all processes together
    peak_memory_bytes: int  # of the largest process among those that the command started


def measure(command, folder, environment):
    """Runs the shell command in the folder, until what it leaves in kept/ is on the disk."""
    # A child inherits the peak of the process that forks it, and Python's is above that of many a tool: so `time`
    # stands between and counts.
    counted = folder / "counted"
    os.sync()
    begin = time.monotonic()
    run(["time", "--quiet", "--format", "%M %U %S", "--output", counted, "sh", "-euc", command], folder, environment)
    for file in files_in(folder / "kept"):
        flush(file)
    seconds = time.monotonic() - begin
    kibibytes, user, system = map(float, counted.read_text().split())
    return Cost(seconds, user + system, 1024 * int(kibibytes))


def run(arguments, folder, environment):
    done = subprocess.run(arguments, cwd=folder, env=os.environ | environment, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding="utf-8", check=False)
    if done.returncode:
        raise RuntimeError(f"{arguments} ended with {done.returncode}:\n{done.stdout}")


def files_in(folder):
    return [path for path in pathlib.Path(folder).rglob("*") if path.is_file()]


def bytes_in(folder):
    return sum(file.stat().st_size for file in files_in(folder))


def flush(file):
    descriptor = os.open(file, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
