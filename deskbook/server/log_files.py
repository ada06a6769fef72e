"""Which kind of event log a file is to be."""

import argparse
from pathlib import Path

FILE_HELP = "ends with .xes for XES, .json for OCEL 2.0"


def log_file(said: str) -> Path:
    """Return the file to write a log to. Refuses what is neither XES nor OCEL by its ending."""
    file = Path(said)
    if file.suffix not in (".xes", ".json"):
        raise argparse.ArgumentTypeError(f"{said!r}: it {FILE_HELP}")
    return file
