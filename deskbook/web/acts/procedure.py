"""The steps of a procedure and the papers it needs, which console/ticket/checklist.py lists."""

from django.utils.translation import gettext_lazy as _

from deskbook.people.words import Words
from deskbook.tickets.models import Attachment, Message
from deskbook.tickets.procedure import (
    ask_for_papers,
    receive_paper,
    return_paper,
    tick_step,
    untick_step,
)
from deskbook.web.acts.act import Act, How
from deskbook.web.shared.fields import Choice, Flag, Lines, NotUnderstood


class Step(Act):
    key, label, shortcut = "step", _("Tick a step"), "1 … 9"
    address, told_in = "steps/<path:step>", "steps"
    undo = Flag()

    def perform(self, how: How) -> Words:
        if self("undo"):
            untick_step(self.of.ticket, self.parts["step"], **how)
            return _("The tick was taken back.")
        tick_step(self.of.ticket, self.parts["step"], **how)
        return _("Ticked.")


class PapersRequest(Act):
    key, label = "papers-request", _("Ask for what is missing")
    address, told_in = "papers", "papers"

    def perform(self, how: How) -> Words:
        ask_for_papers(self.of.ticket, **how)
        return _("Asked for what is missing.")


class Paper(Act):
    key, label = "paper", _("Received")
    address, told_in = "papers/<path:paper>", "papers"
    file = Choice(_("It came as"), blank=_("by hand, not as a file"))

    def perform(self, how: How) -> Words:
        chosen, ticket = self("file"), self.of.ticket
        sent = Attachment.objects.filter(message__ticket=ticket, message__kind=Message.Kind.REQUEST)
        found = sent.select_related("message").filter(pk=int(chosen)) if chosen.isdecimal() else ()
        file = next(iter(found), None)
        if chosen and file is None:
            told = _("This file is not one of the ticket's: choose one that came with it.")
            raise NotUnderstood(file=told)
        receive_paper(ticket, self.parts["paper"], file=file, **how)
        return _("Received.")


class PaperReturn(Act):
    key, label = "paper-return", _("Send back")
    address, told_in = "papers-returned/<path:paper>", "papers"
    reason = Lines(
        _("What is wrong with it"),
        _("Say what is wrong with it: the sender will read it."),
        hint=_("The sender reads this."),
        rows=3,
    )

    def perform(self, how: How) -> Words:
        return_paper(self.of.ticket, self.parts["paper"], reason=self("reason"), **how)
        return _("Sent back. The requester reads why.")
