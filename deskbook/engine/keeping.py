"""A line of a book that says how long something is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from deskbook.engine.amounts import Amount

Kept = Literal["cases", "files", "chats", "call notes", "mails not taken in"]
"""All that was written of a case and by whom; what came with it as files; what was said in chats,
and on the phone; mails that became no case.
"""


@dataclass(frozen=True, slots=True)
class Keep:
    """What is kept for how long, of cases of some sort: from the day they ended."""

    what: Kept
    after: Amount
    when: Mapping[str, frozenset[str]] = field(default_factory=dict)
    line: int = 0
