"""The desk's SMS gateway, for owners of the book: presets, secrets that are typed in and never
shown, a test text.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
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
from deskbook.channels.sms.writing import Wanted, queue_text, worded
from deskbook.engine.channels import Template
from deskbook.people.access import only_who_may
from deskbook.people.books import desk_in_force
from deskbook.people.contacts import normal_identifier
from deskbook.people.lists.reading import region_of
from deskbook.people.mobiles import NoText
from deskbook.people.models import Agent
from deskbook.people.outward import wrong_address
from deskbook.people.sealing import sealed
from deskbook.people.text_parts import parts_of
from deskbook.web.acts.act import client_key
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.typed import Typed, typed
from deskbook.web.shared.seat import for_agents

PLAIN = ("sender", "entity", "account", "login")
MOST_A_MINUTE = 6_000
LONGEST_TEMPLATE = 4_000
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


@never_cache
@for_agents
def gateway(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Shows the gateway, or a preset to begin with; takes in what was changed. Owners only."""
    only_who_may(agent, "connect gateways")
    found = SmsGateway.objects.filter(desk=agent.desk_id).first()
    if request.method != "POST":
        return _page(
            request, agent, found, Typed(values=_shown(found, request.GET.get("preset", "")))
        )
    errors = _wrong(request, found)
    if errors:
        return _page(request, agent, found, typed(request, "gateway", errors=errors), status=422)
    _save(request, agent, found)
    messages.success(request, _("Saved. Send a test text to see whether it works."))
    return HttpResponseRedirect(reverse("console-text-gateway"))


@require_POST
@for_agents
def test_text(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Sends one of the book's texts, with sample values, to a number. Owners only."""
    only_who_may(agent, "connect gateways")
    desk, at = desk_in_force(agent.desk), timezone.now()
    offered = _templates(agent)
    chosen = request.POST.get("template", "")
    template = (
        offered[int(chosen)]
        if chosen.isdecimal() and len(chosen) < 9 and int(chosen) < len(offered)
        else None
    )
    number = normal_identifier("sms", request.POST.get("number", ""), region=region_of(desk.zone))
    try:
        if template is None:
            raise NoText(_("Choose one of the book's texts."))
        key = f"test {client_key(request) or f'{agent.pk} {at:%Y%m%dT%H%M%S.%f}'}"
        queue_text(
            agent.desk,
            Wanted(key, number, template.purpose, _sample(agent), template.language),
            at=at,
        )
    except NoText as refused:
        messages.error(request, str(refused))
    else:
        said = _("On its way to %(number)s: what becomes of it stands under Texts.")
        messages.success(request, said % {"number": number})
    return HttpResponseRedirect(reverse("console-text-gateway"))


def _page(
    request: HttpRequest, agent: Agent, found: SmsGateway | None, again: Typed, status: int = 200
) -> HttpResponse:
    preset = again.values.get("preset", "")
    if found:
        found.desk = agent.desk
    return screen(
        request,
        agent,
        "texts/gateway.html",
        status=status,
        current="texts",
        gateway=found,
        again=again,
        values=again.values,
        presets=[(key, preset.title) for key, preset in PRESETS.items()],
        preset=preset,
        has_secret=bool(found and found.secret),
        reports=report_address(found) if found else "",
        placeholders=" ".join(f"{{{name}}}" for name in PLACEHOLDERS),
        wordings=(wordings := _wordings(agent)),
        test_choices=[(str(w.at), f"{w.purpose}, {w.language}") for w in wordings if not w.problem],
    )


def _shown(found: SmsGateway | None, preset: str) -> dict[str, str]:
    """What the form begins with: the gateway's own fields, or a preset's; never the secret."""
    if found and not preset:
        kept = {
            name: str(getattr(found, name)) for name in (*FIELDS, *PLAIN, "preset", "per_minute")
        }
        return {**kept, "active": "1" if found.active else ""}
    chosen = preset if preset in PRESETS else ""
    own = {name: str(getattr(found, name)) for name in PLAIN} if found else {}
    begun = PRESETS[chosen].values if chosen else {}
    return {
        **own,
        **begun,
        "preset": chosen,
        "active": "1",
        "per_minute": str(found.per_minute if found else 60),
    }


def _wrong(request: HttpRequest, found: SmsGateway | None) -> dict[str, list[str]]:
    given = request.POST
    errors: dict[str, list[str]] = {}
    address = wrong_address(given.get("url", "").replace("{", "").replace("}", ""))
    if address:
        errors["url"] = [address]
    unknown = unknown_placeholders(
        given.get("url", ""), given.get("headers", ""), given.get("body", "")
    )
    if unknown:
        errors["body"] = [_("Nothing is known by the name {%(name)s}.") % {"name": unknown[0]}]
    minute = given.get("per_minute", "")
    if not minute.isdecimal() or len(minute) > 9 or not 1 <= int(minute) <= MOST_A_MINUTE:
        errors["per_minute"] = [_("A whole number from 1 to %(most)s.") % {"most": MOST_A_MINUTE}]
    moved = found and found.secret and secret_goes(_shown(found, "")) != secret_goes(given)
    if moved and not given.get("secret"):
        errors["secret"] = [
            _("It would go elsewhere than before: type the secret in again, so that it is meant.")
        ]
    return {**errors, **_outside_choices(given)}


def _outside_choices(given: Mapping[str, str]) -> dict[str, list[str]]:
    choices = {
        "preset": tuple(PRESETS),
        "method": ("GET", "POST"),
        "body_kind": tuple(SmsGateway.Body.values),
        "report_check": tuple(SmsGateway.Check.values),
    }
    return {
        name: [_("Choose one of the answers.")]
        for name, known in choices.items()
        if given.get(name) not in known
    }


def _save(request: HttpRequest, agent: Agent, found: SmsGateway | None) -> None:
    given = request.POST
    row = found or SmsGateway(desk=agent.desk, report_token=secrets.token_urlsafe(24))
    for name in (*FIELDS, *PLAIN, "preset"):
        limit = getattr(SmsGateway._meta.get_field(name), "max_length", None) or LONGEST_TEMPLATE
        setattr(
            row, name, given.get(name, "").replace("\r\n", "\n").replace("\x00", "").strip()[:limit]
        )
    row.per_minute, row.active = int(given["per_minute"]), "active" in given
    if given.get("secret"):
        row.secret = sealed(given["secret"].strip())
    row.changed_at, row.trouble = timezone.now(), ""
    row.save()
    send_waiting(agent.desk, at=row.changed_at)


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
