"""Who is named for an organisation, and asking for somebody else to take a seat."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deskbook.channels.email.mailboxes import refuse_of_a_desk
from deskbook.people.access import NoAccess, may_open_and_close
from deskbook.people.contacts import find_or_make_contact
from deskbook.people.models import Contact, Organisation
from deskbook.people.refusals import in_words
from deskbook.people.seats import holders_at, seats_of
from deskbook.refusals.refusal import Refused
from deskbook.tickets.contact_changes import ask_for_replacement
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase
from deskbook.web.acts.requesters import signed_in_by
from deskbook.web.portal.frame import client_key, command_key, frame
from deskbook.web.shared.fields import Choice, Line, Lines, Mail
from deskbook.web.shared.forms import Form, saved, sent
from deskbook.web.viewer import for_requesters

_ADDRESS = _("Write the mail address of who arrives.")


class ReplacementForm(Form):
    """Somebody else asked for in place of a named contact."""

    reader = "requester"
    leaves = Choice(_("Who leaves"), blank=_("– choose –"))
    address = Mail(_("Who arrives: mail address"), _ADDRESS, wrong=_ADDRESS)
    name = Line(_("Name"))
    reason = Lines(_("Anything we should know"), rows=3)

    def __init__(self, organisation: Organisation, data: QueryDict | None) -> None:
        super().__init__(data)
        holders = {str(person.pk): person for person in holders_at(organisation.pk)}
        self.holders = holders
        self.offer("leaves", [(key, str(person)) for key, person in holders.items()])

    def clean(self) -> None:
        if self.cleaned_data.get("leaves", "") not in self.holders:
            self.add_error("leaves", _("Choose one of the answers."))
        try:
            refuse_of_a_desk(self.cleaned_data.get("address", ""))
        except Refused as refused:
            self.add_error("address", in_words(refused, self.reader))

    def ask(self, *, at: datetime, by: Contact, key: str) -> Ticket:
        """Opens the case that asks for it."""
        leaves, address, name = self.holders[self("leaves")], self("address"), self("name")
        # Somebody new reads nothing of the organisation before an agent agrees: they only get an
        # entry of their own. Of somebody known nothing is said either: the case carries what was
        # typed, not what the directory has.
        arrives = find_or_make_contact(by.desk, "email", address, name=name)
        told = {"arrives": (name or address)[:200], "leaves": leaves}
        subject = str(_("{arrives} instead of {leaves} as named contact")).format(**told)
        written = Written(self("reason") or subject, sender=signed_in_by(by))
        case = NewCase(subject, written, "portal")
        return ask_for_replacement(case, leaves, arrives, at=at, by=by, key=key).ticket


@for_requesters
def contacts(request: HttpRequest, contact: Contact) -> HttpResponse:
    """Shows who is named; takes a request to replace one. Only named contacts ask, everybody of it
    may read.
    """
    organisation = contact.organisation
    if organisation is None:
        raise NoAccess("no organisation")
    form, key = ReplacementForm(organisation, sent(request)), client_key(request)
    if form.is_bound and not may_open_and_close(contact):
        raise NoAccess("may read, not ask")
    at, once = timezone.now(), command_key(contact, request)
    asked = saved(form, lambda: form.ask(at=at, by=contact, key=once))
    if asked is not None:
        told = _("Your request is {number}. We have it.")
        messages.success(request, told.format(number=asked))
        return redirect("portal-case", contact.desk.key, str(asked))
    others = organisation.contacts.filter(named=False, merged_into=None).order_by("name", "pk")
    context = frame(
        contact,
        seats=seats_of(organisation),
        community=[str(other) for other in others[:100]],
        form=form,
        key=key,
    )
    return render(request, "portal/contacts.html", context, status=form.status)
