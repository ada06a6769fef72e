"""Who may see and do what. Every ticket, message and file a person asks for is reached through
here; lists, search and reports read many at once and bind the desk of an agent from here.

Each function takes the user first and returns what they may have; nobody gets an object by its id
alone.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Now
from django.http import Http404

from deskbook.engine.ticket import Actor
from deskbook.people.anonymous import gives_no_name
from deskbook.people.books import desk_in_force
from deskbook.people.changed_ways import works_where_helped
from deskbook.people.contacts import normal_identifier
from deskbook.people.merging import is_person, same_person
from deskbook.people.models import Agent, Contact, ContactIdentity, HelpDesk, Organisation, User
from deskbook.people.prepared import Prepared
from deskbook.people.rights import WHO_MAY, Right, may
from deskbook.people.sight import hidden_from

if TYPE_CHECKING:
    from deskbook.tickets.models import Ticket

__all__ = ["WHO_MAY", "Right", "may"]  # who asks for the rest of access asks for these too
Row = TypeVar("Row", bound=Model)
Who = Agent | Contact | Actor
"""Who does something: a person, or whom the log is to name."""


class NoAccess(Http404):
    """Told to outsiders as "not found": whether it exists is none of their business."""


class NotOfTheRole(NoAccess):
    """Of somebody who works at the desk and sees what it is about: they may be told why."""


class Masked(NotOfTheRole):
    """Of a ticket the book confines to others: its number and stage are told."""

    def __init__(self, ticket: "Ticket") -> None:
        super().__init__("confined to others")
        self.ticket = ticket


def agents_of(user: User) -> QuerySet[Agent]:
    """Returns what the user is at each desk where they work, as it stands now."""
    if not user.is_authenticated or not user.is_active:
        return Agent.objects.none()
    agents = Agent.objects.filter(Q(until=None) | Q(until__gt=Now()), user=user, is_active=True)
    if user.only_at is not None:
        agents = agents.filter(desk=user.only_at)
    return agents.select_related("desk", "user")


def agents_by_desk(user: User) -> tuple[Agent, ...]:
    """Returns the same in the order of the desks' titles; asked once for a user object, which lives
    as long as a request, and came with its session.
    """
    if not hasattr(user, "agents_by_desk"):  # of what may be a lazy object: `vars` would be its own
        user.agents_by_desk = tuple(
            agents_of(user).select_related(None).select_related("desk").order_by("desk__title")
        )
        for agent in user.agents_by_desk:
            agent.user = user
    return user.agents_by_desk


def contacts_of(user: User) -> QuerySet[Contact]:
    """Returns the contacts this user is, one per desk at most; a merged one is the person it
    became.

    Who proved a mail address is whoever a desk knows by it now: taken off a contact, it opens
    nothing any more. Who gave no name has a secret in place of one. Who came by a card or an invite
    link proved none: whoever printed it would else write and sign as the person it names. Of whom a
    directory ended no address opens anything.
    """
    if not user.is_authenticated or not user.is_active or user.only_at is not None:
        return Contact.objects.none()
    if gives_no_name(user):
        own_alone = Contact.objects.filter(user=user, anonymous=True)
        return own_alone.select_related("desk", "organisation")
    ways = ContactIdentity.objects.filter(
        channel="email", identifier=normal_identifier("email", user.email)
    )
    own = ways.annotate(person=Coalesce("contact__merged_into", "contact")).values("person")
    ended = User.objects.filter(is_active=False).values("email")
    over = ContactIdentity.objects.filter(channel="email", identifier__in=ended)
    here = Contact.objects.filter(~Exists(over.filter(contact=OuterRef("pk"))), pk__in=own)
    return here.select_related("desk", "organisation")


def contact_at(user: User, desk_key: str) -> Contact:
    """Returns who the user is to a desk as a requester; raises NoAccess."""
    contact = contacts_of(user).filter(desk__key=desk_key).first()
    if contact is None:
        raise NoAccess("no such desk")
    return contact


def desks_worked_at(user: User) -> list[HelpDesk]:
    return [agent.desk for agent in agents_by_desk(user)]


def visible_to_agent(agent: Agent, tickets: "QuerySet[Ticket]") -> "QuerySet[Ticket]":
    """Returns those of the desk's own tickets that the book lets the agent see."""
    return seen_by(agent, tickets.filter(desk=agent.desk_id))


def seen_by(agent: Agent, rows: QuerySet[Row], path: str = "") -> QuerySet[Row]:
    """Returns those rows that are of no ticket, or of one that the agent sees; `path` leads to it
    ("ticket__").
    """
    hidden = hidden_from(agent)
    return rows.filter(hidden.rows(path)) if hidden else rows


def sees(agent: Agent, ticket: "Ticket") -> bool:
    """Whether an agent sees a ticket of their desk, more of it than its number and stage."""
    return not hidden_from(agent).hides(ticket)


def visible_to_contact(contact: Contact, tickets: "QuerySet[Ticket]") -> "QuerySet[Ticket]":
    """Returns what a requester may follow: their own, those they take part in, and their
    organisation's.
    """
    them = same_person(contact)
    takes_part = tickets.filter(participants__contact__in=them).order_by().values("pk")
    # A subquery: a join would ask for DISTINCT over whole rows.
    own = Q(requester__in=them) | Q(pk__in=takes_part)
    if contact.organisation_id:
        own |= Q(organisation=contact.organisation_id)
    return tickets.filter(own, desk=contact.desk_id)


def own_or_followed(contact: Contact, tickets: "QuerySet[Ticket]") -> "QuerySet[Ticket]":
    """Returns the requester's own tickets and those they take part in, without those of their
    organisation; each is found at an index of its own.
    """
    own, followed = (one.order_by().values("pk") for one in _by_sort(contact, tickets))
    return tickets.filter(pk__in=own.union(followed))


def newest_visible(
    contact: Contact, tickets: "QuerySet[Ticket]", most: int, *, everybody: bool = False
) -> "QuerySet[Ticket]":
    """Returns the newest of the requester's own tickets and those they take part in, or of
    `everybody` of their organisation: the first of each sort at an index of its own, however many
    there are.
    """
    sorts = _by_sort(contact, tickets)
    if everybody and contact.organisation_id:
        sorts.append(tickets.filter(organisation=contact.organisation_id))
    newest = ("-opened_at", "-pk")
    first, *more = (
        one.filter(desk=contact.desk_id).order_by(*newest).values("pk")[:most] for one in sorts
    )
    return tickets.filter(pk__in=first.union(*more)).order_by(*newest)[:most]


def _by_sort(contact: Contact, tickets: "QuerySet[Ticket]") -> "list[QuerySet[Ticket]]":
    """The requester's own, and those they take part in."""
    them = same_person(contact)
    return [tickets.filter(requester__in=them), tickets.filter(participants__contact__in=them)]


def ticket_for_agent(
    user: User, number: str, tickets: "QuerySet[Ticket] | Prepared[Ticket]"
) -> tuple[Agent, "Ticket"]:
    """Returns the ticket called `number` ("SPR-12") with who the user is at its desk; raises
    NoAccess.
    """
    prefix, digits = split_number(number)
    agent = next(
        (
            agent
            for agent in agents_by_desk(user)
            if agent.desk.prefix.casefold() == prefix.casefold()
        ),
        None,
    )
    if agent is None:
        raise NoAccess("no such ticket")
    if isinstance(tickets, Prepared):
        ticket = tickets.first(desk=agent.desk_id, number=digits, user=user.pk)
    else:
        ticket = tickets.filter(desk=agent.desk_id, number=digits).first()
    if ticket is None:
        raise NoAccess("no such ticket")
    if (hidden := hidden_from(agent)).hides(ticket):
        raise Masked(ticket) if hidden.masks(ticket) else NoAccess("no such ticket")
    return agent, ticket


def prepared_for_agents(tickets: "Callable[[Any], QuerySet[Ticket]]") -> "Prepared[Ticket]":
    """Returns what `ticket_for_agent` asks for one of these tickets, put together once; they are
    given a stand-in for who looks at it.
    """
    return Prepared(
        lambda desk, number, user: tickets(user).filter(desk=desk, number=number),
        "desk",
        "number",
        "user",
    )


def ticket_for_contact(
    user: User, number: str, tickets: "QuerySet[Ticket]"
) -> tuple[Contact, "Ticket"]:
    """Returns who the user is and the ticket called `number`; raises NoAccess."""
    prefix, digits = split_number(number)
    contact = contacts_of(user).filter(desk__prefix__iexact=prefix).first()
    ticket = visible_to_contact(contact, tickets).filter(number=digits).first() if contact else None
    if contact is None or ticket is None:
        raise NoAccess("no such ticket")
    return contact, ticket


def of_desk(agent: Agent, rows: QuerySet[Row], number: int) -> Row:
    """Returns one row of the agent's desk (a shift, an upload, a contact …) by its id; raises
    NoAccess. What is of a ticket, only to who sees that.
    """
    found = rows.filter(desk=agent.desk_id, pk=number).first()
    if found is None or not _sees_its_ticket(agent, found):
        raise NoAccess("no such thing at this desk")
    return found


def _sees_its_ticket(agent: Agent, row: Model) -> bool:
    # Where nothing is hidden the ticket need not be read.
    hidden = hidden_from(agent)
    ticket = getattr(row, "ticket", None) if hidden else None
    return ticket is None or not hidden.hides(ticket)


def only_who_may(agent: Agent, right: Right) -> None:
    """Raises NoAccess when the agent's role does not have the right."""
    if not may(agent, right):
        raise NotOfTheRole(f"{right} is not for this role")


def organisation_for_agent(agent: Agent, pk: int) -> Organisation:
    """Returns an organisation of the agent's desk; raises NoAccess."""
    found = Organisation.objects.select_related("desk").filter(desk=agent.desk_id, pk=pk).first()
    if found is None:
        raise NoAccess("no such organisation")
    return found


def contact_for_agent(agent: Agent, pk: int) -> Contact:
    """Returns a contact of the agent's desk; raises NoAccess."""
    found = Contact.objects.select_related("organisation").filter(desk=agent.desk_id, pk=pk).first()
    if found is None:
        raise NoAccess("no such contact")
    return found


def may_open_and_close(contact: Contact) -> bool:
    """Whether somebody opens and closes cases: of an organisation only its named contacts do, where
    a plan has them.

    Somebody without an organisation speaks for themselves, and so does everybody where the book
    names nobody.
    """
    if contact.organisation_id is None or contact.named:
        return True
    return not any(plan.contacts for plan in desk_in_force(contact.desk).plans.values())


def may_close(contact: Contact, ticket: "Ticket") -> bool:
    """Whoever opened a case closes it, and the named contacts of its organisation do."""
    if is_person(contact, ticket.requester_id):
        return may_open_and_close(contact)
    return (
        contact.named
        and contact.organisation_id is not None
        and contact.organisation_id == ticket.organisation_id
    )


def may_sign(contact: Contact, ticket: "Ticket") -> bool:
    """Whether a contact decides about cost and deliveries: who may close the case may, but for who
    works at the desk, which would sign its own estimates.
    """
    return may_close(contact, ticket) and not works_where_helped(contact)


def may_sign_own(contact: Contact) -> bool:
    """Whether a contact decides about cost and deliveries of their own cases, as `may_sign`."""
    return may_open_and_close(contact) and not works_where_helped(contact)


def may_write_on(contact: Contact, ticket: "Ticket") -> bool:
    """Whether a contact who sees a case may write on it: those who take part, and the
    organisation's named contacts.
    """
    named_here = (
        contact.named
        and contact.organisation_id
        and contact.organisation_id == ticket.organisation_id
    )
    return bool(named_here) or takes_part(contact, ticket)


def takes_part(contact: Contact, ticket: "Ticket") -> bool:
    """Whether a contact, or who they were before they were merged, asked for the case or follows
    it.
    """
    mine = is_person(contact, ticket.requester_id)
    return mine or ticket.participants.filter(contact__in=same_person(contact)).exists()


def follows(contact: Contact, ticket: "Ticket") -> bool:
    """Whether a contact follows a case that is not theirs: they may leave it."""
    them = same_person(contact)
    return ticket.requester_id not in them and ticket.participants.filter(contact__in=them).exists()


def actor_of(who: Who) -> Actor:
    """Returns who acts, as the log names them; of an agent with the teams they are of at this
    moment.
    """
    if isinstance(who, Agent):
        return Actor("agent", str(who.pk), tuple(who.teams))
    return Actor("contact", str(who.pk)) if isinstance(who, Contact) else who


def split_number(number: str) -> tuple[str, int]:
    """Returns ("SPR", 12) for "SPR-12"; raises NoAccess for anything else."""
    prefix, _, digits = number.rpartition("-")
    if not prefix or not digits.isascii() or not digits.isdigit() or len(digits) > 15:
        raise NoAccess("no such ticket")
    return prefix, int(digits)
