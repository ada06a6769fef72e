"""What a text says, asked of the commands in a process of its own: a book that takes too long is
stopped there, and the desk goes on.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import Any

from django.utils.translation import gettext as _
from structlog import get_logger

LONGEST_S = 10.0
"""Wall time. The largest book we know is checked in one second and compared in two."""
_log = get_logger(__name__)
_at_once = BoundedSemaphore(2)
"""More at a time would leave no processor to the desk."""


class Stopped(Exception):
    """It took too long, or broke. The text is the sentence for who asked."""


def asked(command: str, texts: Mapping[str, str], *words: str) -> list[dict[str, Any]]:
    """Returns the objects that `deskbook COMMAND WORDS` says of these files (path → text), each of
    which a word names by its path. Raises Stopped.
    """
    said = _said(command, tuple(texts.items()), words, datetime.now(UTC).date())
    return [json.loads(line) for line in said]


@lru_cache(maxsize=16)
def _said(
    command: str, texts: tuple[tuple[str, str], ...], words: tuple[str, ...], today: date
) -> list[str]:
    """The same texts say the same for a day: what they say is kept, and opening the editor again
    starts no process. What was stopped is asked again.
    """
    if not _at_once.acquire(timeout=LONGEST_S):
        raise Stopped(_("Others are checking books. Your text is kept: try again in a minute."))
    try:
        with TemporaryDirectory(prefix="deskbook-book-") as folder:
            places = {path: Path(folder, path) for path, _text in texts}
            for path, text in texts:
                places[path].parent.mkdir(exist_ok=True)
                places[path].write_text(text, encoding="utf-8", newline="")
            named = [str(places.get(word, word)) for word in words]
            return _lines([sys.executable, "-m", "deskbook", command, "--json", *named])
    finally:
        _at_once.release()


def _lines(command: list[str]) -> list[str]:
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
    if done.returncode < 0 or (
        done.returncode and not done.stdout
    ):  # killed or broken, which says nothing of the text
        _log.error("a book could not be asked about", why=done.stderr.decode()[-500:])
        raise Stopped(_("This could not be found out just now. Your text is kept: try again."))
    return done.stdout.decode().splitlines()
