"""What the desk had in another system: given as a file, looked through, and taken in; owners of the
book do that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from procrastinate.contrib.django import app

from deskbook.engine.desk import Desk
from deskbook.moving.left_out import as_rows
from deskbook.moving.models import Move
from deskbook.moving.parts import MovingRefused
from deskbook.moving.sources import SOURCES
from deskbook.moving.words import small, titled
from deskbook.people.access import of_desk, only_who_may
from deskbook.people.books import desk_in_force
from deskbook.people.lists.sheets import MOST_BYTES
from deskbook.people.models import Agent
from deskbook.people.refusals import in_words
from deskbook.web.console.shared.frame import screen, watched
from deskbook.web.shared.downloads import csv_download
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Sent
from deskbook.web.shared.forms import Pressed
from deskbook.web.told import facet_title, severity_word
from deskbook.web.uploads import OF_AGENTS, too_much_today

SHOWN = 50
MOST_WORDS = 300
"""Words that are asked for on one page; a map at a terminal has room for more."""


class Given(Pressed):
    """Which system the file is of."""

    source = Sent()


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the other system, and what it may become."""

    name: str
    """Of its field."""
    part: str
    called: str
    """The part of the book, as its reader calls it."""
    word: str
    count: int
    becomes: str | None
    choices: list[tuple[str, str]]


@for_agents
def moves(request: HttpRequest, agent: Agent) -> HttpResponse:
    """A file to give, and what was brought before."""
    only_who_may(agent, "move in")
    source, error = Given(request)("source") or "freshdesk", ""
    if request.method == "POST":
        try:
            return _given(request, agent, source)
        except MovingRefused as refused:
            error = in_words(refused)
    brought = Move.objects.filter(desk=agent.desk_id).defer("data").order_by("-begun_at")
    return screen(
        request,
        agent,
        "moving_in.html",
        current="settings",
        status=422 if error else 200,
        error=error,
        source=source,
        sources=SOURCES,
        brought=brought[:20],
    )


@require_safe
@for_agents
def move(request: HttpRequest, agent: Agent, move: int) -> HttpResponse:
    """How far it is; what would come, and as what; what came and what did not."""
    only_who_may(agent, "move in")
    found = _move(agent, move)
    return watched(
        request,
        agent,
        "move.html",
        "_move.html",
        current="settings",
        busy=found.is_busy,
        move=found,
        source=SOURCES[found.source],
        done=_done(found),
        of=found.found.get("tickets", 0),
        steps=_steps(found),
        left=_left(found, timezone.now()),
        words=list(_words(found, desk_in_force(found.desk))),
        left_out=found.left_out.order_by("pk")[:SHOWN],
        not_moved=found.left_out.count(),
    )


@require_POST
@for_agents
def coming(request: HttpRequest, agent: Agent, move: int) -> HttpResponse:
    """Takes it in as its words were said to become; a worker does it."""
    only_who_may(agent, "move in")
    found = _move(agent, move)
    said = dict[str, dict[str, str]]()
    for word in _words(found, desk_in_force(found.desk)):
        meant = request.POST.get(word.name, "")
        known = {key for key, _title in word.choices}
        said.setdefault(word.part, {})[small(word.word)] = meant if meant in known else ""
    with transaction.atomic():
        ready = Move.objects.filter(pk=found.pk, state=Move.State.READ)
        if ready.update(state=Move.State.WRITING, words=said, writing_since_at=timezone.now()):
            app.configure_task("take_move_in", queue="moves", lock="moves").defer(move_id=found.pk)
    return HttpResponseRedirect(reverse("console-move", args=[found.pk]))


@require_safe
@for_agents
def left_out(request: HttpRequest, agent: Agent, move: int) -> FileResponse:
    """What did not come along, and why, as a file."""
    only_who_may(agent, "move in")
    return csv_download(
        "left-out.csv",
        [_("ticket"), _("place"), _("why"), _("what")],
        as_rows(_move(agent, move)),
    )


def _given(request: HttpRequest, agent: Agent, source: str) -> HttpResponse:
    file = request.FILES.get("file")
    if source not in SOURCES:
        raise MovingRefused("moving: source")
    if not isinstance(file, UploadedFile):
        raise MovingRefused("file: none")
    if (file.size or 0) > MOST_BYTES:
        raise MovingRefused("moving: large")
    if too_much := too_much_today([file], agent.user, OF_AGENTS):
        raise MovingRefused(too_much)
    with transaction.atomic():
        stored = Move.objects.create(
            desk=agent.desk,
            by=agent,
            source=source,
            name=(file.name or source)[:200],
            data=file.read(),
            begun_at=timezone.now(),
        )
        app.configure_task("look_at_move", queue="moves", lock="moves").defer(move_id=stored.pk)
    return HttpResponseRedirect(reverse("console-move", args=[stored.pk]))


def _move(agent: Agent, number: int) -> Move:
    return of_desk(agent, Move.objects.defer("data").select_related("desk", "by__user"), number)


def _words(found: Move, desk: Desk) -> Iterator[Word]:
    for number, (part, word, count, becomes) in enumerate(found.met[:MOST_WORDS]):
        called = part_title(desk, part)
        yield Word(f"word-{number}", part, called, word, count, becomes, titled(desk, part))


def _done(found: Move) -> int:
    return found.came + found.came_before + found.articles


def _steps(found: Move) -> int:
    """How much is to be taken in: tickets, then articles."""
    return int(found.found.get("tickets", 0)) + int(found.found.get("articles", 0))


def _left(found: Move, now: datetime) -> timedelta | None:
    """How long it takes still, as it went until now; None while nobody can tell."""
    done, of = _done(found), _steps(found)
    if found.writing_since_at is None or not done:
        return None
    return (now - found.writing_since_at) / done * max(of - done, 0)


def part_title(desk: Desk, part: str) -> str:
    """Returns what a part of the book is called for its reader."""
    if part in desk.facets:
        return facet_title(desk.facets[part])
    return {"stage": _("Stage"), "team": _("Team"), "severity": severity_word(desk)}[part]
