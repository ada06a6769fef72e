"""The kinds of list a desk takes in: their columns, and who judges and writes their lines."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from deskbook.people.lists import agents, contacts, organisations, places, shifts
from deskbook.people.lists.columns import Given, Judged, ListColumn, as_heading
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
    rows: Callable[..., Iterator[list[object]]]
    """The lines of a desk, with the cells of those columns it keeps that are asked for."""
    kept: Callable[[HelpDesk], list[str]] | None = None
    """Returns the headings of the other columns a desk keeps; None where a list keeps none."""

    @property
    def header(self) -> tuple[str, ...]:
        """The first line of a list that goes out, without what a desk keeps beside it."""
        return tuple(column.key for column in self.columns if column.written)

    @property
    def keeps_others(self) -> bool:
        """Whether columns the list does not know may be kept with each line."""
        return self.kept is not None

    def table(self, helpdesk: HelpDesk) -> tuple[list[str], Iterator[list[object]]]:
        """Returns the first line and the others of the whole list as it is now, for a file that
        can come back in.
        """
        if self.kept is None:
            return [*self.header], self.rows(helpdesk)
        kept = self.kept(helpdesk)
        headings = (as_heading(self.columns, name) for name in kept)
        return [*self.header, *headings], self.rows(helpdesk, kept)


def _kind(key: str, title: object, part: ModuleType) -> ListKind:
    kept = getattr(part, "kept", None)
    return ListKind(key, title, part.COLUMNS, part.judge, part.write, part.rows, kept)


LISTS = {
    kind.key: kind
    for kind in (
        _kind("contacts", _("Contacts"), contacts),
        _kind("organisations", _("Organisations"), organisations),
        _kind("places", _("Places"), places),
        _kind("agents", _("People of the desk"), agents),
        _kind("shifts", _("Roster"), shifts),
    )
}
