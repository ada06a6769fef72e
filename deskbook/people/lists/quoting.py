"""Many foreign names in one sentence."""

from collections.abc import Sequence

from deskbook.engine.quoting import MOST_QUOTED, short

__all__ = ["MOST_QUOTED", "named", "short"]
MOST_NAMES = 20


def named(names: Sequence[str], quotes: str = "“{}”") -> str:
    """Returns names as a sentence lists them."""
    listed = [quotes.format(short(name)) for name in names[:MOST_NAMES]]
    return ", ".join([*listed, "…"] if len(names) > MOST_NAMES else listed)
