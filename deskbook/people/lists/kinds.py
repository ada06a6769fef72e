"""The kinds of list a desk takes in: their columns, and who judges and writes their lines."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from deskbook.people.lists import agents, contacts, organisations, places, shifts
from deskbook.people.lists.columns import Given, Judged, ListColumn
from deskbook.people.models import Agent, HelpDesk


class Write(Protocol):
    """Writes the records of one batch, inside the caller's transaction."""

    def __call__(
        self, helpdesk: HelpDesk, records: Iterable[object], *, at: datetime, by: Agent
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class ListKind:
    """One kind of list. `judge` changes nothing and gives one verdict a line, in order."""

    key: str
    title: object
    """For people; translated when it is shown."""
    columns: Sequence[ListColumn]
    judge: Callable[[HelpDesk, Iterable[Given]], Iterator[Judged]]
    write: Write
    rows: Callable[[HelpDesk], Iterator[list[object]]]
    """The whole list as it is now, for a file that can come back in."""
    keeps_others: bool = False

    @property
    def header(self) -> tuple[str, ...]:
        """The first line of a list that goes out."""
        return tuple(column.key for column in self.columns if column.written)


def _kind(key: str, title: object, part: ModuleType, *, keeps_others: bool = False) -> ListKind:
    return ListKind(key, title, part.COLUMNS, part.judge, part.write, part.rows, keeps_others)


LISTS = {
    kind.key: kind
    for kind in (
        _kind("contacts", _("Contacts"), contacts, keeps_others=True),
        _kind("organisations", _("Organisations"), organisations),
        _kind("places", _("Places"), places, keeps_others=True),
        _kind("agents", _("People of the desk"), agents),
        _kind("shifts", _("Roster"), shifts),
    )
}
