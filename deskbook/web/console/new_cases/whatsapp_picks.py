"""The messages somebody picked from a chat, one form for each person who wrote them: logged in one
go.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from deskbook.channels.whatsapp.capture import (
    Pick,
    capture,
    captured,
    make_reporter,
    open_cases,
    remember,
    reporter_by_sender,
)
from deskbook.channels.whatsapp.models import ChatExport, ChatLine
from deskbook.engine.addresses import ADDRESS
from deskbook.engine.desk import Desk
from deskbook.engine.quoting import short
from deskbook.people.access import of_desk, visible_to_agent
from deskbook.people.books import desk_in_force
from deskbook.people.merging import person
from deskbook.people.models import Agent, Contact, Place
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.models import Ticket
from deskbook.web.acts.whom import requester_typed
from deskbook.web.console.new_cases.new_ticket import Choice, choices_of
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.suggestions import options
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import NotUnderstood
from deskbook.web.shared.forms import asked

MOST_PICKED = 40


@dataclass(frozen=True, slots=True)
class Report:
    """Messages of one sender, as a form."""

    prefix: str
    lines: Sequence[ChatLine]
    sender: str
    reporter: str
    """What the field holds: the contact's name or number, else the sender as the chat names them.
    """
    known: bool
    cases: Sequence[Ticket]
    values: Mapping[str, str] = field(default_factory=lambda: defaultdict(str))
    errors: Mapping[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    refusal: str = ""

    @property
    def cases_shown(self) -> list[tuple[str, str]]:
        """Returns id and words of each case these may belong to."""
        return [(str(case.pk), f"{case} {case.subject}") for case in self.cases]


@require_http_methods(["GET", "POST"])
@for_agents
def picks(request: HttpRequest, agent: Agent, chat: int) -> HttpResponse:
    """The forms, or the cases logged from them; what cannot be logged comes back as it was typed,
    and nothing is.
    """
    export = of_desk(agent, ChatExport.objects.select_related("desk"), chat)
    given = asked(request)
    lines = _picked(export, given.getlist("line"))
    back = HttpResponseRedirect(reverse("console-export", args=[export.pk]))
    known = captured(agent.desk, lines)
    fresh = [line for line in lines if line.mark not in known]
    if not fresh:
        said = _("These are logged already.") if lines else _("Tick the messages to log first.")
        messages.info(request, said)
        return back
    reports = list(_reports(agent, fresh))
    if request.method == "GET":
        return _form(request, agent, export, reports)
    again, done = _logged(request, agent, export, reports)
    if again:
        return _form(request, agent, export, again, status=422)
    messages.success(request, _("Logged: %(tickets)s.") % {"tickets": ", ".join(map(str, done))})
    return HttpResponseRedirect(f"{back.url}?after={max(0, fresh[0].number - 6)}")


def _logged(
    request: HttpRequest, agent: Agent, export: ChatExport, reports: Sequence[Report]
) -> tuple[list[Report], list[Ticket]]:
    """Logs all reports or, when one cannot be, none; returns the forms to show again, and the
    cases.
    """
    again, done = [], []
    try:
        with transaction.atomic():
            for report in reports:
                typed = _typed(request, report)
                try:
                    done.append(_log(agent, export, typed))
                except NotUnderstood as problem:
                    typed = _with(typed, errors=problem.errors)
                except Refused as refused:
                    typed = _with(typed, refusal=in_words(refused))
                again.append(typed)
            if any(report.errors or report.refusal for report in again):
                raise NotUnderstood(report="one of them cannot be logged")
    except NotUnderstood:
        return again, []
    return [], list(dict.fromkeys(done))


def _log(agent: Agent, export: ChatExport, report: Report) -> Ticket:
    desk, values = desk_in_force(agent.desk), report.values
    reporter = _reporter(agent, report)
    remember(agent.desk, report.sender, reporter)
    told = [
        (one.title, values["place" if one.key == "place" else f"field.{one.key}"].strip())
        for one in desk.fields
    ]
    facets = {key: values[f"facet.{key}"] for key in desk.facets if values[f"facet.{key}"]}
    if place := _place(agent, values["place"], free=any(one.key == "place" for one in desk.fields)):
        facets.setdefault("place", place)
    pick = Pick(
        report.lines,
        reporter,
        _case(agent, values["case"]),
        values["subject"].strip(),
        "\n".join(f"{title}: {text}" for title, text in told if text),
        values["severity"] or None,
        facets,
    )
    return capture(export, pick, at=timezone.now(), by=agent)


def _reporter(agent: Agent, report: Report) -> Contact:
    """Who is meant: the sender as the chat names them unless somebody else was typed."""
    text, name = report.values["reporter"].strip(), report.values["name"].strip()
    if not text:
        raise NotUnderstood(reporter=_("Say who reports it: a name, an address or a number."))
    known = reporter_by_sender(agent.desk, report.sender)
    if text == report.sender or (known and text == str(known)):
        found = known or make_reporter(agent.desk, report.sender)
        if name and found.name.startswith("+"):
            found.name = name[:200]
            found.save(update_fields=["name"])
        return found
    try:
        return person(requester_typed(agent, text, name))
    except NotUnderstood:
        if ADDRESS.search(text) or any(character.isdigit() for character in text):
            raise
        return make_reporter(agent.desk, text[:200])


def _case(agent: Agent, text: str) -> Ticket | None:
    if not text:
        return None
    number = int(text) if text.isdecimal() and len(text) < 18 else 0
    found = visible_to_agent(agent, Ticket.objects.filter(pk=number))
    ticket = found.select_related("desk", "requester").first()
    if ticket is None:
        raise NotUnderstood(case=_("Choose one of the answers."))
    return ticket


def _place(agent: Agent, text: str, *, free: bool) -> str:
    """The code of the place typed; empty when the desk keeps none of that name and the book takes
    any words.
    """
    text = text.strip()
    places = Place.objects.filter(desk=agent.desk_id)
    if not text or (not free and not places.exists()):
        return ""
    found = list(places.filter(code__iexact=text)[:1]) or list(places.filter(name__iexact=text)[:2])
    if len(found) != 1 and free:
        return ""
    if len(found) != 1:
        sentence = _("There is no single place “%(text)s”: choose one while typing.")
        raise NotUnderstood(place=sentence % {"text": short(text)})
    return found[0].code


def _reports(agent: Agent, lines: Sequence[ChatLine]) -> Iterator[Report]:
    by_sender: dict[str, list[ChatLine]] = defaultdict(list)
    for line in lines:
        by_sender[line.sender].append(line)
    for number, (sender, said) in enumerate(by_sender.items()):
        known = reporter_by_sender(agent.desk, sender)
        yield Report(
            f"r{number}.",
            said,
            sender,
            str(known) if known else sender,
            bool(known),
            open_cases(known, agent),
        )


def _typed(request: HttpRequest, report: Report) -> Report:
    given = {
        name.removeprefix(report.prefix): str(value)
        for name, value in request.POST.items()
        if name.startswith(report.prefix)
    }
    return _with(report, values=defaultdict(str, given))


def _with(report: Report, **more: object) -> Report:
    # The fields are named where this is called.
    return replace(report, **more)  # type: ignore[arg-type]


def _picked(export: ChatExport, numbers: Sequence[str]) -> list[ChatLine]:
    asked = [
        int(text)
        for text in numbers[:MOST_PICKED]
        if text.isascii() and text.isdecimal() and len(text) < 9
    ]
    return list(
        ChatLine.objects.filter(export=export, number__in=asked)
        .exclude(sender="")
        .order_by("number")
    )


def _place_asked(agent: Agent, desk: Desk) -> str:
    """What the book calls the place; empty when it asks for none and the desk keeps no places."""
    titled = next((one.title for one in desk.fields if one.key == "place"), "")
    return titled or (_("Place") if Place.objects.filter(desk=agent.desk_id).exists() else "")


@require_safe
@for_agents
def places(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Places of the desk's directory whose name or code begins so, found while typing."""
    words = request.GET.get("q", "").strip()
    rows = Place.objects.filter(
        Q(name__icontains=words) | Q(code__istartswith=words), desk=agent.desk_id
    )
    found = rows.order_by("name", "code")[:8] if words else ()
    return options(
        (place.name, place.name, f"{place.kind} {place.within}".strip()) for place in found
    )


def _form(
    request: HttpRequest,
    agent: Agent,
    export: ChatExport,
    reports: Sequence[Report],
    status: int = 200,
) -> HttpResponse:
    desk = desk_in_force(agent.desk)
    choices: list[Choice] = [choice for choice in choices_of(desk) if choice.name != "channel"]
    return screen(
        request,
        agent,
        "whatsapp/picks.html",
        current="whatsapp",
        status=status,
        export=export,
        reports=reports,
        choices=choices,
        fields=[one for one in desk.fields if one.key != "place"],
        place=_place_asked(agent, desk),
    )
