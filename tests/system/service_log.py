"""What the service's log tells."""

from datetime import datetime


def seconds_between(log, *what):
    """From the last line with the first text to the last one with the second."""
    times = {}
    for line in log.splitlines():
        for text in what:
            if text in line:
                times[text] = datetime.fromisoformat(line.split()[0].rstrip("Z"))
    return (times[what[1]] - times[what[0]]).total_seconds()
