"""By which words somebody asks not to be texted, or to be texted again."""

import re

STOPS = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit"}
    | {"parar", "cancelar", "sair", "रोकें", "बंद", "നിർത്തുക", "ବନ୍ଦ"}
)
"""CTIA's, which carriers know, and the same in the languages of desks."""
STARTS = frozenset(["start", "unstop", "iniciar", "recomeçar", "शुरू", "തുടങ്ങുക", "ଆରମ୍ଭ"])


def wish_in(text: str) -> bool | None:
    """Returns False for a text that asks for no more texts, True for one that asks for them again,
    None for any other. The word stands alone.
    """
    word = re.sub(r"[\s.!\"'“”]+", " ", text).strip().casefold()
    return False if word in STOPS else True if word in STARTS else None
