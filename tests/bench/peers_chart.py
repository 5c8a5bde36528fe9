"""The figures of the peers for one database as an SVG picture: time as bars, size and memory as figures."""

from xml.sax.saxutils import escape

from contenders import HOLDFAST
from peers_tables import by_time, megabytes

WIDTH = 880
MARGIN = 24
TOP = 104
ROW = 34
BAR = 20
BARS_FROM = 262
BARS_TO = 620
COLUMNS = {"seconds": 690, "archive MB": 772, "memory MB": WIDTH - MARGIN}
INK, QUIET, OWN, OTHER = "#1f2933", "#616e7c", "#1a7f5a", "#a9b8c8"
FOOT = "All check the database; only Holdfast also reads back what it wrote. Memory is that of the largest process."
STYLE = f"""text {{ font: 14px "Segoe UI", "Helvetica Neue", Arial, sans-serif; fill: {INK} }}
.title {{ font-size: 18px; font-weight: 600 }} .own {{ font-weight: 600 }} .end {{ text-anchor: end }}
.quiet {{ font-size: 12px; fill: {QUIET} }}"""


def chart(database, cores):
    figures = database["contenders"]
    names = by_time(figures)
    height = TOP + ROW * len(names) + 44
    slowest = figures[names[-1]]["seconds"]
    parts = [text(MARGIN, 38, f"Backing up a {megabytes(database)} SQLite database that is in use", "title"),
             text(MARGIN, 60, f"Time beside Holdfast's, less is better; {cores} cores, "
                              f"medians of {database['rounds']} alternating rounds", "quiet")]
    parts += [text(x, TOP - 12, title, "quiet end") for title, x in COLUMNS.items()]
    for row, name in enumerate(names):
        parts += bar(TOP + ROW * row, name, figures[name], figures[HOLDFAST.name]["seconds"], slowest)
    parts.append(text(MARGIN, height - 20, FOOT, "quiet"))
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
                      f'height="{height}" role="img">', f"<style>{STYLE}</style>",
                      f'<rect width="{WIDTH}" height="{height}" rx="8" fill="#ffffff"/>', *parts, "</svg>"]) + "\n"


def bar(top, name, figures, base, slowest):
    """One row: the name, the bar with its ratio, and the figures."""
    own = name == HOLDFAST.name
    style = "own" if own else ""
    middle = top + BAR / 2 + 5
    # The ratio stands behind the longest bar, too.
    length = (BARS_TO - BARS_FROM - 60) * figures["seconds"] / slowest
    fill = OWN if own else OTHER
    values = [f"{figures['seconds']:.2f}", f"{figures['bytes'] / 1e6:.1f}", f"{figures['peak_memory_bytes'] / 1e6:.0f}"]
    return [text(MARGIN, middle, name, style),
            f'<rect x="{BARS_FROM}" y="{top}" width="{length:.1f}" height="{BAR}" rx="3" fill="{fill}"/>',
            text(BARS_FROM + length + 8, middle, f"{figures['seconds'] / base:.2f} x", style),
            *[text(x, middle, value, f"{style} end".strip()) for value, x in zip(values, COLUMNS.values())]]


def text(x, y, words, style):
    return f'<text x="{x:.0f}" y="{y:.0f}" class="{style}">{escape(words)}</text>'
