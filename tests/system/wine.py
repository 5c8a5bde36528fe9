"""A throw-away Windows: a Wine prefix of its own with its services running."""

import collections
import contextlib
import fcntl
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time

import product

Finished = collections.namedtuple("Finished", "exit_code stdout stderr")
Event = collections.namedtuple("Event", "type id strings")

ENVIRONMENT = {"WINEDEBUG": "-all", "WINEARCH": "win64", "WINEDLLOVERRIDES": "mscoree,mshtml,winemenubuilder.exe=",
               "LC_ALL": "C.UTF-8"}
FOLDER = product.ROOT / "build/wine"
# Wine rewrites these as a whole or in place; everything else in a prefix may be shared with the template.
OWN_FILES = {"system.reg", "user.reg", "userdef.reg", ".update-timestamp"}
SILENT = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
# Wine tells with this what is reported to the Event Log.
REPORTING = {"WINEDEBUG": "-all,+eventlog,fixme+advapi"}
# Now and then, on a busy machine, Wine does not get a process started at all.
NOT_STARTED = "full_exit_code: Starting the command failed with error 1359"
EVENT_TYPES = {1: "error", 2: "warning", 4: "information"}


def wait_until(what, condition, timeout=30):
    """Polls until `condition()` is true and returns its value; fails with the sentence `what`.

    What takes long to tell, as it does when a program is to be started for it, is asked less often: else the asking
    would keep the machine from what is waited for, and from whatever else it has to do.
    """
    deadline = time.monotonic() + timeout
    while True:
        asked = time.monotonic()
        if value := condition():
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"Not within {timeout} s: {what}")
        time.sleep(min(max(0.05, 2 * (time.monotonic() - asked)), 1))


class Wine:
    """Starts with construction and lasts until close(). Give it the Screen's display before anything runs in it:
    the first process of a prefix decides whether there are windows."""

    def __init__(self, display=None):
        template = _template()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=FOLDER))
        self.prefix = self.folder / "prefix"
        self._event_log = self.folder / "events.log"
        self._background = []
        self.environment = _environment(self.prefix, self.folder, display)
        shutil.copytree(template, self.prefix, symlinks=True, copy_function=_share)
        try:
            _start_server(self.environment)
            # The services inherit this, and so report the events that Wine's own Event Log throws away.
            with self._event_log.open("ab") as log:
                subprocess.run(["wine", "wineboot"], check=True, timeout=120, **(SILENT | {"stderr": log}),
                               env=self.environment | REPORTING)
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Ends every program in the prefix and removes it with everything it left behind."""
        _stop_server(self.environment)
        for process in self._background:
            process.wait()
        shutil.rmtree(self.folder)

    def run(self, *command, timeout=120, environment=None):
        """Runs a Windows program to its end. The exit code has all its 32 bits."""
        for _ in range(3):
            helped, finished = self._run_once(command, timeout, self.environment | (environment or {}))
            # The helper itself tells why it fails: without a word it was not started either.
            if NOT_STARTED not in finished.stderr and (helped == 0 or finished.stderr):
                break
        if helped != 0:
            raise AssertionError(f"{command[0]} could not be run: {finished.stderr}")
        return finished

    def _run_once(self, command, timeout, environment):
        with self._scratch() as scratch:
            code = scratch / "exit_code"
            helper = self.windows_path(product.BUILT_BIN / "full_exit_code.exe")
            # Files, not pipes: a process that the program leaves running would keep a pipe open.
            with (scratch / "stdout").open("wb") as stdout, (scratch / "stderr").open("wb") as stderr:
                helped = subprocess.run(["wine", helper, self.windows_path(code), *map(str, command)], timeout=timeout,
                                        stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, env=environment)
            exit_code = int(code.read_text()) if helped.returncode == 0 else None
            return helped.returncode, Finished(exit_code, _text(scratch / "stdout"), _text(scratch / "stderr"))

    def start(self, *command, environment=None):
        """Starts a Windows program and leaves it running, at the latest until close()."""
        process = subprocess.Popen(["wine", *map(str, command)], **SILENT,
                                   env=self.environment | (environment or {}))
        self._background.append(process)
        return process

    def start_reporting(self, *command):
        """Like start(), for a program whose events are to be among events()."""
        with self._event_log.open("ab") as log:
            process = subprocess.Popen(["wine", *map(str, command)], **(SILENT | {"stderr": log}),
                                       env=self.environment | REPORTING)
        self._background.append(process)

    def install(self, package, **properties):
        """Installs or upgrades silently; returns msiexec's exit code."""
        return self._msiexec("/i", package, properties)

    def uninstall(self, package, **properties):
        return self._msiexec("/x", package, properties)

    def _msiexec(self, verb, package, properties):
        settings = [f"{name}={value}" for name, value in properties.items()]
        finished = self.run("msiexec", verb, self.windows_path(package), "/qn", *settings, environment=REPORTING)
        # What the installer starts reports events, too.
        with self._event_log.open("a") as log:
            log.write(finished.stderr)
        return finished.exit_code

    def service_state(self, name):
        """RUNNING, STOPPED and so on, or None when there is no such service."""
        found = re.search(r"STATE\s*:\s*\d+\s+(\w+)", self.run("sc", "query", name).stdout)
        return found and found.group(1)

    def is_running(self, image):
        """Whether a process of that name runs in this prefix."""
        return bool(self.processes(image))

    def processes(self, image):
        """The folders below /proc of the processes of that name in this prefix, for Wine's tasklist lists nothing."""
        mine = f"WINEPREFIX={self.prefix}".encode()
        found = []
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                program = (process / "cmdline").read_bytes().split(b"\0")[0].decode(errors="replace")
                same_name = re.split(r"[\\/]", program)[-1].lower() == image.lower()
                if same_name and mine in (process / "environ").read_bytes().split(b"\0"):
                    found.append(process)
        return found

    def kill(self, image):
        """Ends every process of that name at once; true when there was one."""
        return self.run("taskkill", "/f", "/im", image).exit_code == 0

    def stacks(self, image):
        """Where every thread of the processes of that name stands."""
        listed = self.run("winedbg", "--command", "info proc").stdout
        numbers = re.findall(rf"^.([0-9a-f]{{8}}) \d+ .*'{re.escape(image)}'$", listed, re.MULTILINE)
        return "\n".join(self.run("winedbg", "--command", "bt all", f"0x{number}").stdout for number in numbers)

    def registry(self, key, name):
        """A value, as int for numbers and else as text; None when it is missing."""
        values = self.registry_values(key)
        return values.get(name, (None, None))[1]

    def registry_type(self, key, name):
        return self.registry_values(key).get(name, (None, None))[0]

    def set_registry_number(self, key, name, number):
        self.run("reg", "add", key, "/v", name, "/t", "REG_DWORD", "/d", str(number), "/f")

    def registry_values(self, key):
        """{name: (type, value)}, empty when there is no such key."""
        listed = self.run("reg", "query", key).stdout
        lines = re.findall(r"^ {4}(\S.*?) {4}(REG_\w+)(?: {4}(.*))?$", listed, re.MULTILINE)
        return {name: (kind, int(value, 0) if kind == "REG_DWORD" else value) for name, kind, value in lines}

    def registry_key_exists(self, key):
        return self.run("reg", "query", key).exit_code == 0

    def unix_path(self, windows_path):
        r"""Where C:\... lies; names that exist are found whatever their case."""
        drive, *names = re.split(r"[\\/]+", windows_path.rstrip("\\/"))
        path = (self.prefix / "dosdevices" / drive.lower()).resolve()
        for name in names:
            present = os.listdir(path) if path.is_dir() else []
            path /= next((other for other in present if other.lower() == name.lower()), name)
        return path

    def windows_path(self, path):
        """Any file of this machine as Windows programs see it."""
        path = pathlib.Path(path).resolve()
        drive_c = (self.prefix / "drive_c").resolve()
        if path.is_relative_to(drive_c):
            return "C:\\" + str(path.relative_to(drive_c)).replace("/", "\\")
        return "Z:" + str(path).replace("/", "\\")

    def events(self):
        """What was reported to the Event Log so far by services, installers and what start_reporting() started, oldest first. Wine
        cuts strings off after some 290 characters."""
        return parse_events(self._event_log.read_text(errors="replace"))

    @contextlib.contextmanager
    def _scratch(self):
        with tempfile.TemporaryDirectory(prefix="call-", dir=self.folder) as scratch:
            yield pathlib.Path(scratch)


def private_megabytes(process):
    """The memory that only this process has, as Windows counts it: without its programs' code and constants, of which
    Wine makes a copy for each process."""
    kilobytes, counts = 0, False
    for line in (process / "smaps").read_text().splitlines():
        if mapping := re.match(r"[0-9a-f]+-[0-9a-f]+ .(.)", line):
            counts = mapping[1] == "w"
        elif counts and line.startswith("Private_"):
            kilobytes += int(line.split()[1])
    return kilobytes / 1000


def parse_events(log):
    """The events in what Wine writes for +eventlog and fixme+advapi: a line for the call, then one for each string."""
    events, last_of_thread = [], {}
    for line in log.splitlines():
        if call := re.match(r"(\w+):fixme:advapi:ReportEventW \(\w+,0x(\w+),0x\w+,0x(\w+),", line):
            thread, kind, number = call.groups()
            # The upper half of the number says severity and facility; what administrators see as the id is the lower.
            last_of_thread[thread] = Event(EVENT_TYPES[int(kind, 16)], int(number, 16) & 0xFFFF, [])
            events.append(last_of_thread[thread])
        elif text := re.match(r'(\w+):(?:trace|warn|err):eventlog:ReportEventW L"(.*)"(?:\.\.\.)?$', line):
            thread, string = text.groups()
            last_of_thread[thread].strings.append(_unescape(string))
    return events


def _unescape(text):
    plain = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
    units = re.sub(r"\\([0-9a-f]{4}|.)", lambda found: plain.get(found.group(1)) or chr(int(found.group(1), 16)), text)
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _text(file):
    return file.read_text(encoding="utf-8", errors="replace").replace("\r\n", "\n")


def _environment(prefix, temporary, display):
    # The server keeps its socket in the temporary folder and leaves it there.
    environment = os.environ | ENVIRONMENT | {"WINEPREFIX": str(prefix), "TMPDIR": str(temporary)}
    environment.pop("DISPLAY", None)
    return environment | ({"DISPLAY": display} if display else {})


def _share(source, destination):
    if os.path.basename(source) in OWN_FILES:
        return shutil.copy2(source, destination)
    os.link(source, destination)
    return destination


def _server(environment, *arguments):
    subprocess.run(["wineserver", *arguments], **SILENT, env=environment, timeout=60)


def _start_server(environment):
    # Without -p the server ends with the last user program, and the services die with it.
    _server(environment, "-p")


def _stop_server(environment):
    _server(environment, "-k")
    _server(environment, "-w")


def _template():
    """A fresh prefix, made once and only ever copied."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    template = FOLDER / "template"
    with (FOLDER / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            with tempfile.TemporaryDirectory(prefix="template-", dir=FOLDER) as folder:
                _make_prefix(pathlib.Path(folder) / "prefix", folder)
                os.rename(pathlib.Path(folder) / "prefix", template)
    return template


def _make_prefix(prefix, temporary):
    environment = _environment(prefix, temporary, display=None)
    for command in (["wineboot", "--init"], ["wine", "winecfg", "-v", "win10"]):
        subprocess.run(command, check=True, **SILENT, env=environment, timeout=180)
    _stop_server(environment)
    (prefix / "wineserver").unlink(missing_ok=True)
