"""The cast of the tests, and desks for them to meet at. Everything is made through the product's
own verbs.
"""

from datetime import UTC, datetime
from pathlib import Path

from deskbook.people.books import apply_book
from deskbook.people.contacts import find_or_make_contact
from deskbook.people.models import Agent, Contact, HelpDesk, Organisation, User

BOOKS = Path(__file__).parents[1] / "books"
MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in Toronto


def make_desk(key: str = "sparkrock", text: str | None = None) -> HelpDesk:
    """Put a book into force: one of the four by its name, or a text."""
    return apply_book(key, text or (BOOKS / f"{key}.yaml").read_text(), at=MONDAY, by=None)


def make_agent(
    desk: HelpDesk, name: str = "Asha", role: str = "agent", teams: tuple[str, ...] = ()
) -> Agent:
    user, _ = User.objects.get_or_create(
        email=f"{name.lower()}@{desk.key}.example",
        defaults={"name": name, "language": "en", "password": "!"},
    )
    return Agent.objects.create(user=user, desk=desk, role=role, teams=list(teams))


def make_organisation(
    desk: HelpDesk, name: str = "Northwind Schools", plan: str = "", zone: str = ""
) -> Organisation:
    return Organisation.objects.create(desk=desk, name=name, plan=plan, zone=zone)


def make_contact(
    desk: HelpDesk,
    name: str = "Chitra",
    organisation: Organisation | None = None,
    named: bool = True,
) -> Contact:
    contact = find_or_make_contact(
        desk, "email", f"{name.lower()}@{desk.key}-customer.example", name=name, language="en"
    )
    contact.organisation, contact.named = organisation, named
    contact.save()
    return contact
