"""Foreign text in sentences of ours: enough to find it by, never a page of it."""

MOST_QUOTED = 80


def short(text: object) -> str:
    """Returns a text as a sentence quotes it."""
    whole = str(text)
    return whole if len(whole) <= MOST_QUOTED else f"{whole[: MOST_QUOTED - 1]}…"
