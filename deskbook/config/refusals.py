"""Why Deskbook will not start."""

from __future__ import annotations


class CommandRefused(Exception):
    """Deskbook cannot do this; the text is for the person at the terminal: what, where, what
    to do.
    """


class WrongSetting(CommandRefused):
    """An environment variable has a value Deskbook cannot use; the text names it and what it should
    look like.
    """
