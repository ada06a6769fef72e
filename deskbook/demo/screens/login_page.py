"""The login page of SPARK in a demo: whoever is signed in there opens a case, and reads what the
desk told the page.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from deskbook.channels.app.models import AppCase, AppEvent, AppSystem
from deskbook.demo.past.login_page import person
from deskbook.demo.stand_ins.login_page import NotTaken, ask
from deskbook.people.models import Contact
from deskbook.web.shared.fields import Choice, Line, Lines, NotUnderstood
from deskbook.web.shared.forms import Form, saved, sent
from deskbook.web.viewer import in_their_language

MOST = 20


class Problem(Form):
    """What somebody at the login page writes."""

    who = Choice(_("Signed in as"))
    subject = Line(_("Subject"), _("Say what it is about."))
    text = Lines(_("What is it about?"), _("Say what it is about."), rows=4)

    def __init__(self, system: AppSystem, request: HttpRequest) -> None:
        super().__init__(sent(request))
        self.system = system
        people = Contact.objects.filter(desk=system.desk_id, user__isnull=False)
        self.people = {str(one.pk): one for one in people.select_related("user")[:MOST]}
        self.offer("who", [(key, str(one)) for key, one in self.people.items()])

    def bring(self) -> str:
        who = self.people.get(self("who"))
        if who is None:
            raise NotUnderstood(who=_("Choose one of the answers."))
        data: dict[str, object] = {"subject": self("subject"), "text": self("text")}
        try:
            return str(ask(self.system, "case.open", {**data, "person": person(who)})["case"])
        except NotTaken as refused:
            raise NotUnderstood(text=str(refused)) from None


@in_their_language
def login_page(request: HttpRequest) -> HttpResponse:
    """Shows the form, and the cases that came by it, each with what the page was told."""
    system = AppSystem.objects.select_related("desk").filter(ended_at=None).first()
    form = Problem(system, request) if system else None
    if form and (number := saved(form, form.bring)):
        messages.success(request, _("It is on %(ticket)s.") % {"ticket": number})
        return redirect("demo-login-page")
    cases = AppCase.objects.select_related("ticket__desk", "contact").order_by("-pk")[:MOST]
    told = AppEvent.objects.filter(case__in=[case.pk for case in cases]).select_related("message")
    context = {
        "desk": _("SPARK login page"),
        "form": form,
        "cases": [
            (case, [one for one in told.order_by("pk") if one.case_id == case.pk]) for case in cases
        ],
    }
    return render(request, "demo/login_page.html", context, status=form.status if form else 200)
