"""Why Deskbook will not start."""

from __future__ import annotations


class CommandRefused(Exception):
    """Deskbook cannot do this; the text is for the person at the terminal: what, where, what
    to do.
    """
