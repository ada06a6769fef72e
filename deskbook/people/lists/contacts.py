"""Contacts as a list: a directory of the people a desk helps, by mail, number or PEN."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import cast

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from deskbook.engine.channels import KNOWN
from deskbook.people.books import usual_language
from deskbook.people.changed_ways import (
    note_changed_way,
    note_loss,
    ways_of_the_desk,
)
from deskbook.people.contacts import STATED
from deskbook.people.copying import copy_rows, give_ids, take_ids_of, update_by_copy
from deskbook.people.lists.batches import in_batches
from deskbook.people.lists.columns import (
    BETWEEN,
    Given,
    Judged,
    ListColumn,
    Wrong,
    refused,
    same_line,
)
from deskbook.people.lists.contact_lines import has_seat, judged, ways_in
from deskbook.people.lists.directory import (
    ATTRIBUTES,
    WAYS,
    Directory,
    Record,
    cells_of,
    directory_of,
)
from deskbook.people.lists.kept_columns import kept_columns
from deskbook.people.models import Agent, Contact, ContactIdentity, HelpDesk, User
from deskbook.people.seats import refuse_beyond_seats

COLUMNS = (
    ListColumn("name", _("What the person is called."), ("full name", "nome", "employee name")),
    ListColumn(
        "mail",
        _("Their mail address; several with a semicolon between them, as of the other ways."),
        ("email", "e-mail", "email address", "correio"),
    ),
    ListColumn(
        "phone", _("Their number, with its country."), ("mobile", "telephone", "number", "telefone")
    ),
    ListColumn("whatsapp", _("The number they write from by WhatsApp."), ("whatsapp number",)),
    ListColumn(
        "text",
        _("The number they send texts from and get them at."),
        tuple(word for word, kind in KNOWN.items() if kind == "sms"),
    ),
    ListColumn(
        "pen",
        _("Their number in a staff directory."),
        ("employee number", "staff number", "pen number"),
    ),
    ListColumn(
        "organisation",
        _("The organisation they belong to, as it is called here."),
        ("organization", "company"),
    ),
    ListColumn("named", _("yes: may open and close cases for it."), ("named contact",)),
    ListColumn("language", _("The language they read: en, pt, ml, hi, or."), ("idioma",)),
    ListColumn("zone", _("Their time zone, like Africa/Maputo."), ("time zone", "timezone")),
    ListColumn("office", _("Kept with the person."), ("office name",)),
    ListColumn("designation", _("Kept with the person."), ("title", "role")),
    ListColumn("department", _("Kept with the person.")),
    ListColumn("district", _("Kept with the person."), ("distrito",)),
)


def judge(helpdesk: HelpDesk, lines: Iterable[Given]) -> Iterator[Judged]:
    """Returns what would become of each line; a person is known by mail, number or PEN."""
    directory = directory_of(helpdesk)
    for batch in in_batches(lines):
        ways = (way for given in batch for way in ways_in(directory, given))
        directory.meet(ways, map(_words, batch))
        for given in batch:
            yield _judged(directory, given)


def _judged(directory: Directory, given: Given) -> Judged:
    words = _words(given)
    if earlier := directory.said.line(words):
        return same_line(given, earlier)
    directory.said.say(words, given.line)
    try:
        return judged(directory, given)
    except Wrong as wrong:
        return refused(given, wrong.refusal)


def _words(given: Given) -> Hashable:
    return tuple(given.values.items()), tuple(given.others.items())


def write(helpdesk: HelpDesk, records: Iterable[object], *, at: datetime, by: Agent) -> None:
    """Writes one batch: new contacts with their sign-ins and identities, and what changed of known
    ones, who are told of what they are known by from now on.
    """
    batch = cast(list[Record], list(records))
    numbered = _numbered(batch)
    known = {record.id for record in batch if record.id is not None}
    gaining = _note_lost_seats(helpdesk, batch, by)
    signs_in = _sign_ins(batch, usual_language(helpdesk), at)
    rows = [_row(helpdesk, record, number, signs_in, at) for number, record in numbered]
    copy_rows([row for row in rows if row.pk not in known])
    changed = ("name", "organisation_id", "named", "language", "zone", "attributes")
    update_by_copy([row for row in rows if row.pk in known], changed)
    ways = [
        ContactIdentity(
            contact_id=number, desk_id=helpdesk.pk, channel=channel, identifier=identifier
        )
        for number, record in numbered
        for channel, identifier in record.identities
    ]
    give_ids(ways)
    _note(known, ways, by)
    copy_rows(ways)
    refuse_beyond_seats(gaining)


def _numbered(batch: list[Record]) -> list[tuple[int, Record]]:
    """Each record with its number; that of a new one is taken for it."""
    numbers = iter(take_ids_of(Contact, sum(record.id is None for record in batch)))
    return [(next(numbers) if record.id is None else record.id, record) for record in batch]


def _note(known: set[int], added: list[ContactIdentity], by: Agent) -> None:
    """Logs the ways added to people the desk knew, and tells them by the addresses they had
    before.
    """
    theirs = [way for way in added if way.contact_id in known]
    before: dict[int, list[str]] = {}
    mails = ContactIdentity.objects.filter(
        channel="email", contact__in={way.contact_id for way in theirs}
    )
    for contact, address in mails.order_by("pk").values_list("contact_id", "identifier"):
        before.setdefault(contact, []).append(address)
    for way in theirs:
        note_changed_way(way.contact_id, "added", way, before.get(way.contact_id, ()), by=by)


def _note_lost_seats(helpdesk: HelpDesk, batch: list[Record], by: Agent) -> set[int]:
    """Tells who loses a seat; returns the organisations of which somebody gets one."""
    after = {record.id: record for record in batch if record.id is not None}
    gaining = {(record.id, record.organisation) for record in batch if has_seat(record)}
    seated = Contact.objects.filter(pk__in=after, named=True).exclude(organisation=None)
    ours = ways_of_the_desk(helpdesk)
    for contact in seated.select_related("organisation", "desk").order_by("pk"):
        if contact.organisation and (contact.pk, contact.organisation_id) not in gaining:
            note_loss(contact, "seat", contact.organisation.name, by=by, ours=ours)
        gaining.discard((contact.pk, contact.organisation_id))
    return {organisation for _contact, organisation in gaining if organisation is not None}


def kept(helpdesk: HelpDesk) -> list[str]:
    """Returns the headings of what is kept of the desk's contacts beside COLUMNS. An address
    somebody only stated is none: no list makes anybody state one.
    """
    return [
        name for name in kept_columns(_everybody(helpdesk)) if name not in (STATED, *ATTRIBUTES)
    ]


def _everybody(helpdesk: HelpDesk) -> QuerySet[Contact]:
    return Contact.objects.filter(desk=helpdesk, merged_into=None)


def rows(helpdesk: HelpDesk, kept: Sequence[str] = ()) -> Iterator[list[object]]:
    """Returns every contact of the desk as a line of such a list, in the order of COLUMNS, then
    what is `kept` under these headings.
    """
    everybody = _everybody(helpdesk).select_related("organisation").prefetch_related("identities")
    for contact in everybody.order_by("name", "pk").iterator(2_000):
        ways: dict[str, list[str]] = {}
        for identity in sorted(contact.identities.all(), key=lambda one: one.pk):
            ways.setdefault(identity.channel, []).append(identity.identifier)
        cells = cells_of(contact, contact.organisation.name if contact.organisation else "")
        cells |= {
            column: f"{BETWEEN} ".join(ways.get(channel, ())) for column, channel in WAYS.items()
        }
        yield [
            *(cells[column.key] for column in COLUMNS),
            *(contact.attributes.get(name, "") for name in kept),
        ]


def _sign_ins(batch: list[Record], usual: str, at: datetime) -> dict[str, int]:
    """Returns the user of each new mail address, made where there is none: they sign in by mailed
    code.
    """
    wanted = {
        identifier: record
        for record in batch
        for channel, identifier in record.identities
        if channel == "email"
    }
    known = dict(User.objects.filter(email__in=list(wanted)).values_list("email", "pk"))
    fresh = [mail for mail in wanted if mail not in known]
    users = [
        User(
            pk=pk,
            email=mail,
            name=wanted[mail].name,
            zone=wanted[mail].zone,
            password="!",
            joined_at=at,
            language="" if wanted[mail].language == usual else wanted[mail].language,
        )
        for mail, pk in zip(fresh, take_ids_of(User, len(fresh)), strict=True)
    ]
    copy_rows(users)
    return known | {user.email: user.pk for user in users}


def _row(
    helpdesk: HelpDesk, record: Record, number: int, signs_in: dict[str, int], at: datetime
) -> Contact:
    mail = next((identifier for channel, identifier in record.identities if channel == "email"), "")
    return Contact(
        pk=number,
        desk_id=helpdesk.pk,
        organisation_id=record.organisation,
        user_id=signs_in.get(mail),
        name=record.name,
        language=record.language,
        zone=record.zone,
        named=record.named,
        attributes=record.attributes,
        created_at=at,
    )
