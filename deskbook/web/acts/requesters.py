"""What requesters do about their cases: estimates, deliveries, papers, the visits they ask for."""

from datetime import timedelta
from functools import cached_property
from typing import ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deskbook.channels.email.attachments import safe_name
from deskbook.engine.procedure_parts import Paper
from deskbook.people.access import NoAccess, may_close
from deskbook.people.limits import too_often
from deskbook.people.models import Contact
from deskbook.people.refusals import in_words
from deskbook.people.words import Words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.choices import make_choice
from deskbook.tickets.log import recorded_before
from deskbook.tickets.messages import File, Written
from deskbook.tickets.papers import check_file, papers_known
from deskbook.tickets.procedure import send_paper
from deskbook.tickets.shapes import Checked
from deskbook.tickets.site_visits import answer_visit, ask_for_visit
from deskbook.tickets.visit_rows import place_and_words
from deskbook.tickets.work import confirm_delivery, decline_estimate, sign_estimate
from deskbook.web.acts.doing import Doing, How
from deskbook.web.acts.own_case import OwnCase
from deskbook.web.acts.wishes import Wishes, as_typed
from deskbook.web.shared.fields import Flag, Line, Lines, OneFile, Sent
from deskbook.web.uploads import LARGEST_FILE, OF_REQUESTERS, too_much_today

MOST_OF_A_PAPER = 20
"""How often one paper of a case is sent in a day: each time it is a message, with all that a
message sets going.
"""


class OfRequester(Doing[Contact]):
    """Something a requester does on a case."""

    reader = "requester"
    denied: ClassVar[str] = "may read, not write"

    def __init__(self, of: OwnCase, data: QueryDict | None = None, **parts: str) -> None:
        self.of = of
        super().__init__(data, **parts)

    @property
    def allowed(self) -> bool:
        return self.of.may_write


class _Decision(OfRequester):
    denied = "may read, not decide"

    @property
    def allowed(self) -> bool:
        return self.of.may_sign


class Declining(_Decision):
    key, address = "decline", "estimates/<str:estimate>/refusal/"
    reason = Line(_("If you decline: why"), most=2_000)

    def perform(self, how: How[Contact]) -> Words:
        estimate = self.parts["estimate"]
        decline_estimate(self.of.ticket, estimate, reason=self("reason"), **how)
        return _("Declined. The desk reads why.")


class Signing(Declining):
    key, address, told_in = "sign", "estimates/<str:estimate>/signature/", "decline"

    def perform(self, how: How[Contact]) -> Words:
        if self("reason"):
            raise Refused("signing: why declined")
        sign_estimate(self.of.ticket, self.parts["estimate"], **how)
        return _("Signed. The work begins.")


class Confirming(_Decision):
    key, address = "confirm", "delivery/"

    def perform(self, how: How[Contact]) -> Words:
        confirm_delivery(self.of.ticket, **how)
        return _("Confirmed. Thank you.")


class Choosing(OfRequester):
    """Decides what the stage of the case offers."""

    key, address, denied = "choose", "choice/", "may read, not decide"
    choice = Sent()
    words = Lines(_("Why, or what else we should know"), rows=3)
    done = _("Thank you. The desk knows what you decided.")

    @property
    def allowed(self) -> bool:
        return may_close(self.of.contact, self.of.ticket)

    def perform(self, how: How[Contact]) -> Words:
        make_choice(self.of.ticket, self("choice"), words=self("words"), **how)
        return self.done


class SendingPaper(OfRequester):
    """A list with a declared shape is taken only when every row is right."""

    key, address = "paper", "papers/<path:paper>/"
    file = OneFile(
        _("Choose a file."), LARGEST_FILE, _("This file is too large: ten megabytes at most.")
    )
    checked: Checked | None = None

    @cached_property
    def paper(self) -> Paper | None:
        known = papers_known(self.of.ticket, self.of.since)
        return next((one for one in known if one.key == self.parts["paper"]), None)

    @property
    def allowed(self) -> bool:
        return self.of.may_write and self.paper is not None

    def clean(self) -> None:
        upload = self.cleaned_data.get("file")
        if upload is None or self.paper is None:
            return
        self.content = upload.read()
        self.checked = check_file(self.paper, self.content)
        if self.checked and not self.checked.good:
            self.add_error("file", _wrong_rows(self.checked))
        elif not recorded_before(self.sent_key) and (enough := self._enough_today(upload)):
            self.add_error("file", enough)

    def _enough_today(self, upload: "UploadedFile[bytes]") -> Words:
        """Counts a paper that is about to be stored, and returns why it may not be."""
        user = self.of.contact.user
        if user is None:
            raise NoAccess("nobody is signed in")
        if too_much := too_much_today([upload], user, OF_REQUESTERS):
            return in_words(too_much, "requester")
        this = f"paper {self.parts['paper']} of case {self.of.ticket.pk}"
        if not too_often(this, MOST_OF_A_PAPER, timedelta(days=1), at=timezone.now()):
            return ""
        told = _("It was sent {count} times today. We look at these first; send it again tomorrow.")
        return told.format(count=MOST_OF_A_PAPER)

    def perform(self, how: How[Contact]) -> Words:
        upload, paper = self("file"), self.parts["paper"]
        kind = upload.content_type or "application/octet-stream"
        file = File(safe_name(upload.name or "", kind, 1), kind, self.content)
        written = Written("", files=(file,), sender=signed_in_by(how["by"]))
        send_paper(self.of.ticket, paper, written, channel="portal", **how)
        if self.paper and self.paper.columns and self.checked is None:
            return _("Sent. We have it; its rows are checked later.")
        return _("Sent. We have it.")


class AskingForVisit(Wishes, OfRequester):
    """How many people, where and when; until it is decided."""

    key, address = "visit-ask", "visit/"

    @property
    def allowed(self) -> bool:
        return self.of.may_write and self.of.may_correct_wish

    def furnish(self) -> None:
        wish = self.of.visit_wish
        told = place_and_words(self.of.state) if wish else ("", "")
        self.begin_with(**as_typed(wish, *told))

    def perform(self, how: How[Contact]) -> Words:
        ask_for_visit(self.of.ticket, self.wish(), **how)
        return _("Sent. The desk decides and tells you.")


class AnsweringDate(OfRequester):
    """Says whether the date of a visit suits."""

    key, address = "visit-answer", "visit/<str:visit>/"
    suits = Flag()
    reason = Line(_("If it does not suit: why, and which days would"), most=2_000)

    @property
    def allowed(self) -> bool:
        return self.of.may_write and self.of.reads_visit(self.parts["visit"])

    def perform(self, how: How[Contact]) -> Words:
        suits, visit = self("suits"), self.parts["visit"]
        answer_visit(self.of.ticket, visit, suits, reason=self("reason"), **how)
        if suits:
            return _("Thank you. The date stands.")
        return _("Thank you. The desk looks for another date.")


def signed_in_by(contact: Contact) -> str:
    """Returns the address by which the viewer is signed in: what they write came from there."""
    return contact.user.email if contact.user else ""


def _wrong_rows(checked: Checked) -> str:
    if not checked.rows:
        return str(_("The file cannot be used. Correct it and send it again."))
    told = _("{wrong} of {all} rows are wrong. Correct the file and send it again.")
    return told.format(wrong=checked.wrong_rows, all=checked.rows)
