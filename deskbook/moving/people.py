"""Who wrote elsewhere, as the desk knows them: by their address, else by their number, else by the
key they had there.
"""

from collections import OrderedDict

from django.db.models import QuerySet

from deskbook.moving.nouns import Person
from deskbook.moving.shelf import Shelf
from deskbook.people.books import usual_language
from deskbook.people.came_from import PersonCameFrom
from deskbook.people.contacts import contact_by, find_or_make_contact
from deskbook.people.models import Agent, Contact, HelpDesk, Organisation, User

_MOST_KNOWN = 20_000
"""People who are remembered; others are looked up again."""


class People:
    """Finds, and makes where there is none, the contacts and agents of one export."""

    def __init__(self, desk: HelpDesk, source: str, shelf: Shelf) -> None:
        self.desk, self.source, self.shelf = desk, source, shelf
        self._contacts: OrderedDict[str, Contact] = OrderedDict()
        self._organisations: dict[str, Organisation] = {}
        agents = Agent.objects.filter(desk=desk).select_related("user")
        self._worked: dict[str, Agent | None] = {}
        """By the key they had there."""
        self._unwritten: dict[tuple[str, str], PersonCameFrom] = {}
        """By whether it is a contact or an agent, and their key."""
        self._agents = {agent.user.email: agent for agent in agents}
        self._by_user = {agent.user_id: agent for agent in agents}

    def contact(self, key: str) -> Contact:
        """Returns who asked, and stands for them by now; somebody nobody names has a contact of
        their own.
        """
        known = self._contacts.get(key)
        if known is None:
            person = self.shelf.person_by(key) if key else None
            known = self._found(person or Person(key or "nobody"))
            self._contacts[key] = known
            if len(self._contacts) > _MOST_KNOWN:
                self._contacts.popitem(last=False)
        return known

    def agent(self, key: str) -> Agent | None:
        """Returns who worked there, if their address is known; who does not work here comes as
        somebody who has left.
        """
        if key not in self._worked:
            person = self.shelf.person_by(key) if key else None
            self._worked[key] = self._agent_of(person) if person else None
        return self._worked[key]

    def _agent_of(self, person: Person) -> Agent | None:
        if not person.address:
            before = self._came(person).filter(contact=None).select_related("agent__user")
            return next((one.agent for one in before), None)
        if person.address not in self._agents:
            user, _ = User.objects.get_or_create(
                email=person.address, defaults={"name": person.name[:200], "password": "!"}
            )
            left = Agent.objects.create(user=user, desk=self.desk, is_active=False)
            self._agents[person.address] = self._by_user[user.pk] = left
        agent = self._agents[person.address]
        self._remember(person, agent=agent)
        return agent

    def works_here(self, key: str) -> bool:
        """Whether somebody works at the desk by now."""
        agent = self.agent(key)
        return agent is not None and agent.is_active

    def agent_of(self, user: int | None) -> Agent | None:
        """Returns the agent of an account (id)."""
        return self._by_user.get(user) if user else None

    def name(self, key: str) -> str:
        """Returns what somebody was called there, the key where nothing else is known."""
        person = self.shelf.person_by(key) if key else None
        return (person.name or person.address or key) if person else key

    def _found(self, person: Person) -> Contact:
        contact = self._by_way(person) or self._by_key(person)
        self._remember(person, contact=contact)
        if contact.merged_into:
            contact = contact.merged_into
        if person.organisation and contact.organisation is None:
            contact.organisation = self._organisation(person.organisation)
            contact.named = False
            contact.save(update_fields=["organisation", "named"])
        return contact

    def _by_way(self, person: Person) -> Contact | None:
        ways = (("email", person.address), ("phone", person.phone))
        for channel, identifier in ways:
            if identifier and (known := contact_by(self.desk, channel, identifier)):
                return known
        for channel, identifier in ways:
            if identifier:
                return find_or_make_contact(
                    self.desk, channel, identifier[:254], name=person.name, sign_in=False
                )
        return None

    def _by_key(self, person: Person) -> Contact:
        """Who has neither address nor number is known by the key they had there, by which another
        export may have said more of them.
        """
        before = self._came(person).filter(agent=None).select_related("contact")
        came = self._unwritten.get(("contact", person.key[:200])) or before.first()
        if came and came.contact:
            return came.contact
        return Contact.objects.create(
            desk=self.desk,
            name=(person.name or person.key)[:200],
            language=usual_language(self.desk),
        )

    def _came(self, person: Person) -> QuerySet[PersonCameFrom]:
        return PersonCameFrom.objects.filter(
            desk=self.desk, source=self.source, key=person.key[:200]
        )

    def _remember(self, person: Person, **who: Contact | Agent) -> None:
        """Keeps by which key somebody was known there, once `write_keys` is called; an address
        leads to them by itself.
        """
        if person.key not in (person.address, ""):
            [what], key = who, person.key[:200]
            came = PersonCameFrom(desk=self.desk, source=self.source, key=key, **who)
            self._unwritten.setdefault((what, key), came)

    def write_keys(self) -> None:
        """Writes by which keys those were known there who were found since it was called last."""
        if self._unwritten:
            PersonCameFrom.objects.bulk_create(self._unwritten.values(), ignore_conflicts=True)
            self._unwritten.clear()

    def _organisation(self, key: str) -> Organisation | None:
        if key not in self._organisations:
            there = self.shelf.organisation_by(key)
            if there is None or not there.name.strip():
                return None
            name = there.name.strip()[:200]
            known = Organisation.objects.filter(desk=self.desk, name__iexact=name).first()
            self._organisations[key] = known or Organisation.objects.create(
                desk=self.desk, name=name, domains=list(there.domains)
            )
        return self._organisations[key]
