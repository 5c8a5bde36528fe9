"""Who is measured: Holdfast, and what others would use, each as the shell commands that make one backup.

The commands run in an empty folder, find $DATABASE, $HOLDFAST and $BENCH, and leave what is kept in the folder kept/.
All of them check the database; only Holdfast reads back what it wrote.
"""

import dataclasses

# Above this size of a database the slow ones would take minutes.
LARGEST_FOR_ALL = 200
# A database in use must not be copied as a file: all the peers start from a consistent copy.
COPY = """sqlite3 "$DATABASE" ".backup copy.db"
test "$(sqlite3 copy.db 'PRAGMA integrity_check')" = ok
"""
BORG = "BORG_BASE_DIR=$PWD BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK=yes borg"
RESTIC = "RESTIC_PASSWORD=bench restic --quiet --repo kept --cache-dir cache"


@dataclasses.dataclass(frozen=True)
class Contender:
    name: str
    back_up: str
    prepare: str = ""  # once for each folder, and not measured
    verify: str = ""  # reads back what is kept; measured apart
    again: bool = False  # measured a second time after some rows changed, but not above LARGEST_FOR_ALL
    largest_megabytes: float = float("inf")


HOLDFAST = Contender(
    "holdfast snapshot, verified", '"$HOLDFAST" snapshot --database "$DATABASE" --to kept',
    verify='"$HOLDFAST" verify kept/*.zip', again=True)
ZIP = Contender(".backup+check+zip -6", COPY + "zip -q -6 kept/clinic.zip copy.db", largest_megabytes=LARGEST_FOR_ALL)
CONTENDERS = [
    HOLDFAST,
    Contender(".backup+check+zstd -1 -T0", COPY + "zstd -q -1 -T0 copy.db -o kept/clinic.zst"),
    Contender(".backup+check+pigz -2", COPY + "pigz -2 -c copy.db > kept/clinic.gz", largest_megabytes=LARGEST_FOR_ALL),
    ZIP,
    Contender("python backup+check+zipfile", 'python3 "$BENCH/python_backup.py" "$DATABASE" kept/clinic.zip',
              largest_megabytes=LARGEST_FOR_ALL),
    Contender(".backup+check+borg zstd,1", COPY + f"{BORG} create --compression zstd,1 kept::{{uuid4}} copy.db",
              prepare=f"{BORG} init --encryption none kept", again=True),
    Contender(".backup+check+restic", COPY + f"{RESTIC} backup copy.db", prepare=f"{RESTIC} init", again=True),
]
