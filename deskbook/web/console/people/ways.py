"""A way to reach somebody, typed in: with a person's other fields, or on their card."""

from typing import Any

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from deskbook.channels.email.mailboxes import refuse_of_a_desk
from deskbook.engine.desk import Desk
from deskbook.engine.quoting import short
from deskbook.people.books import desk_in_force
from deskbook.people.contacts import add_way, contact_by, normal_identifier
from deskbook.people.lists.columns import Wrong
from deskbook.people.lists.reading import mail_address, region_of
from deskbook.people.models import Agent, Contact
from deskbook.people.numbers import number_of
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.web.shared.fields import Choice, Line
from deskbook.web.shared.forms import Form
from deskbook.web.shared.staff_number import staff_number
from deskbook.web.told import channel_title

CHANNELS = ("email", "phone", "whatsapp", "sms", "pen")


def way_title(channel: str, desk: Desk) -> str:
    """Returns what a way to reach somebody is called; of a number in a staff directory what the
    book calls it.
    """
    if channel == "pen":
        return staff_number(desk) or str(_("Staff number"))
    return channel_title(channel)


class WayForm(Form):
    """One more way to reach somebody; none where nothing is typed."""

    channel = Choice(_("Add"))
    identifier = Line(_("Address or number"), most=254)
    stored: str = ""
    owner: Contact | None = None
    """Whose it is already."""

    def __init__(self, agent: Agent, data: QueryDict | None, **begun: Any) -> None:
        super().__init__(data, begun)
        self.agent = agent
        desk = desk_in_force(agent.desk)
        offered = (one for one in CHANNELS if one != "pen" or staff_number(desk))
        self.offer("channel", [(channel, way_title(channel, desk)) for channel in offered])

    def clean(self) -> None:
        text = self.cleaned_data.get("identifier", "")
        if not text:
            return
        try:
            self.stored = self._stored(self("channel"), text)
        except Refused as refused:
            self.add_error("identifier", in_words(refused))

    def _stored(self, channel: str, text: str) -> str:
        if channel not in CHANNELS:
            raise Wrong("way")
        if channel == "email":
            refuse_of_a_desk(text)
            return mail_address(text)
        if channel == "pen":
            return normal_identifier("pen", text)
        return number_of(text, region_of(desk_in_force(self.agent.desk).zone))

    def add_to(self, contact: Contact) -> bool:
        """Returns whether it is this person's now; it is not where it is another's."""
        if not self.stored:
            return True
        try:
            with transaction.atomic():
                self.owner = contact_by(contact.desk, self("channel"), self.stored)
                if self.owner is None or self.owner.pk == contact.pk:
                    add_way(contact, self("channel"), self.stored, by=self.agent)
                    return True
        except IntegrityError:  # another person was given it in this moment
            self.owner = contact_by(contact.desk, self("channel"), self.stored)
        told = _("%(what)s belongs to %(who)s. If they are one person, merge them.")
        self.add_error("identifier", told % {"what": short(self.stored), "who": self.owner})
        return False
