"""What is said at the start of settings that change nothing, or leave a door open."""

from __future__ import annotations

import os
from collections.abc import Mapping
from difflib import get_close_matches

from deskbook.config.environment import DEFAULTS, Environment
from deskbook.config.logs import say
from deskbook.server.lifeline import PARENT
from deskbook.server.pulse import PULSE


def unknown(variables: Mapping[str, str] = os.environ) -> list[str]:
    """Return a sentence for each variable that looks like a setting and is none."""
    said = []
    for name in sorted(set(variables) - {*DEFAULTS, PARENT, PULSE}):
        meant = get_close_matches(
            name, [known for known in DEFAULTS if known.startswith("DESKBOOK_")], 1, 0.85
        )
        if meant or name.startswith("DESKBOOK_"):
            hint = (
                f"did you mean {meant[0]}?"
                if meant
                else "docs/operating/settings.md lists those there are."
            )
            said.append(f"{name} is no setting of Deskbook and changes nothing; {hint}")
    return said


def warn_of_unknown() -> None:
    """Say so on standard error when a setting may be misspelt; once, not in every part of a
    desk.
    """
    for sentence in [] if PULSE in os.environ else unknown():
        say(f"warning: {sentence}")


def warn_of_forgery(environment: Environment) -> None:
    """Say that every From is believed where no mail server says whom to believe."""
    if not environment.trusted_mail_servers:
        say(
            "warning: DESKBOOK_TRUSTED_MAIL_SERVERS is empty, so that mail is believed to be from"
            " whomever it names. Name the server in front that checks senders;"
            " docs/operating/settings.md says what depends on it."
        )
