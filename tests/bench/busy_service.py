"""How soon the service answers under Wine: many clients at once, and a backup before something destructive.

busy_service.py SECONDS
"""

import contextlib
import pathlib
import re
import sqlite3
import statistics
import subprocess
import sys
import time

BENCH = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(BENCH.parent / "system"))

import practice  # noqa: E402
import product  # noqa: E402
from idle_service import cpu_seconds  # noqa: E402
from wine import wait_until  # noqa: E402

CLIENTS = 200
# Each client asks again this long after its answer.
PAUSE_MILLISECONDS = 250
BACKUPS = 7
MEGABYTES = 10


class BusyService(practice.InstalledPractice):
    seconds = 60

    def runTest(self):
        folder = self.drive / "Practice"
        folder.mkdir()
        subprocess.run([sys.executable, BENCH / "clinic_database.py", folder / "clinic.db", str(MEGABYTES), "WAL"],
                       check=True)
        with contextlib.closing(sqlite3.connect(folder / "clinic.db")) as application:
            application.execute("SELECT count(*) FROM patient").fetchone()
            self.protect({"id": "clinic", "database": r"C:\Practice\clinic.db",
                          "destination": {"folder": r"C:\Backups"}})
            self.time_backups(application)
        wait_until("All is well.", lambda: self.status()["health"] == "protected")
        self.time_clients()

    def time_backups(self, application):
        taken = []
        for number in range(BACKUPS):
            with application:
                application.execute("UPDATE patient SET changed_at = ? WHERE id = 1", (f"{number}",))
            begin = time.monotonic()
            finished = self.holdfast("backup", "clinic", "--wait", "--reason", "before-delete")
            taken.append(time.monotonic() - begin)
            self.assertEqual(finished.exit_code, 0, finished.stderr)
        begin = time.monotonic()
        self.holdfast("--version")
        print(f"backup --wait of {MEGABYTES} MB: {statistics.median(taken):.2f} s (median of {BACKUPS}), of which "
              f"starting a program under Wine takes {time.monotonic() - begin:.2f} s")

    def time_clients(self):
        [service] = self.windows.processes("holdfast.exe")
        client = self.windows.windows_path(product.BUILT_BIN / "pipe_client.exe")
        told = self.windows.run(client, "ask", CLIENTS, self.seconds, PAUSE_MILLISECONDS, timeout=self.seconds + 60).stdout
        numbers = dict(re.findall(r"(\w+)=([\d.]+)", told))
        print(f"{CLIENTS} clients for {self.seconds} s, each {PAUSE_MILLISECONDS} ms after its last answer: "
              f"{numbers['asked']} answers, {numbers['failed']} failures, waited {numbers['p50']} ms (p50), "
              f"{numbers['p99']} ms (p99), {numbers['max']} ms (longest)")
        before = cpu_seconds(service)
        time.sleep(10)
        print(f"afterwards {(cpu_seconds(service) - before) / 10:.2%} of a processor")


if __name__ == "__main__":
    BusyService.seconds = int(sys.argv[1])
    BusyService().debug()
