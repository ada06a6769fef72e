"""Writing to somebody who takes no part in a case, beside it."""

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from deskbook.people.words import Words
from deskbook.tickets.asides import write_aside
from deskbook.tickets.kept_files import as_files
from deskbook.tickets.messages import Written
from deskbook.tickets.stages import move_ticket
from deskbook.web.acts.act import Act, How
from deskbook.web.acts.doing import part_of
from deskbook.web.acts.whom import person_typed
from deskbook.web.shared.fields import Choice, Files, Known, Lines
from deskbook.web.uploads import OF_AGENTS


class Aside(Act):
    key, label, shortcut = "aside", _("Write to somebody outside"), "O"
    button, takes_files = _("Send by mail"), OF_AGENTS
    about = _("Beside the case: nobody of it reads this, nor the answer. It stops no clock.")
    to = Known(
        _("To whom"),
        reverse_lazy("console-known-contacts"),
        _("Say who: a name, an address or a number."),
        hint=_("An unknown address becomes a new contact."),
    )
    text = Lines(_("Text"), _("Write something first."), rows=4)
    attached = Files(_("Files"))
    stage = Choice(_("Stage after sending"), blank=_("same stage"))

    @property
    def draft(self) -> str:
        return f"aside {self.of.ticket.pk}"

    def furnish(self) -> None:
        waiting = [one for one in self.of.moves if one.next == "third party" and not one.needs]
        self.offer("stage", [(one.key, one.title) for one in waiting])

    def perform(self, how: How) -> Words:
        contact = person_typed(self.of.viewer, self("to"), "to")
        written = Written(self("text"), files=as_files(self.uploads.kept), formatted=True)
        write_aside(self.of.ticket, contact, written, **how)
        if self("stage"):
            move_ticket(self.of.ticket, self("stage"), **part_of(how, "stage"))
        return _("Written to %(who)s, beside the case.") % {"who": contact}
