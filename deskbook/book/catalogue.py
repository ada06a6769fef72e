"""Every code of a finding: what it means, an example, what to do (catalogue.toml). The page
docs/book/findings.md is made of it.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

BEGINNING = """\
<!-- made by `deskbook schema --docs docs/book` from the catalogue: do not edit -->
# What `deskbook check` finds

A finding says where, how bad it is, what and what to do, and ends with its code:
`books/harbour.yaml:7:20: error: … [amount]`. An error keeps the book from running, a warning is
worth a look. Where other lines are part of it, each stands below, `…:9:7: see here`, and under
`also` in `--json`. Codes stay what they are.
"""


class Entry(NamedTuple):
    means: str
    example: str
    do: str


@cache
def chapters() -> dict[str, dict[str, Entry]]:
    """Returns chapter → code → what is said of it."""
    told = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return {
        chapter: {code: Entry(*words) for code, words in codes.items()}
        for chapter, codes in told.items()
    }


def page() -> str:
    """Returns docs/book/findings.md."""
    return BEGINNING + "".join(
        f"\n## {chapter}\n" + "".join(_told(code, entry) for code, entry in codes.items())
        for chapter, codes in chapters().items()
    )


def _told(code: str, entry: Entry) -> str:
    means = entry.means[0].upper() + entry.means[1:]
    said = f"{means}. For example: {entry.example}. What to do: {entry.do}."
    return f"\n### {code}\n\n{said}\n"
