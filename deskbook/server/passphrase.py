"""The passphrase of a backup: asked for, or of the settings."""

from __future__ import annotations

import sys
from getpass import getpass

from deskbook.config.environment import SHORTEST_PASSPHRASE, Environment
from deskbook.config.refusals import CommandRefused


def passphrase(environment: Environment, *, twice: bool) -> str:
    """Return the words a backup is sealed with. Raises CommandRefused where there are none, or they
    are too few.
    """
    if environment.backup_passphrase:
        return environment.backup_passphrase
    if not sys.stdin.isatty():
        raise CommandRefused(
            "A backup is sealed with a passphrase, and nobody is here to ask. Set"
            " DESKBOOK_BACKUP_PASSPHRASE, in deskbook.env for example."
        )
    words = getpass("Passphrase of the backup: ")
    if twice and len(words) < SHORTEST_PASSPHRASE:
        raise CommandRefused(
            f"A passphrase has {SHORTEST_PASSPHRASE} letters or more: four or five words."
        )
    if twice and getpass("Once more: ") != words:
        raise CommandRefused("The two were not the same, so nothing was written.")
    return words
