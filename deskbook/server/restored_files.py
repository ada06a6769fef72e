"""What stands beside the database of a desk: the key that signs, its settings and its books."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deskbook.config.environment import DEFAULTS, Environment
from deskbook.config.refusals import CommandRefused
from deskbook.config.settings_file import NAME, WHICH, write_settings

OF_THE_PLACE = {WHICH, "DATABASE_URL", "DESKBOOK_DATA", "DESKBOOK_SECRET_KEY"}
"""Settings that say where a desk is: another place has its own. The key is kept by itself."""
ABOVE = "The settings of this desk, from its backup; docs/operating/settings.md explains each."


def settings_along() -> dict[str, str]:
    """Return the settings that another place needs."""
    return {
        name: value
        for name in sorted(set(DEFAULTS) - OF_THE_PLACE)
        if (value := os.environ.get(name, "").strip())
    }


def refuse_another_key(environment: Environment, key: str) -> None:
    """Raises CommandRefused where the place has a key that is not the desk's."""
    file = environment.data / "secret_key"
    here = environment.secret_key or (file.read_text().strip() if file.exists() else key)
    if here != key:
        where = "DESKBOOK_SECRET_KEY" if environment.secret_key else str(file)
        raise CommandRefused(
            f"{where} is the key of another desk: nothing was restored. Set DESKBOOK_DATA to a new"
            " folder, or take the setting away."
        )


def keep_key(environment: Environment, key: str) -> None:
    """Puts the key into its place before there is a database beside it."""
    file = environment.data / "secret_key"
    if environment.secret_key or file.exists():
        return
    environment.data.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w") as written:
        written.write(key)


def write_what_stands_beside(along: dict[str, Any]) -> Iterator[str]:
    """Writes settings and books into the folder we are in, where they are not; yields what was
    done, in sentences.
    """
    here = {
        name: value
        for name in ("DATABASE_URL", "DESKBOOK_DATA")
        if (value := os.environ.get(name, "").strip())
    }
    try:
        write_settings(Path(NAME), {**along["settings"], **here}, ABOVE)
        yield f"{NAME} has its settings."
    except FileExistsError:
        yield f"{NAME} was there already and stays as it is."
    for key, text in along["books"].items():
        try:
            with open(Path(key).name + ".yaml", "x", encoding="utf-8") as book:
                book.write(text)
        except FileExistsError:
            yield f"{key}.yaml was there already and stays as it is."
