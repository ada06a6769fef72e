"""The people of the demo in their seats and at their customers, from the cast."""

from datetime import datetime
from itertools import cycle
from unicodedata import normalize

from deskbook.demo.casts import Cast, Customer, Post
from deskbook.people.contacts import chosen_language
from deskbook.people.models import Agent, Contact, ContactIdentity, HelpDesk, Organisation, User

NO_PASSWORD = "!"  # they sign in by mailed code


def seat(helpdesk: HelpDesk, cast: Cast, *, ends_at: datetime | None = None) -> list[Agent]:
    """Makes the agents of a desk and returns them; temporary seats are there until `ends_at`.

    Who works at another desk already keeps their sign-in.
    """
    made = []
    for one in cast.seats:
        email = f"{plain(one.name.split()[0])}@example.org"
        user, _ = User.objects.get_or_create(
            email=email, defaults={"name": one.name, "password": NO_PASSWORD}
        )
        until = ends_at if one.temporary else None
        made.append(
            Agent.objects.create(
                user=user, desk=helpdesk, role=one.role, teams=list(one.teams), until=until
            )
        )
    return made


def invite(helpdesk: HelpDesk, cast: Cast) -> list[Contact]:
    """Makes the customers of a desk with their contacts, Chitra first, and returns the named
    contacts.
    """
    names = (f"{given} {family}" for family in cast.family for given in cast.given)
    languages = cycle(cast.languages)
    posts = cycle(cast.posts or (Post(""),))
    contacts = [
        Contact(
            name="Chitra",
            desk=helpdesk,
            attributes=_attributes(cast, next(posts), cast.customers[0]),
        )
    ]
    for customer in cast.customers:
        organisation = _organisation(helpdesk, customer)
        contacts[0].organisation = contacts[0].organisation or organisation
        contacts += [
            Contact(
                desk=helpdesk,
                organisation=organisation,
                name=next(names),
                language=next(languages),
                zone=customer.zone,
                named=n < cast.named_of,
                attributes=_attributes(cast, next(posts), customer),
            )
            for n in range(cast.named_of + 1)
        ]
    _give_sign_ins(contacts)
    Contact.objects.bulk_create(contacts)
    _give_identities(contacts, cast)
    return [contact for contact in contacts if contact.named]


def _organisation(helpdesk: HelpDesk, customer: Customer) -> Organisation:
    return Organisation.objects.create(
        desk=helpdesk,
        name=customer.name,
        plan=customer.plan,
        zone=customer.zone,
        domains=[_domain(customer.name)],
    )


def facets_of(contact: Contact, cast: Cast) -> dict[str, str]:
    """Returns what the cases of a contact are sorted by because they are theirs."""
    post = next(
        (p for p in cast.posts if p.title == contact.attributes.get(cast.post_word)), Post("")
    )
    district = str(contact.attributes.get("district", "")).lower()
    return {**post.facets, **({"district": district} if district else {})}


def _attributes(cast: Cast, post: Post, customer: Customer) -> dict[str, str]:
    known = {
        cast.post_word: post.title,
        "district": customer.district,
        "office": customer.name if customer.district else "",
    }
    return {name: value for name, value in known.items() if name and value}


def _give_sign_ins(contacts: list[Contact]) -> None:
    known = {
        user.email: user
        for user in User.objects.filter(email__in=[_address(contact) for contact in contacts])
    }
    fresh = [
        User(
            email=_address(c),
            name=c.name,
            language=chosen_language(c),
            zone=c.zone,
            password=NO_PASSWORD,
        )
        for c in contacts
        if _address(c) not in known
    ]
    known |= {user.email: user for user in User.objects.bulk_create(fresh)}
    for contact in contacts:
        contact.user = known[_address(contact)]


def _give_identities(contacts: list[Contact], cast: Cast) -> None:
    rows = [_identity(c, "email", _address(c)) for c in contacts]
    for number, contact in enumerate(contacts, start=1):
        if cast.phone:
            rows.append(_identity(contact, "phone", phone_of(cast, number)))
        if cast.pen:
            rows.append(_identity(contact, "pen", f"{700_000 + 37 * number}"))
    ContactIdentity.objects.bulk_create(rows)


def phone_of(cast: Cast, number: int) -> str:
    """Returns the telephone number of the `number`th person of a cast, as it is kept of whoever
    states it.
    """
    return f"{cast.phone}{number:0{13 - len(cast.phone)}}"


def _identity(contact: Contact, channel: str, identifier: str) -> ContactIdentity:
    return ContactIdentity(
        contact=contact, desk=contact.desk, channel=channel, identifier=identifier
    )


def _address(contact: Contact) -> str:
    if contact.name == "Chitra":
        return "chitra@example.org"
    organisation = contact.organisation.name if contact.organisation else "example"
    return f"{plain(contact.name).replace(' ', '.')}@{_domain(organisation)}"


def _domain(organisation: str) -> str:
    words = "".join(
        c if c.isalnum() or c == " " else "" for c in plain(organisation.partition(",")[0])
    ).split()
    return f"{'-'.join(words)}.example"


def plain(name: str) -> str:
    """Returns a name as it stands in an address: lower case, without accents."""
    return normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
