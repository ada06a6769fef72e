"""The key that signs sessions, sign-in codes and reply addresses."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path


def secret_key(data: Path) -> str:
    """Return the key kept in the data folder, made on first use and readable by its owner only.

    Several processes start at once on a new machine: the first to link its key into place wins, the others read it.
    """
    path = data / "secret_key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        descriptor, own = tempfile.mkstemp(prefix="secret_key.", dir=data)  # readable by us alone
        with open(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
        with suppress(FileExistsError):
            os.link(own, path)
        Path(own).unlink()
    return path.read_text().strip()
