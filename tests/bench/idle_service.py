"""What the service costs under Wine while nothing happens, with ten datasets whose databases a query watches.

idle_service.py SECONDS

The memory is what only this process has, with all that Wine itself puts into it but for copies of code.
"""

import contextlib
import os
import pathlib
import sqlite3
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

import practice  # noqa: E402
from wine import private_megabytes, wait_until  # noqa: E402

DATASETS = 10


class IdleService(practice.InstalledPractice):
    seconds = 600

    def runTest(self):
        folder = self.drive / "Practice"
        folder.mkdir()
        with contextlib.ExitStack() as applications:
            datasets = []
            for number in range(DATASETS):
                name = f"app-{number}"
                # The application stays connected, as applications do.
                connection = applications.enter_context(contextlib.closing(sqlite3.connect(folder / f"{name}.db")))
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("CREATE TABLE shifts (id INTEGER PRIMARY KEY)")
                datasets.append({"id": name, "database": rf"C:\Practice\{name}.db",
                                 "destination": {"folder": r"C:\Backups"},
                                 "triggers": [{"query_changes": "SELECT count(*) FROM shifts"}]})
            self.protect(*datasets)
            self.assertEqual(self.holdfast("backup", "--wait").exit_code, 0)
            wait_until("All is well.", lambda: self.status()["health"] == "protected")
            [service] = self.windows.processes("holdfast.exe")
            before = cpu_seconds(service)
            time.sleep(self.seconds)
            share = (cpu_seconds(service) - before) / self.seconds
            print(f"{self.seconds} s idle with {DATASETS} watched datasets, under Wine: "
                  f"{share:.3%} of a processor, {private_megabytes(service):.1f} MB of private memory")


def cpu_seconds(process):
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    IdleService.seconds = int(sys.argv[1])
    IdleService().debug()
