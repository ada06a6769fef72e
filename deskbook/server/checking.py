"""`deskbook check` and `deskbook compare` as of today: the book language itself never reads the
clock.
"""

from datetime import UTC, datetime

from deskbook.book import commands


def check(arguments: list[str]) -> int:
    """Runs `deskbook check`; dates that run out are looked at as of today."""
    return commands.check(arguments, today=datetime.now(UTC).date())


def compare(arguments: list[str]) -> int:
    """Runs `deskbook compare`; cases are opened from today on."""
    from deskbook.book.compare import commands as comparing

    return comparing.compare(arguments, today=datetime.now(UTC).date())
