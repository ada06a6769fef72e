"""Finding who calls, while their name, number, PEN or office is being typed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce, Lower

from deskbook.channels.phone.models import Call
from deskbook.channels.phone.numbers import starts_of
from deskbook.people.access import own_or_followed, visible_to_agent
from deskbook.people.books import desk_in_force, usual_language
from deskbook.people.lists.reading import region_of
from deskbook.people.models import Agent, Contact, ContactIdentity, HelpDesk
from deskbook.people.numbers import dialled, once_each, spellings
from deskbook.tickets.models import Ticket

MOST = 8
_LOOKED_AT = 40
FEWEST_TO_ASK_CALLS = 9
"""Digits from which earlier calls are asked as well: a whole number."""
NUMBERS = ("phone", "sms", "whatsapp")
"""Channels whose identifiers are numbers that can be rung."""
# The index contact_words is on this very expression.
_BY_WORDS = """
    select id from deskbook_contact where desk_id = %s and merged_into_id is null
    and (to_tsvector('simple', name) || jsonb_to_tsvector('simple', attributes,
        '["string", "numeric"]'))
        @@ to_tsquery('simple', %s)
    and position(%s in lower(name)) > 0
    limit %s
"""


@dataclass(frozen=True, slots=True)
class Caller:
    """One line of the list of those it may be."""

    contact: Contact
    name: str
    where: str
    """Organisation or office."""
    known_by: tuple[str, ...]
    """PEN, numbers, addresses."""
    open_cases: int


def callers_like(agent: Agent, words: str, *, most: int = MOST) -> list[Caller]:
    """Returns up to `most` people of the desk found by the beginning of an identifier (PEN, number,
    mail), of their name, their organisation's, or any word the directory has of them; those found
    by an identifier come first.
    """
    found = dict.fromkeys(ids_like(agent.desk, words, most=most))
    if len(found) < most and len(words.strip()) > 1:
        found.update(dict.fromkeys(_by_organisation(agent.desk, words.strip(), most)))
    return shown_callers(agent, list(found)[:most])


def ids_like(helpdesk: HelpDesk, words: str, *, most: int) -> list[int]:
    """Returns the ids of up to `most` such people, whatever their organisation is called."""
    words = " ".join(words.split())[:100]
    if len(words) < 2:
        return []
    found: dict[int, None] = {}
    for more in (_by_identity, _by_name, _by_words):
        if len(found) < most:
            found.update(dict.fromkeys(more(helpdesk, words, most)))
    return list(found)[:most]


def lately_in_touch(agent: Agent, *, most: int) -> list[Caller]:
    """Returns up to `most` people whose cases something happened in last, those of the latest
    first.
    """
    seen = visible_to_agent(agent, Ticket.objects.all())
    cases = seen.order_by("-last_activity_at", "-pk")
    who = cases.annotate(who=Coalesce("requester__merged_into", "requester"))
    found = dict.fromkeys(who.values_list("who", flat=True)[: 8 * most])
    return shown_callers(agent, list(found)[:most])


def people_named(helpdesk: HelpDesk, words: str) -> list[int]:
    """Returns the ids of people whose name begins with the words, or has them at the beginning of a
    word; at most some dozens, those that begin so first. A directory of a whole service is not
    read through for it.
    """
    found = list(_by_name(helpdesk, words, MOST))
    if len(found) < MOST:
        found += _by_words(helpdesk, words, _LOOKED_AT, in_name=words.lower())
    return found


def people_at(helpdesk: HelpDesk, number: str) -> list[Contact]:
    """Returns everybody reached at this number (E.164), by whatever channel, or who was found to
    call from it.
    """
    if not number:
        return []
    known = ContactIdentity.objects.filter(
        desk=helpdesk, identifier__in=spellings(number), channel__in=NUMBERS
    )
    called = Call.objects.filter(
        desk=helpdesk, number__in=spellings(number), contact__isnull=False, ticket__isnull=False
    )
    found = [*known.order_by("pk").values_list("contact_id", flat=True)[:MOST]]
    found += (
        called.annotate(who=Coalesce("contact__merged_into", "contact"))
        .order_by("who")
        .values_list("who", flat=True)
        .distinct()[:MOST]
    )
    people = {
        c.pk: c for c in Contact.objects.filter(pk__in=found).select_related("organisation", "desk")
    }
    return [people[pk] for pk in dict.fromkeys(found)]


def open_cases_of(contact: Contact, agent: Agent) -> list[Ticket]:
    """Returns the caller's open cases that the agent sees and those of their organisation, the
    latest activity first, their own first.
    """
    cases = visible_to_agent(agent, Ticket.objects.filter(is_open=True)).select_related(
        "desk", "requester"
    )
    mine = list(own_or_followed(contact, cases).order_by("-last_activity_at", "-pk")[:MOST])
    if contact.organisation_id is None or len(mine) >= MOST:
        return mine
    others = cases.filter(organisation=contact.organisation_id).exclude(pk__in=[t.pk for t in mine])
    return mine + list(others.order_by("-last_activity_at", "-pk")[: MOST - len(mine)])


def numbers_of(contact: Contact) -> list[str]:
    """Returns the numbers a contact can be rung at, the first known first."""
    ways = ContactIdentity.objects.filter(contact=contact.person_id, channel__in=NUMBERS)
    return once_each(map(dialled, ways.order_by("pk").values_list("identifier", flat=True)))


def desk_region(helpdesk: HelpDesk) -> str | None:
    """Returns the country numbers without a prefix belong to: that of the desk's zone."""
    return region_of(desk_in_force(helpdesk).zone)


def contact_by_name(helpdesk: HelpDesk, name: str) -> Contact:
    """Returns a new contact of whom the desk knows a name and nothing to reach them by."""
    return Contact.objects.create(
        desk=helpdesk, name=name.strip()[:200], language=usual_language(helpdesk)
    )


def shown_callers(agent: Agent, ids: list[int]) -> list[Caller]:
    """Returns these contacts of the agent's desk as callers, in this order."""
    rows = Contact.objects.filter(pk__in=ids, desk=agent.desk_id).select_related("organisation")
    people = {row.pk: row for row in rows.prefetch_related("identities")}
    counts = _open_counts(ids, agent)
    return [_caller(people[pk], counts.get(pk, 0)) for pk in ids if pk in people]


def _caller(contact: Contact, count: int) -> Caller:
    office = str(contact.attributes.get("office") or contact.attributes.get("ULB") or "")
    ways = sorted(
        contact.identities.all(),
        key=lambda way: (way.channel != "pen", way.channel not in NUMBERS, way.pk),
    )
    return Caller(
        contact,
        str(contact),
        contact.organisation.name if contact.organisation else office,
        tuple(way.identifier for way in ways),
        count,
    )


def _open_counts(ids: list[int], agent: Agent) -> dict[int, int]:
    people = Contact.objects.filter(Q(pk__in=ids) | Q(merged_into__in=ids))
    theirs = Ticket.objects.filter(requester__in=people.values("pk"), is_open=True)
    cases = visible_to_agent(agent, theirs)
    who = (
        cases.annotate(who=Coalesce("requester__merged_into", "requester")).order_by().values("who")
    )
    return {row["who"]: row["count"] for row in who.annotate(count=Count("pk"))}


def _by_identity(helpdesk: HelpDesk, words: str, most: int) -> Iterable[int]:
    starts = Q(identifier__startswith=words.lower()) | Q(identifier__startswith=words)
    for start in starts_of(words, desk_region(helpdesk)):
        starts |= Q(identifier__startswith=start)
    rows = ContactIdentity.objects.filter(starts, desk=helpdesk).order_by("identifier")
    found = list(rows.values_list("contact_id", flat=True)[: max(most, _LOOKED_AT)])
    if starts_of(words, None) and len(words) > FEWEST_TO_ASK_CALLS:
        found += [
            contact.pk
            for contact in people_at(helpdesk, starts_of(words, desk_region(helpdesk))[-1])
        ]
    return found


def _by_name(helpdesk: HelpDesk, words: str, most: int) -> Iterable[int]:
    rows = (
        _people(helpdesk)
        .annotate(low=Lower("name"))
        .filter(low__startswith=words.lower())
        .order_by("low", "pk")
    )
    return rows.values_list("pk", flat=True)[:most]


def _by_words(helpdesk: HelpDesk, words: str, most: int, *, in_name: str = "") -> Iterable[int]:
    plain = [word for word in words.lower().split() if word.isalnum()][:6]
    if not plain:
        return []
    with connection.cursor() as cursor:
        query = " & ".join(f"{word}:*" for word in plain)
        cursor.execute(_BY_WORDS, [helpdesk.pk, query, in_name, max(most, _LOOKED_AT)])
        return [pk for (pk,) in cursor.fetchall()]


def _by_organisation(helpdesk: HelpDesk, words: str, most: int) -> Iterable[int]:
    rows = _people(helpdesk).filter(
        organisation__desk=helpdesk, organisation__name__istartswith=words
    )
    return rows.order_by(F("organisation__name"), "-named", "name", "pk").values_list(
        "pk", flat=True
    )[:most]


def _people(helpdesk: HelpDesk) -> QuerySet[Contact]:
    return Contact.objects.filter(desk=helpdesk, merged_into=None)
