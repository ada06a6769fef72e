"""A new desk, begun with one of the books that come along: for owners."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from deskbook.book.shelf import books
from deskbook.people.access import only_who_may
from deskbook.people.books import BookRefused, desk_in_force
from deskbook.people.models import Agent
from deskbook.people.new_desks import NewDesk, begin_desk
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Choice, Line, Mail, Zone
from deskbook.web.shared.forms import Form, saved, sent


class NewDeskForm(Form):
    """What is asked of a desk before it is there. All else its book says."""

    name = Line(_("Name"), _("Give it a name."), most=60, hint=_("What requesters read above it."))
    mail = Mail(
        _("Mail address"),
        _("Write the address that requesters write to."),
        hint=_("What comes there opens cases of this desk."),
    )
    zone = Zone(_("Time zone"), _("Write a time zone, such as Asia/Kolkata."))
    called = Line(
        _("Tickets are called"),
        most=8,
        placeholder="HD",
        hint=_("HD makes HD-1, HD-2 …; empty: by the name."),
    )
    book = Choice(
        _("Begin with"),
        _("Choose one of the books."),
        hint=_("Its text is yours to change, line by line, before anybody opens a case."),
    )

    def __init__(self, by: Agent, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.offer("book", [(key, f"{key}: {about}") for key, about in books().items()])
        self.begin_with(zone=desk_in_force(by.desk).zone, book="small")

    def clean(self) -> None:
        if self.cleaned_data.get("book", "small") not in books():
            self.add_error("book", _("Choose one of the books."))

    def told(self) -> NewDesk:
        of_all = {name: self(name) for name in ("name", "mail", "zone", "book")}
        return NewDesk(**of_all, prefix=self("called"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def desk_new(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Begins a desk and opens its book, as its owner."""
    only_who_may(agent, "begin desks")
    form = NewDeskForm(agent, sent(request))
    if owner := saved(form, lambda: _begun(form, agent)):
        told = _now("{name} is there, and this is its book: change what is otherwise with you.")
        messages.success(request, told.format(name=owner.desk.title))
        return HttpResponseRedirect(f"{reverse('console-book-edit')}?desk={owner.desk.key}")
    return screen(
        request, agent, "book/new_desk.html", current="settings", status=form.status, form=form
    )


def _begun(form: NewDeskForm, agent: Agent) -> Agent:
    try:
        return begin_desk(form.told(), at=timezone.now(), by=agent)
    except BookRefused as refused:
        raise ValidationError([str(finding) for finding in refused.findings]) from None
