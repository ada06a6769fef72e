"""The settings file of a desk, `deskbook.env`: read at the door of the command line and nowhere
else, so that all below finds settings in its environment, whoever put them there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, MutableMapping
from pathlib import Path

from deskbook.config.refusals import WrongSetting

NAME = "deskbook.env"
WHICH = "DESKBOOK_SETTINGS"
NONE = "off"


def take_settings(variables: MutableMapping[str, str] = os.environ) -> None:
    """Puts what the settings file says into the variables that are not set, where there is one:
    `deskbook.env` of this folder, or what DESKBOOK_SETTINGS names. The processes started from here
    find it in their environment and read no file.

    Raises WrongSetting where the file is missing, is not this user's alone or cannot be understood.
    """
    said = variables.get(WHICH, "").strip()
    file = Path(said or NAME).absolute()
    if said == NONE or not (said or file.is_file()):
        return
    variables[WHICH] = NONE
    for name, value in read_settings(file).items():
        if not variables.get(name, "").strip():
            variables[name] = value


def read_settings(file: Path) -> dict[str, str]:
    """Returns the settings of a file, a relative DESKBOOK_DATA beside it. Raises WrongSetting."""
    _refuse_another_owner(file)
    found = dict(
        _setting(file, number, line.strip())
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if line.strip() and not line.lstrip().startswith("#")
    )
    if data := found.get("DESKBOOK_DATA"):
        found["DESKBOOK_DATA"] = str(file.parent / data)
    return found


def write_settings(file: Path, values: Mapping[str, str], above: str) -> None:
    """Writes a new settings file that its owner alone can read, below remarks. Raises
    FileExistsError where there is one.
    """
    remarks = "".join(f"# {line}\n" for line in above.splitlines())
    lines = "".join(_line(name, value) for name, value in values.items() if value)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as written:
        written.write(f"{remarks}{lines}")


def _line(name: str, value: str) -> str:
    """As it is read again: on one line, whatever breaks it brings, and quotes of its own kept."""
    value = " ".join(value.splitlines())
    return (
        f'{name}="{value}"\n' if value.strip() != value or _quoted(value) else f"{name}={value}\n"
    )


def _quoted(value: str) -> bool:
    return len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"


def _refuse_another_owner(file: Path) -> None:
    """Whoever can write it says what the desk trusts; whoever can read it has its passwords."""
    try:
        found = file.stat()
    except OSError as problem:
        raise WrongSetting(
            f"{file}, which {WHICH} names, cannot be read ({problem.strerror}). Name another, or"
            f" {NONE} for none."
        ) from None
    if found.st_uid not in (os.geteuid(), 0):
        raise WrongSetting(
            f"{file} belongs to another user, so its settings are not taken. Run Deskbook as that"
            f" user, or set {WHICH}={NONE}."
        )
    if found.st_mode & 0o077:
        raise WrongSetting(
            f"{file} can be read by others on this machine, and passwords stand in it. Run `chmod"
            f" 600 {file}`."
        )


def _setting(file: Path, number: int, line: str) -> tuple[str, str]:
    """Never repeats a value: there are passwords among them."""
    name, equals, value = (part.strip() for part in line.partition("="))
    if not equals or not (name == "DATABASE_URL" or name.startswith("DESKBOOK_")):
        raise WrongSetting(
            f"{file}, line {number}: write a setting and its value, like DESKBOOK_PORT=8000."
        )
    return name, value[1:-1] if _quoted(value) else value
