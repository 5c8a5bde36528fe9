"""The figures of the peers as tables."""

from bars import Bar, bars_table
from contenders import CONTENDERS, HOLDFAST, ZIP
from tables import Table

MOST_OF_ZLIB_6 = 1.12


def peers_tables(report):
    databases = report["databases"]
    return [*map(side_by_side, databases), *map(again, filter(was_done_again, databases)), by_size(databases),
            bars_table("Size that must be reached", size_bars(databases))]


def side_by_side(database):
    figures = database["contenders"]
    base = figures[HOLDFAST.name]
    rows = []
    for name in by_time(figures):
        each = figures[name]
        rows.append([name, f"{each['seconds']:.2f}", f"{each['seconds'] / base['seconds']:.2f}",
                     f"{each['cpu_seconds']:.2f}", f"{each['bytes'] / 1e6:.1f}", f"{each['bytes'] / base['bytes']:.2f}",
                     f"{each['peak_memory_bytes'] / 1e6:.0f}"])
    left_out = [each.name for each in CONTENDERS if each.name not in figures]
    note = f"Left out, as they would take minutes: {', '.join(left_out)}." if left_out else ""
    return Table(f"A database of {megabytes(database)}, medians of {database['rounds']} rounds",
                 ["", "s", "x", "CPU s", "archive MB", "x", "memory MB"], rows, note)


def was_done_again(database):
    return "again_seconds" in database["contenders"][HOLDFAST.name]


def again(database):
    figures = database["contenders"]
    names = [name for name in figures if "again_seconds" in figures[name]]
    return Table(f"The same {megabytes(database)} again, after 100 changed rows", ["", "s", "MB more"],
                 [[name, f"{figures[name]['again_seconds']:.2f}", f"{figures[name]['again_bytes'] / 1e6:.1f}"]
                  for name in names])


def by_size(databases):
    """How Holdfast's time grows with the database."""
    rows = []
    for database in databases:
        base = database["contenders"][HOLDFAST.name]
        size = database["database_bytes"]
        rows.append([megabytes(database), f"{base['seconds']:.2f}", f"{base['seconds'] / size * 1e8:.2f}",
                     f"{base['verify_seconds']:.2f}", f"{size / base['verify_seconds'] / 1e9:.2f}"])
    return Table("Holdfast by size of the database",
                 ["", "snapshot s", "s for 100 MB", "verify s", "verify GB/s of database"], rows)


def size_bars(databases):
    return [Bar(f"archive of {megabytes(database)} beside zlib level 6",
                database["contenders"][HOLDFAST.name]["bytes"] / database["contenders"][ZIP.name]["bytes"],
                MOST_OF_ZLIB_6, "x")
            for database in databases if ZIP.name in database["contenders"]]


def by_time(figures):
    return sorted(figures, key=lambda name: figures[name]["seconds"])


def megabytes(database):
    return f"{database['database_bytes'] / 1e6:.0f} MB"
