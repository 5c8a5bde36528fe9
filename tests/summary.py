"""Adds up the reports of all suites and holds the table of requirements against them.

summary.py REPORTS_FOLDER REQUIREMENTS.md

A test that the table names must have run somewhere and passed or been skipped with a reason.
"""

import pathlib
import re
import sys
from collections import Counter
from xml.etree import ElementTree

COMPLAINT_LINES = 20


def outcome(case):
    """What became of one test."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"


def reason(case):
    """Why a test was skipped, in the words of whoever skipped it."""
    skipped = case.find("skipped")
    words = skipped.get("message") or skipped.text or ""
    # Catch2 wraps the reason in its own lines and ends with the place.
    lines = [line.strip() for line in words.splitlines()]
    kept = [line for line in lines if line and line not in ("SKIPPED", "SKIPPED()") and not line.startswith("at ")]
    return " ".join(kept)


def complaint(case):
    """What a failed test says of its failure; where that is long, its beginning."""
    said = [node for node in case if node.tag in ("failure", "error")]
    lines = [line for node in said for line in (node.text or node.get("message") or "").splitlines() if line.strip()]
    shown = lines[:COMPLAINT_LINES]
    return shown + ["[...]"] if len(lines) > len(shown) else shown


def read(folder):
    """{suite: [testcase]}"""
    return {report.stem: cases(report) for report in sorted(folder.glob("*.xml"))}


def cases(report):
    """The tests of one report; a report that was cut off, as by a crash, is one failed test."""
    try:
        return list(ElementTree.parse(report).iter("testcase"))
    except ElementTree.ParseError:
        broken = ElementTree.Element("testcase", name=f"{report.stem} ended before its report was complete")
        ElementTree.SubElement(broken, "failure")
        return [broken]


def named_tests(table):
    """The tests that the requirements name, in quotes, with the row that names them."""
    for line in table.read_text(encoding="utf-8").splitlines():
        row = re.match(r"\|\s*([A-Z]\d+)\s*\|", line)
        if row:
            for name in re.findall(r'"([^"]+)"', line.rsplit("|", 2)[1]):
                yield row.group(1), name


def main():
    suites = read(pathlib.Path(sys.argv[1]))
    total = Counter()
    for suite, cases in suites.items():
        counts = Counter(map(outcome, cases))
        total += counts
        print(f"{suite:<12} {counts['passed']:>4} passed {counts['failed']:>3} failed {counts['skipped']:>3} skipped")
        for case in cases:
            if outcome(case) == "skipped":
                print(f"  skipped: {case.get('name')}\n           {reason(case)}")
            elif outcome(case) == "failed":
                print(f"  FAILED: {case.get('name')}")
                for line in complaint(case):
                    print(f"           {line}")

    known = {case.get("name") for cases in suites.values() for case in cases}
    missing = [(row, name) for row, name in named_tests(pathlib.Path(sys.argv[2])) if name not in known]
    for row, name in missing:
        print(f"  requirement {row} names a test that did not run: {name}")
    print(f"{total['passed']} passed, {total['failed'] + len(missing)} failed, {total['skipped']} skipped")
    return 1 if total["failed"] or missing or not total["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
