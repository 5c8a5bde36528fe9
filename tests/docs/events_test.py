"""Administrators watch for events by their numbers: the page, the message table and the program have the same."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]


def of_page():
    rows = re.findall(r"^\| (\d{4}) \| (\w+) \| (.+?) \| (.+?) \|", (ROOT / "docs/events.md").read_text(encoding="utf-8"),
                      re.MULTILINE)
    return {int(number): (severity, strings, text) for number, severity, strings, text in rows}


def of_message_table():
    table = (ROOT / "installer/events.mc").read_text(encoding="utf-8")
    found = re.findall(r"^MessageId=(\d+)\nSeverity=(\w+)\n(?:\w+=.*\n)+(.*)\n\.$", table, re.MULTILINE)
    return {int(number): (severity, text) for number, severity, text in found}


def of_program():
    header = (ROOT / "service/platform/event_log.h").read_text(encoding="utf-8")
    return {int(number): strings for number, strings in re.findall(r"^  \w+ = (\d+), +// (.+)$", header, re.MULTILINE)}


class Events(unittest.TestCase):
    def test_page(self):
        """Every event is on the page, with the severity and text of the message table and the strings of the program."""
        page = of_page()
        self.assertGreater(len(page), 10)
        self.assertEqual({number: (severity, text) for number, (severity, _, text) in page.items()}, of_message_table())
        self.assertEqual({number: strings for number, (_, strings, _) in page.items()}, of_program())

    def test_severity(self):
        """The thousand of an event's number is its severity."""
        for number, (severity, _) in of_message_table().items():
            with self.subTest(event=number):
                self.assertEqual(severity, {1: "Information", 2: "Warning", 3: "Error"}[number // 1000])


if __name__ == "__main__":
    unittest.main()
