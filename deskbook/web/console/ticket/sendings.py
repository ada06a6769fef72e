"""What was sent on a ticket and has not left yet, as its page shows it."""

from dataclasses import dataclass
from datetime import datetime

from deskbook.people.refusals import in_words
from deskbook.web.acts.subject import Subject


@dataclass(frozen=True, slots=True)
class Waiting:
    id: int
    author: str
    text: str
    leaves_at: datetime
    held: str
    """Why it does not leave by itself any more."""
    is_theirs: bool
    """Of who looks at it, who may take it back."""
    moves_to: str
    """The stage it moves the case to, as it is called."""


def shown_sendings(of: Subject) -> list[Waiting]:
    """Returns them in the order they leave in."""
    return [
        Waiting(
            number,
            author,
            text,
            datetime.fromisoformat(leaves_at),
            in_words(held),
            agent == of.viewer.pk,
            of.desk.stages[stage].title if stage in of.desk.stages else "",
        )
        for number, agent, author, _act, text, _at, leaves_at, held, stage in of.beside.sendings
    ]
