"""The installed service as its users meet it: the service manager, the pipe, the command line, the Event Log."""

import json
import pathlib
import re
import tempfile
import unittest

import product
import service_log
from wine import Wine, wait_until

HOLDFAST = r"C:\Program Files\Holdfast\holdfast.exe"
DATA = r"C:\ProgramData\Holdfast"
HELLO = b'{"jsonrpc":"2.0","id":1,"method":"hello","params":{"protocol":1}}\n'
STATUS = b'{"jsonrpc":"2.0","id":9,"method":"status"}\n'

AT_RISK, NOT_REACHABLE, USAGE, FAILED = 2, 3, 64, 70


class ServiceTest(unittest.TestCase):
    """Gives each test class a Windows with Holdfast installed."""

    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="service-test-")
        cls.addClassCleanup(scratch.cleanup)
        cls.scratch = pathlib.Path(scratch.name)
        cls.windows = Wine()
        cls.addClassCleanup(cls.windows.close)
        cls.assertEqual(cls(), cls.windows.install(product.package(cls.scratch / "package").msi), 0)

    def holdfast(self, *arguments):
        return self.windows.run(HOLDFAST, *arguments)

    def status(self):
        return json.loads(self.holdfast("status", "--json").stdout)

    def pipe_client(self, *arguments):
        return self.windows.run(self.windows.windows_path(product.BUILT_BIN / "pipe_client.exe"), *arguments)

    def say(self, text):
        """Sends bytes to the pipe as they are; returns the answers, the last one None if the service hung up."""
        file = self.scratch / "said"
        file.write_bytes(text)
        lines = self.pipe_client("say", self.windows.windows_path(file)).stdout.splitlines()
        return [None if line == "(closed)" else json.loads(line) for line in lines]

    def start_service(self):
        self.windows.run("sc", "start", "Holdfast")
        wait_until("The service runs.", lambda: self.windows.service_state("Holdfast") == "RUNNING")

    def stop_service(self):
        self.windows.run("sc", "stop", "Holdfast")
        wait_until("The service has stopped.", lambda: self.windows.service_state("Holdfast") == "STOPPED")

    def log(self):
        return self.windows.unix_path(rf"{DATA}\logs\holdfast.log").read_text(encoding="utf-8")


def code_of(answer):
    return answer["error"]["data"]["code"]


class RunningService(ServiceTest):
    def test_status_for_people(self):
        """holdfast status tells in a sentence that nothing is protected yet, with the exit code for it."""
        told = self.holdfast("status")
        self.assertEqual(told.stdout, "At risk: No database is protected yet.\n")
        self.assertEqual(told.stderr, "")
        self.assertEqual(told.exit_code, AT_RISK)

    def test_status_for_machines(self):
        """holdfast status --json gives the status as the protocol has it."""
        status = self.status()
        self.assertEqual(status["health"], "none")
        self.assertEqual(status["phase"], "running")
        self.assertEqual(status["datasets"], [])
        self.assertRegex(status["as_of"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def test_service_info(self):
        """service.info tells which service this is."""
        info = self.say(HELLO + b'{"jsonrpc":"2.0","id":2,"method":"service.info"}\n')[1]["result"]
        self.assertEqual(info["version"], product.version())
        self.assertEqual(info["protocol"], 1)
        self.assertEqual(info["mode"], "service")
        self.assertEqual(info["data_folder"], DATA)
        self.assertGreater(info["process_id"], 0)

    def test_programs_tell_their_version(self):
        """The installed program tells the version of the package."""
        self.assertEqual(self.holdfast("--version").stdout, f"holdfast {product.version()}\n")

    def test_bad_lines(self):
        """Whatever comes over the pipe is answered with a stable code, and the session goes on."""
        lines = {b"nonsense": "not_json", b"\xff\xfe": "not_utf8", b"[" * 1000: "too_deep", b"{}": "not_json_rpc",
                 b'{"jsonrpc":"2.0","id":3,"method":"staus"}': "unknown_method",
                 b'{"jsonrpc":"2.0","id":3,"method":"status","params":[]}': "not_json_rpc"}
        answers = self.say(HELLO + b"".join(line + b"\n" for line in lines) + STATUS)
        self.assertEqual([code_of(answer) for answer in answers[1:-1]], list(lines.values()))
        self.assertEqual(answers[-1]["result"]["health"], "none")

    def test_endless_line(self):
        """A line that is too long is answered with an error and ends that session, and only that one."""
        answers = self.say(HELLO + b"x" * 1_000_000)
        self.assertEqual(code_of(answers[1]), "line_too_long")
        self.assertEqual(answers[2:], [None])
        self.assertEqual(self.status()["health"], "none")

    def test_hello_first(self):
        """Without hello nothing is told."""
        self.assertEqual(code_of(self.say(STATUS)[0]), "hello_first")

    def test_foreign_protocol(self):
        """A client of another protocol is told which one is spoken, and closed."""
        answers = self.say(HELLO.replace(b'"protocol":1', b'"protocol":2'))
        self.assertEqual(code_of(answers[0]), "protocol_unsupported")
        self.assertEqual(answers[1:], [None])

    def test_crowd(self):
        """Hundreds of silent clients leave the service answering others within a second."""
        told = self.pipe_client("crowd", "300").stdout
        numbers = {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", told)}
        self.assertEqual(numbers["answered"], 1)
        self.assertLess(numbers["waited"], 1000)
        self.assertLess(numbers["alive"], 300)

    def test_many_clients(self):
        """Two hundred clients that ask again and again are all answered."""
        told = self.pipe_client("ask", "200", "5", "250").stdout
        numbers = dict(re.findall(r"(\w+)=([\d.]+)", told))
        self.assertEqual(numbers["failed"], "0", told)
        self.assertGreater(int(numbers["asked"]), 200)

    def test_connect_and_drop(self):
        """Clients that connect and leave in a loop do not wear the service out."""
        self.assertEqual(self.pipe_client("drop", "1000").exit_code, 0)
        self.assertEqual(self.status()["health"], "none")
        self.assertEqual(self.windows.service_state("Holdfast"), "RUNNING")

    def test_second_instance(self):
        """A second Holdfast in a console says that one is running, and exits."""
        told = self.holdfast("run")
        self.assertEqual(told.exit_code, FAILED)
        self.assertTrue(told.stderr.startswith("holdfast: Holdfast is already running on this computer."), told.stderr)
        self.assertEqual(self.status()["health"], "none")

    def test_service_by_hand(self):
        """holdfast service started by hand says what to do instead."""
        told = self.holdfast("service")
        self.assertEqual(told.exit_code, USAGE)
        self.assertIn('Use "holdfast run" in a console', told.stderr)

    def test_mistyped_command(self):
        """A mistyped command gives one line with the closest one, and exit code 64."""
        told = self.holdfast("statsu")
        self.assertEqual(told.stderr, 'holdfast: There is no command "statsu". Did you mean "status"?\n')
        self.assertEqual(told.exit_code, USAGE)

    def test_log(self):
        """The log stands in the data folder."""
        self.assertIn(f"event 1000: {product.version()} | service", self.log())

    def test_service_path_is_quoted(self):
        """The service quotes its own path, so that nothing else is started in its place."""
        key = r"HKLM\SYSTEM\CurrentControlSet\Services\Holdfast"
        quoted = wait_until("The path is quoted.", lambda: self.windows.registry(key, "ImagePath") == f'"{HOLDFAST}" service')
        self.assertTrue(quoted)

    def test_failure_actions(self):
        """The service manager restarts the service when it fails."""
        self.skipTest("Wine lets failure actions, delayed start and the service's SID be set, but not read back.")

    def test_trimmed_privileges(self):
        """The service runs with no more privileges than it needs."""
        self.skipTest("Wine does not take the privileges of services away.")

    def test_preshutdown(self):
        """The service stops cleanly when Windows shuts down."""
        self.skipTest("Wine sends services no PRESHUTDOWN control.")


class StoppingService(ServiceTest):
    def test_stop_and_start(self):
        """A stop is told to subscribers, takes less than a second, is one event, and is reported to clients."""
        subscriber = self.scratch / "pushed"
        client = self.windows.windows_path(product.BUILT_BIN / "pipe_client.exe")
        self.windows.start("cmd", "/c", f"{client} subscribe > {self.windows.windows_path(self.scratch)}\\pushed")
        wait_until("A client has subscribed.", lambda: subscriber.exists() and subscriber.read_text().count("\n") >= 2)

        self.stop_service()
        wait_until("The subscriber has ended.", lambda: "(closed)" in subscriber.read_text())
        pushed = subscriber.read_text().splitlines()
        self.assertEqual(json.loads(pushed[2])["method"], "status")
        self.assertEqual(json.loads(pushed[2])["params"]["phase"], "stopping")
        self.assertLess(self.seconds_to_stop(), 1.0)
        self.assertEqual(self.event_ids(), [1000, 1001])

        told = self.holdfast("status", "--json")
        self.assertEqual(told.exit_code, NOT_REACHABLE)
        self.assertEqual(told.stderr, "holdfast: The Holdfast service is not running. Start it as an administrator: sc.exe start Holdfast.\n")
        self.assertEqual(json.loads(told.stdout)["error"]["code"], "service_unreachable")

        self.start_service()
        self.assertEqual(self.status()["phase"], "running")
        self.assertEqual(self.event_ids(), [1000, 1001, 1000])

    def test_event_strings(self):
        """The events carry the version, the mode and the reason, in that order."""
        first = self.windows.events()[0]
        self.assertEqual((first.type, first.id, first.strings), ("information", 1000, [product.version(), "service"]))

    def event_ids(self):
        return [event.id for event in self.windows.events()]

    def seconds_to_stop(self):
        return service_log.seconds_between(self.log(), "stopping", "event 1001")


class OtherInstances(ServiceTest):
    def test_kill(self):
        """A killed Holdfast is reported as away, and leaves nothing that keeps the next one from running."""
        self.stop_service()
        self.windows.start(HOLDFAST, "run")
        wait_until("Holdfast answers from a console.", lambda: self.holdfast("status").exit_code == AT_RISK)
        self.windows.kill("holdfast.exe")
        wait_until("Holdfast is gone.", lambda: not self.windows.is_running("holdfast.exe"))
        self.assertEqual(self.holdfast("status").exit_code, NOT_REACHABLE)
        self.start_service()
        self.assertEqual(self.holdfast("status").exit_code, AT_RISK)

    def test_start_while_one_runs(self):
        """A service that finds Holdfast running says so in the Event Log and ends without asking for a restart."""
        self.stop_service()
        self.windows.start(HOLDFAST, "run")
        wait_until("Holdfast answers from a console.", lambda: self.holdfast("status").exit_code == AT_RISK)
        self.windows.run("sc", "start", "Holdfast")
        told = wait_until("The service tells the Event Log why.",
                          lambda: [event for event in self.windows.events() if event.id == 3000 and event.strings])
        wait_until("The service has given up.", lambda: self.windows.service_state("Holdfast") == "STOPPED")
        self.assertEqual([event.type for event in told], ["error"])
        self.assertTrue(told[0].strings[0].startswith("Holdfast is already running on this computer."), told)
        # Not an error to the service manager, which would start it again and again.
        self.assertRegex(self.windows.run("sc", "query", "Holdfast").stdout, r"WIN32_EXIT_CODE\s*:\s*0 ")
        self.windows.kill("holdfast.exe")
        wait_until("Holdfast is gone.", lambda: not self.windows.is_running("holdfast.exe"))
        self.start_service()

    def test_restart(self):
        """A killed service is restarted by the service manager."""
        self.skipTest("Wine goes on saying RUNNING after a kill and restarts nothing.")


if __name__ == "__main__":
    unittest.main()
