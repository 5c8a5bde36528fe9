"""Runs the Windows build of the tests in a throw-away Wine prefix: run_windows_tests.py REPORT.xml."""

import pathlib
import re
import sys
import threading

import product
from wine import Wine

# The longest test takes minutes on a busy machine.
PATIENCE = 900


class Watch:
    """Ends the tests when none of them begins or ends for too long, and says which one it was and where it stands."""

    def __init__(self, windows, progress):
        self.windows = windows
        self.progress = progress
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._look)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def _look(self):
        seen = None
        while not self.over.wait(PATIENCE):
            size = self.progress.stat().st_size if self.progress.exists() else 0
            if size == seen:
                try:
                    self._tell()
                finally:
                    self.windows.kill("holdfast_tests.exe")
                return
            seen = size

    def _tell(self):
        told = self.progress.read_text(errors="replace") if self.progress.exists() else ""
        begun = re.findall(r"testStarted name='(.*?)'\]?$", told, re.MULTILINE)
        print(f"No test began or ended for {PATIENCE} s; the last that began: {begun[-1] if begun else 'none'}")
        print(self.windows.stacks("holdfast_tests.exe"), flush=True)


def main():
    report = pathlib.Path(sys.argv[1]).resolve()
    progress = report.with_suffix(".progress")
    progress.unlink(missing_ok=True)
    with Wine() as windows:
        program = windows.windows_path(product.BUILT_BIN / "holdfast_tests.exe")
        with Watch(windows, progress):
            finished = windows.run(program, "--reporter", "console", "--reporter",
                                   f"junit::out={windows.windows_path(report)}", "--reporter",
                                   f"teamcity::out={windows.windows_path(progress)}", *sys.argv[2:], timeout=3600)
    print(finished.stdout + finished.stderr)
    return finished.exit_code


if __name__ == "__main__":
    sys.exit(main())
