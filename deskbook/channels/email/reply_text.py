"""What is new in an answer, told from what it quotes. No text is ever dropped: what is not new is
in `quoted`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from deskbook.channels.email.reply_languages import (
    ATTRIBUTIONS,
    DIVIDERS,
    FORWARDS,
    FROM_LABELS,
    MARKERS,
    MOBILE_SIGNATURES,
    OTHER_LABELS,
)

MAX_LINES = 10_000
MAX_ATTRIBUTION_LINES = 4
MAX_SIGNATURE_LINES = 15
MAX_SIGN = 300
_LABEL = re.compile(
    r"\s*[*_]{0,2}([^\W\d_][^:：*<>@]{0,30}?)\s*+(?:[*_]{1,2}\s*+)?[:：]\s*[*_]{0,2}"
)
_RULE = re.compile(r"\s*[_\-=*]{5,}\s*")
_QUOTE = re.compile(r"\s{0,3}>")


@dataclass(frozen=True, slots=True)
class ReplyText:
    """`new` is what the sender wrote, `quoted` the rest in its order; together they hold every line
    that is not blank.
    """

    new: str
    quoted: str


def new_text(
    text: str, *, marker: str | None = None, quoted: Sequence[str] = (), never_empty: bool = True
) -> ReplyText:
    """What is new in `text`, the body of an answer. `quoted` are bodies of ours it may repeat;
    `marker` one more marker line.

    Where nothing new is left the whole text counts as new, unless `never_empty` is off. For the
    mail that opens a ticket show the whole text instead.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    every = text.split("\n")
    lines = every[:MAX_LINES]
    cut = _cut(lines, marker, quoted)
    fresh = _fresh(lines, cut)
    if len(every) > MAX_LINES:
        # What comes after is not looked at: it goes where the last line looked at went.
        fresh |= frozenset(range(MAX_LINES, len(every))) if cut == MAX_LINES else frozenset()
        lines = every
    if not any(lines[i].strip() for i in fresh):
        return ReplyText(text.strip("\n"), "") if never_empty else ReplyText("", text.strip("\n"))
    rest = [line for i, line in enumerate(lines) if i not in fresh]
    return ReplyText(_joined([lines[i] for i in sorted(fresh)]), _joined(rest))


def label_of(line: str) -> tuple[str, str] | None:
    """What stands before and after the colon of a header line in a text, quoted or not: ("from",
    "Joan <joan@…>").
    """
    bare = line[: MAX_SIGN + 1].lstrip(" \t>\xa0").strip("\u200e\u200f\u202a\u202c")
    found = _LABEL.match(bare)
    return (found[1].strip().casefold(), bare[found.end() :].strip(" \t*_")) if found else None


def is_forward_line(line: str) -> bool:
    """Whether a line is one that mail programs put above a mail that is carried on."""
    return FORWARDS.fullmatch(_sign(line)) is not None


def _sign(line: str) -> str:
    """The line as it is compared with signs of mail programs; empty when it is too long to be
    one.
    """
    return line.strip() if len(line) <= MAX_SIGN else ""


def _joined(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def _cut(lines: list[str], marker: str | None, quoted: Sequence[str]) -> int:
    """The line from which on everything is answered mail; the number of lines when there is none.

    Not the marker alone: an answer written between the lines of a `> ` quote stands below it and is
    not lost.
    """
    forward = next(
        (i for i, line in enumerate(lines) if FORWARDS.fullmatch(_sign(line))), len(lines)
    )
    cuts = [_marker_cut(lines, marker), *_known_cuts(lines, quoted), *_shape_cuts(lines, forward)]
    cut = min([c for c in cuts if c is not None], default=len(lines))
    return _with_attribution(lines, cut) if cut < len(lines) else cut


def _marker_cut(lines: list[str], marker: str | None) -> int | None:
    wanted = [_bare(m) for m in (*MARKERS.values(), *([marker] if marker else []))]
    for i, line in enumerate(lines):
        bare = _bare(line)
        if any(w and w in bare for w in wanted) and not _QUOTE.match(line):
            return i
    return None


def _bare(line: str) -> str:
    return re.sub(r"[\W_]+", "", line, flags=re.UNICODE).casefold()


def _known_cuts(lines: list[str], quoted: Sequence[str]) -> list[int]:
    """Where a body of ours begins again without any sign: three of its lines in a row, or all of a
    shorter one.
    """
    bare = [
        (i, _bare(line)) for i, line in enumerate(lines) if line.strip() and not _QUOTE.match(line)
    ]
    words = [b for _, b in bare]
    cuts = []
    for body in quoted:
        known = [_bare(line) for line in body.splitlines() if _bare(line)][:3]
        if sum(map(len, known)) < 15:
            continue
        found = (
            bare[n][0]
            for n in range(len(words) - len(known) + 1)
            if words[n : n + len(known)] == known
        )
        cuts += [next(found, len(lines))]
    return cuts


def _shape_cuts(lines: list[str], forward: int) -> list[int]:
    """Where a divider, a block of From/Sent/To lines or an unquoted attribution begins, unless a
    forward came first.
    """
    for i in range(min(forward, len(lines))):
        if DIVIDERS.fullmatch(_sign(lines[i])) or _is_header_block(lines, i):
            return [i]
        length = _attribution_length(lines, i)
        if length and not _QUOTE.match(lines[i]) and not _quote_follows(lines, i + length):
            return [i]
    return []


def _is_header_block(lines: list[str], at: int) -> bool:
    """Whether an Outlook block starts here: From first, then at least two other labels in the next
    seven lines.
    """
    first = _LABEL.match(lines[at][:MAX_SIGN])
    if not first or first[1].strip().casefold() not in FROM_LABELS:
        return False
    labels = [_LABEL.match(line[:MAX_SIGN]) for line in lines[at + 1 : at + 8]]
    return len({label[1].strip().casefold() for label in labels if label} & _OTHERS) >= 2


_OTHERS = frozenset(OTHER_LABELS)


def _attribution_length(lines: list[str], at: int) -> int:
    """How many lines from `at` make "On … wrote:"; 0 when they do not. Mail programs wrap it over
    up to four.
    """
    joined = ""
    for length, line in enumerate(lines[at : at + MAX_ATTRIBUTION_LINES], start=1):
        content = line.lstrip(" \t>\xa0")[: MAX_SIGN + 1].strip("\u200e\u200f\u202a\u202c* ")
        if not content:
            return 0
        joined = f"{joined} {content}".strip()
        if _is_attribution(joined):
            return length
    return 0


def _is_attribution(joined: str) -> bool:
    if (
        len(joined) > 400
        or not re.search(r"\d|@", joined)
        or (joined[-1] not in ":：" and not _ends_in_verb(joined))
    ):
        return False
    return any(pattern.fullmatch(joined) for pattern in ATTRIBUTIONS)


def _ends_in_verb(joined: str) -> bool:
    return "@" in joined and re.search(r"\d", joined) is not None


def _quote_follows(lines: list[str], at: int) -> bool:
    following = next((line for line in lines[at : at + 4] if line.strip()), "")
    return bool(_QUOTE.match(following))


def _with_attribution(lines: list[str], cut: int) -> int:
    """The cut moved up over the rule and the attribution just above it."""
    above = [i for i in range(max(0, cut - 8), cut) if lines[i].strip()]
    if above and _RULE.fullmatch(_sign(lines[above[-1]])):
        cut = above.pop()
    for back in range(1, MAX_ATTRIBUTION_LINES + 1):
        start = above[-back] if back <= len(above) else None
        if start is not None and _attribution_length(lines, start) == above[-1] - start + 1:
            return start
    return cut


def _fresh(lines: list[str], cut: int) -> frozenset[int]:
    """The numbers of the new lines above `cut`: not quotes, attributions or signatures, but quotes
    that are answered inside.
    """
    own = _without_signature(lines, _unquoted(lines, cut))
    written = sorted(i for i in own if lines[i].strip())
    if not written:
        return frozenset()
    quotes = [i for i in range(written[-1]) if _QUOTE.match(lines[i])]
    if _answered_inside(quotes, written):
        attributions = _attribution_lines(lines, cut)
        return frozenset(i for i in (*own, *quotes) if i not in attributions)
    return own


def _unquoted(lines: list[str], cut: int) -> frozenset[int]:
    attributions = _attribution_lines(lines, cut)
    return frozenset(i for i in range(cut) if not _QUOTE.match(lines[i]) and i not in attributions)


def _attribution_lines(lines: list[str], cut: int) -> frozenset[int]:
    found: set[int] = set()
    for i in range(cut):
        length = _attribution_length(lines, i)
        if length and (_QUOTE.match(lines[i]) or _quote_follows(lines, i + length)):
            found.update(range(i, min(cut, i + length)))
    return frozenset(found)


def _answered_inside(quotes: list[int], written: list[int]) -> bool:
    """Whether answers stand between quotes. One quote above the whole answer is only a habit of
    order.
    """
    if not quotes:
        return False
    answered = [q for q in quotes if q < written[-1]]
    one_block_on_top = written[0] > max(answered, default=-1)
    return bool(answered) and not one_block_on_top


def _without_signature(lines: list[str], own: frozenset[int]) -> frozenset[int]:
    """Without the signature after `-- ` and without what a telephone adds at the end."""
    ordered = sorted(own)
    below = sum(1 for i in ordered if lines[i].strip())
    for position, i in enumerate(ordered):
        if below <= MAX_SIGNATURE_LINES and re.fullmatch(r"--\s?|—\s", lines[i]):
            ordered = ordered[:position]
            break
        below -= bool(lines[i].strip())
    while ordered and (
        not lines[ordered[-1]].strip()
        or MOBILE_SIGNATURES.fullmatch(_sign(lines[ordered[-1]]).strip("*_[]"))
    ):
        ordered.pop()
    return frozenset(ordered)
