"""Runs the tests of a folder and writes what they proved as a JUnit report.

run_python.py REPORT.xml FOLDER [PATTERN]
"""

import pathlib
import sys
import time
import unittest
from xml.etree import ElementTree


class Recorder(unittest.TextTestResult):
    """Keeps the outcome of each test for the report."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.suite = ElementTree.Element("testsuite")
        self._begin = 0.0

    def startTest(self, test):
        self._begin = time.monotonic()
        super().startTest(test)

    def addSuccess(self, test):
        super().addSuccess(test)
        self._record(test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        ElementTree.SubElement(self._record(test), "skipped", message=reason)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        ElementTree.SubElement(self._record(test), "failure", message=str(err[1])[:500])

    def addError(self, test, err):
        super().addError(test, err)
        ElementTree.SubElement(self._record(test), "error", message=str(err[1])[:500])

    def _record(self, test):
        # What stands in the report is the sentence that the test proves.
        name = test.shortDescription() or str(test)
        return ElementTree.SubElement(self.suite, "testcase", classname=type(test).__name__, name=name,
                                      time=f"{time.monotonic() - self._begin:.3f}")


def main():
    report = pathlib.Path(sys.argv[1]).resolve()
    pattern = sys.argv[3] if len(sys.argv) > 3 else "*_test.py"
    tests = unittest.defaultTestLoader.discover(sys.argv[2], pattern=pattern)
    runner = unittest.TextTestRunner(verbosity=2, resultclass=Recorder)
    result = runner.run(tests)
    ElementTree.ElementTree(result.suite).write(report, encoding="unicode")
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main())
