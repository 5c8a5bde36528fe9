"""A OneDrive that does what tests tell it, in a throw-away Windows."""

import collections
import contextlib
import ctypes
import os
import shutil
import struct
import threading
import time

import product
from wine import wait_until

STAND_IN = product.BUILT_BIN / "one_drive/cldapi.dll"
# Where the stand-in looks its answers up.
ANSWERS = r"C:\one-drive-stand-in"
STATUSES = {"disconnected": 0, "idle": 1, "busy": 0x10, "connectivity-lost": 0x40, "terminated": 0xC0000001,
            "error": 0xC0000002}
PINS = {"none": 0, "pinned": 1, "unpinned": 2, "excluded": 3}
# The only user whom Wine knows.
SID = "S-1-5-21-0-0-0-1000"
ROOTS_KEY = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Explorer\SyncRootManager"
ACCOUNTS_KEY = r"HKCU\Software\Microsoft\OneDrive\Accounts"
LOOK_PAUSE = 0.05


class OneDrive:
    """Synchronises a folder from construction, which makes it, until close(); signed in to one account.

    A file is uploaded `uploads_after` seconds after it was written last, or when upload() says so if that is None.
    Nothing but a .tmp file is left out, as by the real one. Answers go by a file's name alone, so no two folders in
    it may have files of the same name. To be closed before its Windows is."""

    def __init__(self, windows, folder=r"C:\Users\anna\OneDrive", account="Personal", email="anna@example.org",
                 uploads_after=None):
        self.windows = windows
        self.folder = folder
        self.path = windows.unix_path(folder)
        self.path.mkdir(parents=True)
        self.uploads_after = uploads_after
        self._account, self._email = account, email
        self._answers = windows.unix_path(ANSWERS)
        shutil.rmtree(self._answers, ignore_errors=True)
        (self._answers / "files").mkdir(parents=True)
        self._lock = threading.RLock()  # The thread and the test both change what is answered.
        self._files = {}  # name: what is answered of it
        self._looks = {}  # name: (what it was at the last look, when that was new)
        self._paused = False
        self._status = "idle"
        self._install()
        self._counter = ReadCounter(self.path)
        self._reads, self._hydrations = collections.Counter(), collections.Counter()
        self.sign_in()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._synchronise, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._closing.set()
        self._thread.join()
        self._counter.close()

    def sign_in(self):
        """Writes what OneDrive leaves in the registry for an account, and synchronises its folder."""
        self._set(rf"{self._root_key}\UserSyncRoots", SID, self.folder)
        self._set(rf"{ACCOUNTS_KEY}\{self._account}", "UserFolder", self.folder)
        self._set(rf"{ACCOUNTS_KEY}\{self._account}", "UserEmail", self._email)
        self._set(r"HKCU\Environment", "OneDrive", self.folder)
        self.come_back()

    def sign_out(self):
        """Takes all of that away; the files stay where they are."""
        for arguments in ([self._root_key], [rf"{ACCOUNTS_KEY}\{self._account}"],
                          [r"HKCU\Environment", "/v", "OneDrive"]):
            self.windows.run("reg", "delete", *arguments, "/f")
        self.disappear()

    def disappear(self):
        """The folder is synchronised no more, though the registry still says so."""
        self._write("roots.txt", "")

    def come_back(self):
        self._write("roots.txt", f"{STATUSES[self._status]:#x} {self.folder}\n")

    def move_to(self, folder):
        """As its user does in the settings: the files move, and the registry tells where to."""
        with self._lock:
            self._count_reads()
            self._counter.close()
            path = self.windows.unix_path(folder)
            path.parent.mkdir(parents=True, exist_ok=True)
            self.path.rename(path)
            self.folder, self.path = folder, path
            self._counter = ReadCounter(path)
        self.sign_in()

    def set_status(self, status):
        """What it says of itself: one of STATUSES."""
        self._status = status
        self.come_back()

    def pause(self):
        with self._lock:
            self._paused = True

    def resume(self):
        with self._lock:
            self._paused = False

    def upload(self, name):
        """At once, paused or not."""
        with self._lock:
            self._note(self._file(name))
            self._say(name, in_sync=1, error=0)

    def is_uploaded(self, name):
        with self._lock:
            return self._files.get(name, {}).get("in_sync") == 1

    def wait_for_upload(self, name, timeout=30):
        wait_until(f"{name} is uploaded.", lambda: self.is_uploaded(name), timeout)

    def take_up(self, name):
        """Makes a placeholder of it that is not in sync yet."""
        with self._lock:
            self._file(name)
            self._say(name, in_sync=0)

    def fail(self, name, error):
        """Whoever asks for the file gets this error, and it is not uploaded; with 0 that is over."""
        with self._lock:
            self._say(name, error=error)

    def pin(self, name, pin):
        """One of PINS."""
        with self._lock:
            self._say(name, pin=PINS[pin])

    def dehydrate(self, name):
        """Says that the file's data is in the cloud only. It stays here, but who reads it is counted."""
        with self._lock:
            assert self.is_uploaded(name), f"{name} is not uploaded"
            self._file(name)
            self._say(name, local=0)

    def hydrate(self, name):
        with self._lock:
            self._count_reads()
            self._say(name, local=1)

    def conflict_copy(self, name, device="OTHER-PC", content=None):
        """The copy that OneDrive makes when two computers wrote a file: its path. The same content, if not given."""
        with self._lock:
            file = self._file(name)
            copy = file.with_name(f"{file.stem}-{device}{file.suffix}")
            copy.write_bytes(file.read_bytes() if content is None else content)
            self._counter.take()  # These were its own.
            return copy

    def reads(self, name):
        """How often data of the file was read, through read() and the like: none is exact, more is at least. What is
        mapped into memory is not seen, nor what is read of a new file in a new folder before it is first told of."""
        with self._lock:
            self._count_reads()
            return self._reads[name]

    @property
    def hydrations(self):
        """{name: reads} of what was read while its data was in the cloud only: all that the real one would fetch."""
        with self._lock:
            self._count_reads()
            return dict(self._hydrations)

    @property
    def _root_key(self):
        return rf"{ROOTS_KEY}\OneDrive!{SID}!{self._account}|0123456789abcdef"

    def _install(self):
        library = self.windows.unix_path(r"C:\windows\system32") / "cldapi.dll"
        library.unlink(missing_ok=True)  # It may be shared with other prefixes.
        shutil.copy(STAND_IN, library)
        self._set(r"HKCU\Software\Wine\DllOverrides", "cldapi", "native")

    def _set(self, key, name, value):
        added = self.windows.run("reg", "add", key, "/v", name, "/t", "REG_SZ", "/d", value, "/f")
        assert added.exit_code == 0, added.stderr

    def _synchronise(self):
        while not self._closing.wait(LOOK_PAUSE):
            with self._lock:
                self._count_reads()
                for file in self._own_files():
                    with contextlib.suppress(FileNotFoundError):
                        self._look_at(file)

    def _look_at(self, file):
        since = self._note(file)
        answered = self._files.get(file.name, {})
        is_free = not self._paused and not answered.get("error") and answered.get("pin") != PINS["excluded"]
        if (self.uploads_after is not None and is_free and not answered.get("in_sync")
                and time.monotonic() - since >= self.uploads_after):
            self._say(file.name, in_sync=1)

    def _note(self, file):
        """When the file became what it is. One that was uploaded and has changed is not in sync any more."""
        facts = file.stat()
        state = (facts.st_ino, facts.st_size, facts.st_mtime_ns)
        before, since = self._looks.get(file.name, (None, None))
        if state != before:
            since = time.monotonic()
            self._looks[file.name] = (state, since)
            if before and self.is_uploaded(file.name):
                self._say(file.name, in_sync=0, local=1)
        return since

    def _own_files(self):
        return [path for path in sorted(self.path.rglob("*")) if path.suffix != ".tmp" and path.is_file()]

    def _file(self, name):
        """Where it lies. Its reads up to now are counted, and from now on none is missed."""
        self._count_reads()
        found = [file for file in self._own_files() if file.name == name]
        assert len(found) == 1, f"{len(found)} files are named {name} in {self.path}"
        assert self._counter.is_watching(found[0].parent)
        return found[0]

    def _say(self, name, **changes):
        self._files.setdefault(name, {}).update(changes)
        lines = [f"{key}={value}\n" for key, value in self._files[name].items()]
        self._write(f"files/{name}.txt", "".join(lines))

    def _write(self, name, text):
        """As a whole: the stand-in may read at any time."""
        with self._lock:
            new = self._answers / "new"
            new.write_text(text, encoding="utf-8")
            os.replace(new, self._answers / name)

    def _count_reads(self):
        for name, count in self._counter.take().items():
            self._reads[name] += count
            if self._files.get(name, {}).get("local") == 0:
                self._hydrations[name] += count


class ReadCounter:
    """Counts by inotify who reads data of files in a folder and in those below. Folders that are made later are
    watched from the next take() on."""

    ACCESS, CREATE, MOVED_TO, OVERFLOW, IS_FOLDER = 0x1, 0x100, 0x80, 0x4000, 0x40000000
    HEAD = struct.Struct("iIII")

    def __init__(self, folder):
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._descriptor = self._checked(self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
        self._folders = {}
        self._has_lost_some = False
        self._watch(folder)

    def close(self):
        os.close(self._descriptor)

    def is_watching(self, folder):
        return folder in self._folders.values()

    def take(self):
        """{name: reads} since the last call."""
        taken = collections.Counter()
        for watch, mask, name in self._events():
            if mask & self.OVERFLOW:
                self._has_lost_some = True
            elif mask & self.IS_FOLDER:
                if mask & (self.CREATE | self.MOVED_TO):
                    self._watch(self._folders[watch] / name)
            elif mask & self.ACCESS:
                taken[name] += 1
        assert not self._has_lost_some, "There were more reads than can be counted."
        return taken

    def _events(self):
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self._descriptor, 1 << 16):
                while data:
                    watch, mask, _, length = self.HEAD.unpack_from(data)
                    end = self.HEAD.size + length
                    yield watch, mask, os.fsdecode(data[self.HEAD.size:end].rstrip(b"\0"))
                    data = data[end:]

    def _watch(self, folder):
        mask = self.ACCESS | self.CREATE | self.MOVED_TO
        watch = self._libc.inotify_add_watch(self._descriptor, os.fsencode(folder), mask)
        self._folders[self._checked(watch)] = folder
        # Only now, so that no folder is made unseen between the look and the watch.
        for inner in folder.iterdir():
            if inner.is_dir():
                self._watch(inner)

    @staticmethod
    def _checked(result):
        if result < 0:
            raise OSError(ctypes.get_errno(), "inotify failed")
        return result
