"""The key that signs sessions, sign-in codes and reply addresses."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from deskbook.config.refusals import CommandRefused

SHORTEST = 32
MAKE_ONE = "python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"


class WrongKey(CommandRefused):
    """There is no key, or none that can be used; the text says where it should be and what to
    do.
    """


def secret_key(data: Path) -> str:
    """Return the key kept in the data folder, made on first use and readable by its owner only.

    Several processes start at once on a new machine: the first to link its key into place wins, the
    others read it. Raises WrongKey when it cannot be used, and when it is missing beside a
    database: with a new one, made silently, answers to the mails sent until then would become new
    cases.
    """
    path = data / "secret_key"
    # The key is made before the database: seen in the other order, both may have come between the
    # two looks.
    if not path.exists() and (data / "postgres" / "data").exists() and not path.exists():
        raise WrongKey(
            f"{path} is missing, and the database beside it was made with it. Restore it from your"
            " backup, or set DESKBOOK_SECRET_KEY to what it held. If it is lost, make a new one"
            " with this command; everybody signs in again, and answers to mails sent until now"
            f" open new cases: {MAKE_ONE} > {path}"
        )
    if not path.exists():
        _make(path)
    return usable(path.read_bytes(), str(path))


def usable(key: bytes, where: str) -> str:
    """Return the key as text. Raises WrongKey when it is empty, short or not text; never repeats
    it.
    """
    try:
        text = key.decode("ascii").strip()
    except UnicodeDecodeError:
        text = ""
    if len(text) < SHORTEST or not text.isprintable():
        wrong = "is empty" if not key.strip() else "is too short or no plain text"
        raise WrongKey(
            f"{where} {wrong}; a key is one line of at least {SHORTEST} letters and digits. Restore"
            f" it from your backup. If it is lost, make a new one ({MAKE_ONE}): everybody signs in"
            " again, and answers to mails sent until now open new cases."
        )
    return text


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Readable by us alone.
    descriptor, own = tempfile.mkstemp(prefix="secret_key.", dir=path.parent)
    with open(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(64))
        file.flush()
        # A machine that loses power must not keep a database and an empty key.
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(own, path)
    Path(own).unlink()
