"""The systems a desk may come from."""

from collections.abc import Callable
from dataclasses import dataclass

from deskbook.moving import (
    csv_file,
    django_helpdesk,
    freshdesk,
    jira_csv,
    osticket,
    zammad,
    zendesk,
)
from deskbook.moving.parts import Parts
from deskbook.moving.shelf import Shelf

Read = Callable[[Parts, Shelf, str], None]


@dataclass(frozen=True, slots=True)
class Source:
    """One of them: its name as its makers write it, and what puts an export of it on a shelf, given
    the desk's zone for instants that name none.
    """

    title: str
    read: Read


SOURCES = {
    "csv": Source("CSV", csv_file.read),
    "django-helpdesk": Source("django-helpdesk", django_helpdesk.read),
    "freshdesk": Source("Freshdesk", freshdesk.read),
    "jira": Source("Jira", jira_csv.read),
    "osticket": Source("osTicket", osticket.read),
    "zammad": Source("Zammad", zammad.read),
    "zendesk": Source("Zendesk", zendesk.read),
}
