"""Runs the Windows build of the tests in a throw-away Wine prefix: run_windows_tests.py REPORT.xml."""

import pathlib
import sys

import product
from wine import Wine


def main():
    report = pathlib.Path(sys.argv[1]).resolve()
    with Wine() as windows:
        program = windows.windows_path(product.BUILT_BIN / "holdfast_tests.exe")
        finished = windows.run(program, "--reporter", "console", "--reporter",
                               f"junit::out={windows.windows_path(report)}", timeout=600)
    print(finished.stdout + finished.stderr)
    return finished.exit_code


if __name__ == "__main__":
    sys.exit(main())
