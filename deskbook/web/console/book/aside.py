"""What a text says, asked of the commands in a process of its own: a book that takes too long is
stopped there, and the desk goes on.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import Any

from django.utils.translation import gettext as _

LONGEST_S = 10.0
"""Wall time. The largest book we know is checked in one second and compared in two."""
_at_once = BoundedSemaphore(2)
"""More at a time would leave no processor to the desk."""


class Stopped(Exception):
    """It took too long. The text is the sentence for who asked."""


def asked(command: str, texts: Mapping[str, str], *words: str) -> list[dict[str, Any]]:
    """Returns the objects that `deskbook COMMAND WORDS` says of these files (path → text), each of
    which a word names by its path. Raises Stopped.
    """
    if not _at_once.acquire(timeout=LONGEST_S):
        raise Stopped(_("Others are checking books. Your text is kept: try again in a minute."))
    try:
        with TemporaryDirectory(prefix="deskbook-book-") as folder:
            for path, text in texts.items():
                place = Path(folder, path)
                place.parent.mkdir(exist_ok=True)
                place.write_text(text, encoding="utf-8", newline="")
            named = [str(Path(folder, word)) if word in texts else word for word in words]
            return _said([sys.executable, "-m", "deskbook", command, "--json", *named])
    finally:
        _at_once.release()


def _said(command: list[str]) -> list[dict[str, Any]]:
    try:
        done = subprocess.run(command, capture_output=True, timeout=LONGEST_S, check=False)
    except subprocess.TimeoutExpired:
        raise Stopped(
            _(
                "This took longer than %(n)s seconds and was stopped; nothing was changed and your"
                " text is kept. Take out what you wrote last, part by part, until it is quick."
            )
            % {"n": round(LONGEST_S)}
        ) from None
    return [json.loads(line) for line in done.stdout.decode().splitlines()]
