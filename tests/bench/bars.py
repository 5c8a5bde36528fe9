"""What the figures must reach."""

import dataclasses

from tables import Table


@dataclasses.dataclass(frozen=True)
class Bar:
    what: str
    measured: float
    at_most: float
    unit: str

    @property
    def verdict(self):
        return "reached" if self.measured <= self.at_most else "missed"


def bars_table(title, bars):
    return Table(title, ["", "measured", "at most", ""],
                 [[bar.what, f"{bar.measured:.2f} {bar.unit}", f"{bar.at_most:g} {bar.unit}", bar.verdict]
                  for bar in bars])
