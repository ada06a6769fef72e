"""The desk's SMS gateway, for owners of the book: presets, secrets that are typed in and never
shown, a test text.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from deskbook.channels.sms.gateway import (
    PLACEHOLDERS,
    report_address,
    secret_goes,
    unknown_placeholders,
)
from deskbook.channels.sms.held import send_waiting
from deskbook.channels.sms.models import SmsGateway
from deskbook.channels.sms.presets import FIELDS, PRESETS
from deskbook.channels.sms.writing import NewText, queue_text, worded
from deskbook.engine.channels import Template
from deskbook.people.access import only_who_may
from deskbook.people.books import desk_in_force
from deskbook.people.contacts import normal_identifier
from deskbook.people.lists.reading import region_of
from deskbook.people.mobiles import NoText
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.sealing import sealed
from deskbook.people.text_parts import parts_of
from deskbook.web.acts.act import client_key
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Choice, Line, Lines, Secret, Sent, Service, Tick, Whole
from deskbook.web.shared.forms import Form, Pressed, sent

PLAIN = ("sender", "entity", "account", "login")
LONGEST_TEMPLATE = 4_000
_KEPT = _("Kept already; empty leaves it as it is. It is never shown.")
_ELSEWHERE = _("It would go elsewhere than before: type the secret in again, so that it is meant.")
SAMPLE: Mapping[str, str] = {
    "subject": "The report is empty",
    "text": "Please send us the number of your office.",
    "stage": "in progress",
    "code": "7K3M-QX4P",
    "name": "Chitra",
    "token": "A-12",
    "site": "the office",
    "time": "10:30",
    "date": "2 March",
    "number": "12",
    "when": "2 March, 10:30",
    "place": "the treasury, counter 2",
    "link": "https://desk.example/1",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """One text of the book, as it would arrive."""

    at: int
    purpose: str
    language: str
    registered: str
    text: str
    parts: int
    alphabet: str
    problem: str = ""


class GatewayForm(Form):
    """The gateway as it is, or a preset to begin with."""

    preset = Choice(options=[(key, one.title) for key, one in PRESETS.items()])
    active = Tick(_("Texts leave through it"))
    sender = Line(_("Sender id (header)"), hint=_("As registered with the carrier."), most=32)
    entity = Line(
        _("DLT entity id"), hint=_("India only. The template ids stand in the book."), most=32
    )
    account = Line(_("Account"), hint="{account}", most=128)
    login = Line(_("User or key"), hint="{login}", most=128)
    secret = Secret(
        _("Password or token"), hint=_("It is stored sealed and never shown again."), most=1_000
    )
    per_minute = Whole(
        _("Texts a minute, at most"), _("A whole number from 1 to 6000."), least=1, most=6_000
    )
    method = Choice(_("Method"), options=[("POST", "POST"), ("GET", "GET")])
    body_kind = Choice(
        _("The fields stand"),
        options=[
            ("form", _("in a form")),
            ("json", _("in JSON")),
            ("query", _("in the address")),
        ],
    )
    url = Service(_("Address"), most=500)
    headers = Lines(_("Headers"), rows=2, most=LONGEST_TEMPLATE)
    body = Lines(
        _("Body"), rows=8, hint=_("One name=value a line, or JSON."), most=LONGEST_TEMPLATE
    )
    accepted = Lines(
        _("It was taken when the answer says"),
        rows=2,
        hint=_(
            "One a line: words with * between, or SMSMessage.Status=queued|sent. Empty: any 2xx."
        ),
        most=LONGEST_TEMPLATE,
    )
    id_at = Line(_("Its id stands at"), hint=_("SMSMessage.Sid, or words around {id}."), most=200)
    report_check = Choice(
        _("Reports are known by"),
        options=[("token", _("the secret address")), ("twilio", _("Twilio's signature"))],
    )
    report_fields = Lines(
        _("Names of its fields"),
        rows=5,
        hint=_("id, ref, status, code of a report; message, from, text of an incoming text."),
        most=LONGEST_TEMPLATE,
    )
    report_states = Lines(
        _("What its words mean"),
        rows=5,
        hint=_("Each is queued, sent, delivered or failed."),
        most=LONGEST_TEMPLATE,
    )

    def __init__(self, found: SmsGateway | None, preset: str, data: QueryDict | None) -> None:
        super().__init__(data)
        self.found = found
        if found and found.secret:
            self.hints["secret"] = _KEPT
        if preset in PRESETS:
            self.begin_with(**PRESETS[preset].values, preset=preset, active=True)
            self.begin_as(found, *PLAIN, "per_minute")
        else:
            self.begin_as(found, *self.kept)
        self.begin_with(per_minute=60)

    @property
    def kept(self) -> list[str]:
        """The fields that stand in the gateway's row as they are typed."""
        return [name for name in self.fields if name != "secret"]

    def clean(self) -> None:
        typed, found = self.cleaned_data, self.found
        texts = [typed.get(name, "") for name in ("url", "headers", "body")]
        if unknown := unknown_placeholders(*texts):
            name = {"name": unknown[0]}
            self.add_error("body", _("Nothing is known by the name {%(name)s}.") % name)
        goes = found and secret_goes({name: getattr(found, name) for name in FIELDS})
        if found and found.secret and goes != secret_goes(typed) and not typed.get("secret"):
            self.add_error("secret", _ELSEWHERE)

    def save(self, desk: HelpDesk) -> None:
        row = self.found or SmsGateway(desk=desk, report_token=secrets.token_urlsafe(24))
        self.put_into(row, *self.kept)
        if self("secret"):
            row.secret = sealed(self("secret"))
        row.changed_at, row.trouble = timezone.now(), ""
        row.save()
        send_waiting(desk, at=row.changed_at)


@never_cache
@for_agents
def gateway(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Shows the gateway, or a preset to begin with; takes in what was changed. Owners only."""
    only_who_may(agent, "connect gateways")
    found = SmsGateway.objects.filter(desk=agent.desk_id).first()
    form = GatewayForm(found, request.GET.get("preset", ""), sent(request))
    if not form.is_valid():
        return _page(request, agent, form)
    form.save(agent.desk)
    messages.success(request, _("Saved. Send a test text to see whether it works."))
    return HttpResponseRedirect(reverse("console-text-gateway"))


class Tried(Pressed):
    """Which of the book's texts is tried, and at which number."""

    template, number = Whole("", ""), Sent()


@require_POST
@for_agents
def test_text(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Sends one of the book's texts, with sample values, to a number. Owners only."""
    only_who_may(agent, "connect gateways")
    desk, at = desk_in_force(agent.desk), timezone.now()
    offered = _templates(agent)
    form = Tried(request)
    number = normal_identifier("sms", form("number"), region=region_of(desk.zone))
    try:
        if form("template") not in range(len(offered)):
            raise NoText(str(_("Choose one of the book's texts.")))
        template = offered[form("template")]
        key = f"test {client_key(request) or f'{agent.pk} {at:%Y%m%dT%H%M%S.%f}'}"
        queue_text(
            agent.desk,
            NewText(key, number, template.purpose, _sample(agent), template.language),
            at=at,
        )
    except NoText as refused:
        messages.error(request, str(refused))
    else:
        said = _("On its way to %(number)s: what becomes of it stands under Texts.")
        messages.success(request, said % {"number": number})
    return HttpResponseRedirect(reverse("console-text-gateway"))


def _page(request: HttpRequest, agent: Agent, form: GatewayForm) -> HttpResponse:
    if found := form.found:
        found.desk = agent.desk
    wordings = _wordings(agent)
    return screen(
        request,
        agent,
        "texts/gateway.html",
        status=form.status,
        current="settings",
        form=form,
        preset=form.shown("preset"),
        reports=report_address(found) if found else "",
        placeholders=" ".join(f"{{{name}}}" for name in PLACEHOLDERS),
        wordings=wordings,
        test_choices=[(str(w.at), f"{w.purpose}, {w.language}") for w in wordings if not w.problem],
    )


def _templates(agent: Agent) -> list[Template]:
    return [
        template for template in desk_in_force(agent.desk).templates if template.channel == "sms"
    ]


def _wordings(agent: Agent) -> list[Wording]:
    """The book's texts with sample values, counted; one that asks for what is never known
    says so.
    """
    return [_wording(agent, at, template) for at, template in enumerate(_templates(agent))]


def _wording(agent: Agent, at: int, template: Template) -> Wording:
    try:
        text = worded(template, _sample(agent))
    except NoText as refused:
        return Wording(
            at,
            template.purpose,
            template.language,
            template.registered,
            template.text,
            0,
            "",
            str(refused),
        )
    parts = parts_of(text)
    alphabet = "Unicode" if parts.unicode else "GSM-7"
    return Wording(
        at, template.purpose, template.language, template.registered, text, parts.count, alphabet
    )


def _sample(agent: Agent) -> Mapping[str, str]:
    return {**SAMPLE, "ticket": f"{agent.desk.prefix}-12", "desk": agent.desk.title}
