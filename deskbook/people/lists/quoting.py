"""Foreign text in sentences of ours: enough to find it by, never a page of it."""

from collections.abc import Sequence

MOST_QUOTED = 80
MOST_NAMES = 20


def short(text: object) -> str:
    """Returns a text as a sentence quotes it."""
    whole = str(text)
    return whole if len(whole) <= MOST_QUOTED else f"{whole[: MOST_QUOTED - 1]}…"


def named(names: Sequence[str], quotes: str = "“{}”") -> str:
    """Returns names as a sentence lists them."""
    listed = [quotes.format(short(name)) for name in names[:MOST_NAMES]]
    return ", ".join([*listed, "…"] if len(names) > MOST_NAMES else listed)
