"""How whoever sits at a terminal called the program: so it is called again."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path


def called() -> str:
    """Return the command, to be typed in any folder: its bare name only where that finds it."""
    said = Path(sys.argv[0])
    if said.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m deskbook"
    found = shutil.which(said.name)
    if found and Path(found).resolve() == said.resolve():
        return said.name
    return shlex.quote(str(said.absolute()))
