"""From one version of the book to the next: what it changes, what it does to open tickets, and
putting it into force once somebody has seen that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from procrastinate.contrib.django import app

from deskbook.engine.desk import Desk
from deskbook.engine.keeping import Keep
from deskbook.engine.renaming import Renaming
from deskbook.jobs.told_times import Moved, told_otherwise
from deskbook.people.access import only_who_may
from deskbook.people.books import BookRefused, ChangedMeanwhile, apply_book, read_book
from deskbook.people.models import Agent
from deskbook.tickets.carrying_over import (
    DueTimeMove,
    Left,
    due_times_moved,
    left_without,
    titles_of,
)
from deskbook.tickets.erasing import erased_anew
from deskbook.tickets.mapping import Mapped, MappingRefused, read_mapping
from deskbook.tickets.models import Ticket
from deskbook.web.console.book.aside import Stopped, asked
from deskbook.web.console.book.editing import Shown, between, editor, kept
from deskbook.web.console.book.writing import (
    Draft,
    Typed,
    findings_in,
    forget,
    has_errors,
    place_of,
    text_at,
)
from deskbook.web.console.shared.compared import compared
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.rows import clock_title
from deskbook.web.policy.keeping import kept_words
from deskbook.web.shared.entering import for_agents

MOST_READ = 2_000
"""Of so many open tickets, those due first, it is worked out what would move."""
MOST_SHOWN = 100
BECOMES = "becomes "
"""How the names of fields begin that say what something becomes that the new book drops."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a new book does to open tickets."""

    moves: Sequence[DueTimeMove]
    told: Sequence[tuple[Ticket, Moved]]
    left: Sequence[Left]
    erased: Sequence[tuple[Keep, int]]
    """Line of `keep` → how many closed cases it would erase tonight."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be done with a text: who asked, what it describes, what was chosen."""

    draft: Draft
    new: Desk
    becomes: Mapping[str, str]
    """"stage parked" → the key it becomes."""
    follow: bool
    """Open tickets follow it."""
    may_erase: bool
    """What it keeps no longer may be erased tonight."""


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def book_change(request: HttpRequest, agent: Agent) -> HttpResponse:
    """What a text, or an older `version`, would change. Nothing is changed by it."""
    only_who_may(agent, "apply book")
    if request.method != "POST":
        return HttpResponseRedirect(reverse("console-book-edit"))
    given = Typed(request)
    if given("version"):
        newest = agent.desk.book_version
        return _looked_at(request, agent, Draft(text_at(agent, given("version")), newest))
    return _looked_at(request, agent, kept(agent, given.draft()))


@require_POST
@for_agents
def book_applying(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Puts a text into force that was looked at; its writer goes on from where they were if it
    cannot be.
    """
    only_who_may(agent, "apply book")
    draft, at = Typed(request).draft(), timezone.now()
    try:
        new = read_book(agent.desk.key, draft.text) if _is_sound(agent, draft) else None
    except (BookRefused, Stopped):
        new = None
    if new is None:
        return _looked_at(request, agent, draft)
    may_erase, follow = (bool(request.POST.get(name)) for name in ("erase", "follow"))
    what = Asked(draft, new, _becomes(request), follow, may_erase)
    try:
        return _apply(request, agent, what, at=at)
    except MappingRefused as refused:
        return _looked_at(request, agent, draft, refusal=str(refused))
    except ChangedMeanwhile as first:
        return between(request, agent, draft, first.theirs)


def _is_sound(agent: Agent, draft: Draft) -> bool:
    return not has_errors(findings_in(agent, draft.text))


def _becomes(request: HttpRequest) -> dict[str, str]:
    given = request.POST.items()
    return {
        name.removeprefix(BECOMES): str(key)
        for name, key in given
        if name.startswith(BECOMES) and key
    }


def _apply(request: HttpRequest, agent: Agent, what: Asked, *, at: datetime) -> HttpResponse:
    if not what.may_erase and erased_anew(agent.desk, what.new, at=at):
        raise MappingRefused(_("Say below that what is kept no longer may be erased tonight."))
    renaming = _renaming(agent, what) if what.follow else None
    with transaction.atomic():
        key, text = agent.desk.key, what.draft.text
        desk = apply_book(key, text, at=at, by=agent.user, after=what.draft.base)
        if renaming is not None:
            app.configure_task("follow_book", queue="reactions").defer(
                desk_id=desk.pk,
                version=desk.book_version,
                agent_id=agent.pk,
                renaming=asdict(renaming),
            )
        forget(agent)
    messages.success(
        request, _("Version %(number)s of the book is in force.") % {"number": desk.book_version}
    )
    answer = HttpResponseRedirect(reverse("console-book"))
    accepted = place_of(agent).replace(" ", "%20")
    answer.set_cookie("accepted", accepted, max_age=60, samesite="Lax")
    return answer


def _renaming(agent: Agent, what: Asked) -> Renaming:
    """Raises MappingRefused while anything is left unsaid that open tickets have."""
    left = left_without(agent.desk, what.new, stages=True)
    mapped: Mapped = read_mapping((f"{a}={b}" for a, b in what.becomes.items()), left, what.new)
    if mapped.open:
        unsaid = ", ".join(f"{one.what} {one.title}" for one in mapped.open)
        raise MappingRefused(
            _("Say below what becomes of what open tickets have: %(what)s.") % {"what": unsaid}
        )
    return mapped.renaming


def _looked_at(
    request: HttpRequest, agent: Agent, draft: Draft, *, refusal: str = ""
) -> HttpResponse:
    try:
        found = findings_in(agent, draft.text)
        if has_errors(found):
            why = _("A book with errors is not put into force. Mend them first.")
            return editor(request, agent, Shown(draft, found, why), status=422)
        in_force = text_at(agent, agent.desk.book_version)
        files = {"old.yaml": in_force, "new.yaml": draft.text}
        told = asked("compare", files, "old.yaml", "new.yaml")[0]
    except Stopped as stopped:
        return editor(request, agent, Shown(draft, refusal=str(stopped)), status=422)
    new = read_book(agent.desk.key, draft.text)
    outlook = _outlook(agent, new, at=timezone.now())
    return screen(
        request,
        agent,
        "book/change.html",
        current="settings",
        status=409 if refusal else 200,
        refusal=refusal,
        draft=draft,
        number=agent.desk.book_version + 1,
        is_same=draft.text == in_force,
        warnings=found,
        told=told,
        lines=[line for line in compared(in_force, draft.text) if line.sign],
        outlook=outlook,
        clock_title=clock_title,
        most_shown=MOST_SHOWN,
        most_read=MOST_READ,
        titles=titles_of(new),
        becomes=BECOMES,
        kept_words=kept_words(),
        chosen=_becomes(request),
        follow=bool(request.POST.get("follow")),
    )


def _outlook(agent: Agent, new: Desk, *, at: datetime) -> Outlook:
    moves = list(due_times_moved(agent.desk, new, at=at, most=MOST_READ))
    told = list(told_otherwise(islice(moves, MOST_SHOWN), new, at=at))
    left = left_without(agent.desk, new, stages=True)
    return Outlook(moves, told, left, erased_anew(agent.desk, new, at=at))
