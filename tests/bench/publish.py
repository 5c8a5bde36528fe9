"""Puts the figures of the last run into the documentation: the raw ones, the chart, and the tables of the page.

publish.py RESULTS_FOLDER docs/benchmarks.md
"""

import json
import pathlib
import shutil
import sys

from peers_tables import peers_tables
from restore import restore_tables
from writer_stall import stall_tables

BEGIN, END = "<!-- figures: written by ./dev bench --docs -->\n", "<!-- end of figures -->\n"


def main():
    results, page = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    kept = page.with_suffix("")
    kept.mkdir(exist_ok=True)
    for name in ["peers.json", "peers.svg", "writer_stall.json", "restore.json"]:
        shutil.copyfile(results / name, kept / name)
    tables = [*peers_tables(json.loads((results / "peers.json").read_text())),
              *stall_tables(json.loads((results / "writer_stall.json").read_text())),
              *restore_tables(json.loads((results / "restore.json").read_text()))]
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    figures = "\n".join(table.markdown() for table in tables)
    page.write_text(f"{before}{BEGIN}\n{figures}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
