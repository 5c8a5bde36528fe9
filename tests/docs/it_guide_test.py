"""The pages for administrators name only what there is: commands, options, events, keys and sentences."""

import json
import pathlib
import re
import unittest
from xml.etree import ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
MARK = "*Not yet run on real Windows.*"
# Languages of blocks that nothing here can run.
UNTRIED = {"powershell", "xml", "ini"}
CHECKED = ("README.md", "docs/it-guide.md", "docs/privacy.md", "docs/recovery.md", "docs/user-guide.md")


def page(name):
    return (ROOT / name).read_text(encoding="utf-8")


def section(text, heading):
    """What stands under a heading, up to the next one of its rank or a higher one."""
    rank = len(heading) - len(heading.lstrip("#"))
    body = text.split(f"\n{heading}\n", 1)[1]
    return re.split(rf"(?m)^#{{1,{rank}}} ", body, maxsplit=1)[0]


def blocks(text):
    """[(language, content, the line before)] of each fenced block."""
    found = re.findall(r"(?ms)^([^\n]*)\n\n```(\w*)\n(.*?)^```$", text)
    return [(language, content, before) for before, language, content in found]


def block(language, containing):
    return next(content for known, content, _ in blocks(page("docs/it-guide.md"))
                if known == language and containing in content)


def commands_that_exist():
    """{command: its options}, of the boxes on the command line's page."""
    commands = {}
    for name, box in re.findall(r"(?ms)^### (\w+)\n\n```text\n(.*?)^```$", page("docs/cli.md")):
        commands[name] = set(re.findall(r"--[a-z][a-z-]*", box)) | {"--help"}
    return commands


def commands_named(text):
    """(command, options) of each call of holdfast.exe in code, by its name or its path."""
    code = "\n".join(re.findall(r"(?s)```.*?```|`[^`\n]+`", text))
    for command, rest in re.findall(r'(?:\bholdfast|holdfast\.exe"?) +([a-z]+)\b([^`\n|>]*)', code):
        yield command, set(re.findall(r"(?<!\S)--[a-z][a-z-]*", rest))


def example_of_status():
    """The keys of the status and of a dataset in it, as the protocol's page answers."""
    answer = re.search(r"(?s)### status\n.*?```json\n\{.*?\}\n(\{.*?)```", page("docs/protocol.md")).group(1)
    status = json.loads(answer)["result"]
    return set(status), set(status["datasets"][0])


def event_numbers():
    return set(re.findall(r"(?m)^\| (\d{4}) \|", page("docs/events.md")))


class Commands(unittest.TestCase):
    def test_commands(self):
        """Every holdfast command and option on the administrators' pages is one that the command line has."""
        exist = commands_that_exist()
        self.assertGreater(len(exist), 15)
        for name in CHECKED:
            named = list(commands_named(page(name)))
            self.assertTrue(named, name)
            for command, options in named:
                with self.subTest(page=name, command=command):
                    self.assertIn(command, exist)
                    self.assertLessEqual(options, exist[command])

    def test_finds_wrong_ones(self):
        """A command or an option that there is not would be found, in a block and in a sentence."""
        text = '```\n& "C:\\holdfast.exe" stauts --json\n```\nas `holdfast list DIR --all` does'
        self.assertEqual(list(commands_named(text)), [("stauts", {"--json"}), ("list", {"--all"})])

    def test_untried_examples(self):
        """Every example that only real Windows can run says that it was not run there, and how to is told."""
        guide = blocks(page("docs/it-guide.md"))
        untried = [(language, before) for language, _, before in guide if language in UNTRIED]
        self.assertGreater(len(untried), 6)
        for language, before in untried:
            self.assertEqual(before, MARK, language)
        tried = [content for language, content, _ in guide if language not in UNTRIED]
        for content in tried:
            self.assertNotRegex(content, r"\$env:|wecutil|Get-|Start-Process")
        self.assertIn("it-guide.md", page("docs/verify-on-windows.md"))


class Monitoring(unittest.TestCase):
    def test_status_keys(self):
        """Every key that the examples for Zabbix and Nagios read is one of the status in the protocol's example."""
        status_keys, dataset_keys = example_of_status()
        zabbix = section(page("docs/it-guide.md"), "### Zabbix")
        paths = re.findall(r"`\$\.([\w.*\[\]]+)`", zabbix)
        self.assertGreater(len(paths), 4)
        script = block("powershell", "$words = 'OK'")
        of_status = re.findall(r"\$status\.(?!error\b)(\w+)", script)
        of_dataset = re.findall(r"\$dataset\.(\w+)", script)
        self.assertTrue(of_status and of_dataset)
        for path in paths:
            of_status.append(path.partition("[")[0])
            of_dataset += re.findall(r"\]\.(\w+)", path)
        self.assertLessEqual(set(of_status), status_keys)
        self.assertLessEqual(set(of_dataset), dataset_keys)
        self.assertIn("`error.message`", page("docs/cli.md"))

    def test_healths(self):
        """The triggers for Zabbix compare with healths that there are, and every one that is no good has one."""
        triggers = next(content for _, content, _ in blocks(section(page("docs/it-guide.md"), "### Zabbix"))
                        if "last(" in content)
        compared = set(re.findall(r'holdfast\.health\)="(\w+)"', triggers))
        named = re.search(r"\| `health` \| text \| .*", page("docs/cli.md")).group(0)
        exist = set(re.findall(r"`(\w+)`", named)) - {"health"}
        self.assertEqual(compared - {"unreachable"}, exist - {"protected", "working"})

    def test_exit_codes(self):
        """The exit codes that the check for Nagios takes are those of holdfast status, in the order of Nagios."""
        box = section(page("docs/cli.md"), "### status")
        codes = dict(re.findall(r"(?m)^ +(\d) +(.+)$", box))
        self.assertEqual(sorted(codes), ["0", "1", "2", "3"])
        self.assertIn("$words = 'OK', 'WARNING', 'CRITICAL', 'UNKNOWN'", block("powershell", "$words"))
        self.assertIn("protected", codes["0"])
        self.assertIn("attention", codes["1"])
        self.assertIn("at risk", codes["2"])
        self.assertIn("could not be reached", codes["3"])

    def test_event_forwarding(self):
        """The subscription for event forwarding is well-formed, and takes every event by its number or its level."""
        space = {"s": "http://schemas.microsoft.com/2006/03/windows/events/subscription"}
        subscription = ElementTree.fromstring(block("xml", "<Subscription"))
        self.assertEqual(subscription.findtext("s:SubscriptionType", namespaces=space), "SourceInitiated")
        query = ElementTree.fromstring(subscription.findtext("s:Query", namespaces=space).strip())
        selects = [select.text for select in query.iter("Select")]
        for select in selects:
            self.assertIn("Provider[@Name='Holdfast']", select)
            self.assertEqual(select.count("["), select.count("]"))
            self.assertEqual(select.count("("), select.count(")"))
            # Windows refuses a query with more than about twenty conditions.
            self.assertLess(select.count("="), 20)
        named = set(re.findall(r"EventID=(\d+)", " ".join(selects)))
        exist = event_numbers()
        self.assertLessEqual(named, exist)
        levels = {"2": "3", "3": "2"}
        by_level = {levels[level] for level in re.findall(r"\bLevel=(\d)", " ".join(selects))}
        self.assertEqual(exist - named, {number for number in exist if number[0] in by_level})

    def test_events(self):
        """Every event that the guide and the privacy page name is one that there is; each trouble has an urgency."""
        exist = event_numbers()
        urgent = section(page("docs/it-guide.md"), "### Events")
        named = set(re.findall(r"\b([123]\d{3})\b", urgent))
        self.assertLessEqual(named, exist)
        self.assertLessEqual({number for number in exist if number[0] in "23"}, named)
        troubles = section(page("docs/it-guide.md"), "## Troubleshooting")
        told = re.findall(r"\b([123]\d{3})\b", troubles) + re.findall(r"events? (\d{4})", page("docs/privacy.md"))
        self.assertTrue(told)
        self.assertLessEqual(set(told), exist)

    def test_sentences(self):
        """Every sentence that the troubleshooting quotes is one that the program says."""
        sources = [*ROOT.glob("service/**/*.cpp"), *ROOT.glob("common/**/*.cpp")]
        text = re.sub(r'"\s*\n\s*"', "", "\n".join(source.read_text(encoding="utf-8") for source in sources))
        quoted = re.findall(r'"([^"|]{12,})"', section(page("docs/it-guide.md"), "## Troubleshooting"))
        self.assertGreater(len(quoted), 8)
        for sentence in quoted:
            with self.subTest(sentence=sentence):
                self.assertIn(sentence, text)

    def assert_near(self, figure, measured):
        """Measured anew on another day a figure differs a little; the guide need not follow."""
        self.assertLessEqual(abs(float(figure) - float(measured)), float(measured) / 4)

    def test_figures(self):
        """The figures about size in the guide are those of the page with the benchmarks, within a quarter."""
        size = section(page("docs/it-guide.md"), "## Size")
        benchmarks = page("docs/benchmarks.md")
        row = r"(?s)### A database of (\d+) MB.*?\| holdfast snapshot, verified \|([^\n]*)\|"
        rows = dict(re.findall(row, benchmarks))
        for megabytes in ("121", "1001"):
            _, _, processor, archive, _, _ = rows[megabytes].split("|")
            self.assert_near(re.search(rf"{megabytes} MB became ([\d.]+) MB", size).group(1), archive)
            self.assert_near(re.search(rf"([\d.]+) s for {megabytes} MB", size).group(1), processor)
        idle = re.findall(r"took ([\d.]+) %[^.]*? had ([\d.]+) MB", benchmarks)
        self.assertEqual(len(idle), 2)
        told = zip(re.search(r"([\d.]+) % \(([\d.]+) % under Wine\)", size).groups(),
                   re.search(r"([\d.]+) MB \(([\d.]+) MB under Wine\)", size).groups())
        for (processor, memory), measured in zip(told, idle):
            self.assert_near(processor, measured[0])
            self.assert_near(memory, measured[1])

    def test_limits(self):
        """The limits of logs, outbox and restarts in the guide are those of the program."""
        guide = page("docs/it-guide.md")
        for file, limit, told in (
                ("common/logging.cpp", "kMaxFileBytes = 5 * 1024 * 1024", "5 MiB each, 25 MiB at most"),
                ("common/logging.cpp", "kOldFiles = 4", "`holdfast.1.log` to `holdfast.4.log`"),
                ("service/backup/outbox.h", "kMostInOutbox = 3", "three archives of a dataset, 8 GB at most"),
                ("service/backup/outbox.h", "kMostOutboxBytes = std::uint64_t{8} << 30U", "8 GB at most"),
                ("service/backup/outbox.h", "LeavesFree = std::uint64_t{2} << 30U", "2 GB of the disk stay free"),
                ("service/agent/status_file.cpp", "kFresh{60}", "at each change and\nevery minute"),
                ("service/platform/service_configuration.cpp", "{5'000, 60'000, 900'000}", "after 5 s, 1 min, 15 min")):
            with self.subTest(told=told):
                self.assertIn(limit, page(file))
                self.assertIn(told, guide)


if __name__ == "__main__":
    unittest.main()
