"""The cast of the demo: made-up people at made-up customers; the municipalities exist, nobody in them does."""

from dataclasses import dataclass
from itertools import cycle

from deskbook.people.models import Agent, Contact, ContactIdentity, HelpDesk, Organisation, User

NO_PASSWORD = "!"  # they sign in by mailed code


@dataclass(frozen=True, slots=True)
class Seat:
    name: str
    role: str
    teams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Customer:
    name: str
    plan: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Cast:
    """Who works at a desk and whom it helps. `given` and `family` are put together to names."""

    seats: tuple[Seat, ...]
    customers: tuple[Customer, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]
    languages: tuple[str, ...] = ("en",)
    named_of: int = 3
    """Named contacts of each customer; one more belongs to the community and may read."""
    by_phone: bool = False


SPARKROCK = Cast(
    seats=(
        Seat("Asha", "agent", ("support",)),
        Seat("Bala", "lead", ("support", "technical")),
        Seat("Esther Lindqvist", "owner", ("support",)),
        Seat("Kwame Boateng", "agent", ("support",)),
        Seat("Mei Tanaka", "agent", ("support", "technical")),
        Seat("Sofia Reyes", "agent", ("technical",)),
        Seat("Tomasz Nowak", "agent", ("development",)),
        Seat("Leila Haddad", "agent", ("development",)),
        Seat("Noah Tremblay", "agent", ("consultants",)),
    ),
    customers=(
        Customer("Harbour District Schools", "diamond"),
        Customer("Lakeside Family Services", "standard"),
        Customer("Maple Valley School Board", "standard"),
        Customer("North Shore Housing", "basic", "America/Vancouver"),
        Customer("Prairie Community Health", "diamond", "America/Winnipeg"),
        Customer("Riverbend Children's Aid", "standard"),
        Customer("St. Alban's Hospice", "basic", "America/Toronto"),
        Customer("Tidewater Museum Trust", "standard", "America/Halifax"),
        Customer("Two Rivers Library", "basic", "America/Edmonton"),
        Customer("Union Street Shelter", "standard"),
        Customer("Westmount Settlement House", "diamond"),
        Customer("Yellow Birch Foundation", "standard"),
    ),
    given=("Amara", "Bisi", "Camille", "Dmitri", "Elif", "Farah", "Gustavo", "Hana", "Ingrid", "Jonas", "Keiko"),
    family=("Okafor", "Singh", "Morin", "Petrov", "Yilmaz", "Rahman", "Costa", "Novak", "Berg", "Cohen", "Sato"),
)  # fmt: skip

MUKTA = Cast(
    seats=(
        Seat("Asha", "agent", ("help desk",)),
        Seat("Bala", "lead", ("help desk", "master trainers")),
        Seat("Esther Lindqvist", "owner", ("help desk",)),
        Seat("Lipika Mohanty", "agent", ("help desk",)),
        Seat("Debendra Sahoo", "agent", ("help desk",)),
        Seat("Gita Pradhan", "agent", ("master trainers",)),
        Seat("Subhash Barik", "agent", ("hudd technical",)),
        Seat("Anjali Rao", "agent", ("egov",)),
        Seat("Vikram Nair", "agent", ("egov",)),
    ),
    customers=(
        Customer("Jatni Municipality"),
        Customer("Dhenkanal Municipality"),
        Customer("Puri Municipality"),
        Customer("Sambalpur Municipal Corporation"),
        Customer("Berhampur Municipal Corporation"),
        Customer("Cuttack Municipal Corporation"),
        Customer("Rourkela Municipal Corporation"),
        Customer("Lotus Self-Help Group, ward 8"),
        Customer("New Dawn Slum Dwellers' Association"),
        Customer("Banyan Women's Collective, ward 14"),
    ),
    given=("Mamata", "Ranjan", "Kabita", "Tapan", "Sasmita", "Bijay", "Jyoti", "Manas", "Pratima", "Soumya", "Rekha"),
    family=("Behera", "Swain", "Das", "Nayak", "Rout", "Jena", "Patra", "Sethi", "Parida", "Khan", "Murmu"),
    languages=("or", "en", "or", "hi", "en"),
    by_phone=True,
)  # fmt: skip


def seat(helpdesk: HelpDesk, cast: Cast) -> list[Agent]:
    """Makes the agents of a desk and returns them; who works at another desk already keeps their sign-in."""
    made = []
    for one in cast.seats:
        email = f"{one.name.split()[0].lower()}@example.org"
        user, _ = User.objects.get_or_create(email=email, defaults={"name": one.name, "password": NO_PASSWORD})
        made.append(Agent.objects.create(user=user, desk=helpdesk, role=one.role, teams=list(one.teams)))
    return made


def invite(helpdesk: HelpDesk, cast: Cast) -> list[Contact]:
    """Makes the customers of a desk with their contacts, Chitra first, and returns the named contacts."""
    names = (f"{given} {family}" for family in cast.family for given in cast.given)
    languages = cycle(cast.languages)
    contacts = [Contact(name="Chitra", desk=helpdesk)]
    for customer in cast.customers:
        organisation = Organisation.objects.create(
            desk=helpdesk, name=customer.name, plan=customer.plan, zone=customer.zone, domains=[_domain(customer.name)]
        )
        contacts[0].organisation = contacts[0].organisation or organisation
        contacts += [
            Contact(
                desk=helpdesk, organisation=organisation, name=next(names), language=next(languages),
                zone=customer.zone, named=n < cast.named_of,
            )
            for n in range(cast.named_of + 1)
        ]  # fmt: skip
    _give_sign_ins(contacts)
    Contact.objects.bulk_create(contacts)
    _give_identities(contacts, by_phone=cast.by_phone)
    return [contact for contact in contacts if contact.named]


def _give_sign_ins(contacts: list[Contact]) -> None:
    known = {user.email: user for user in User.objects.filter(email__in=[_address(contact) for contact in contacts])}
    fresh = [
        User(email=_address(c), name=c.name, language=c.language, zone=c.zone, password=NO_PASSWORD)
        for c in contacts
        if _address(c) not in known
    ]
    known |= {user.email: user for user in User.objects.bulk_create(fresh)}
    for contact in contacts:
        contact.user = known[_address(contact)]


def _give_identities(contacts: list[Contact], *, by_phone: bool) -> None:
    rows = [ContactIdentity(contact=c, desk=c.desk, channel="email", identifier=_address(c)) for c in contacts]
    if by_phone:  # numbers no network gives out
        rows += [
            ContactIdentity(contact=c, desk=c.desk, channel="phone", identifier=f"+9100000{number:05}")
            for number, c in enumerate(contacts, start=1)
        ]
    ContactIdentity.objects.bulk_create(rows)


def _address(contact: Contact) -> str:
    if contact.name == "Chitra":
        return "chitra@example.org"
    organisation = contact.organisation.name if contact.organisation else "example"
    return f"{contact.name.lower().replace(' ', '.')}@{_domain(organisation)}"


def _domain(organisation: str) -> str:
    words = "".join(c if c.isalnum() or c == " " else "" for c in organisation.partition(",")[0].lower()).split()
    return f"{'-'.join(words)}.example"
