"""How many parts a text is sent and billed in (3GPP TS 23.038, 23.040)."""

from dataclasses import dataclass

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_7_TWO = frozenset("^{}\\[~]|€\f")
"""Of the extension table: two characters each."""


@dataclass(frozen=True, slots=True)
class Parts:
    unicode: bool
    length: int
    """GSM-7 septets, or UTF-16 units."""
    count: int


def parts_of(text: str) -> Parts:
    """Returns the alphabet a text needs, its length in it, and its parts: 160/153 in GSM-7, 70/67
    in UCS-2.

    A character of two units is never cut in two: it begins the next part.
    """
    plain = fits_gsm_7(text)
    sizes = [_septets(c) if plain else _units(c) for c in text]
    alone, joined = (160, 153) if plain else (70, 67)
    return Parts(not plain, sum(sizes), 1 if sum(sizes) <= alone else _joined(sizes, joined))


def fits_gsm_7(text: str) -> bool:
    return all(c in GSM_7 or c in GSM_7_TWO for c in text)


def _joined(sizes: list[int], room: int) -> int:
    count, used = 1, 0
    for size in sizes:
        if used + size > room:
            count, used = count + 1, 0
        used += size
    return count


def _septets(character: str) -> int:
    return 2 if character in GSM_7_TWO else 1


def _units(character: str) -> int:
    return len(character.encode("utf-16-le")) // 2
