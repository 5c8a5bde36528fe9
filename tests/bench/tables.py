"""Tables, for the terminal and for the documentation. The first column is text, the others are figures."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Table:
    title: str
    header: list
    rows: list
    note: str = ""

    def text(self):
        widths = [max(len(line[column]) for line in [self.header, *self.rows]) for column in range(len(self.header))]
        lines = [self.title, ""]
        for name, *figures in [self.header, *self.rows]:
            cells = [f"{figure:>{width}}" for figure, width in zip(figures, widths[1:])]
            lines.append("  ".join([f"{name:<{widths[0]}}", *cells]).rstrip())
        return "\n".join(lines + ([self.note] if self.note else [])) + "\n"

    def markdown(self):
        rule = ["---", *["---:"] * (len(self.header) - 1)]
        lines = [f"| {' | '.join(line)} |" for line in [self.header, rule, *self.rows]]
        return "\n".join([f"### {self.title}", "", *lines] + (["", self.note] if self.note else [])) + "\n"
