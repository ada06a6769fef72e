"""All that can be set at a desk, on one screen: a line for each, with what it is for. Whoever looks
finds what they may set, or read.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deskbook.people.access import may
from deskbook.people.models import Agent
from deskbook.web.console.shared.frame import Frame, frame_for, screen
from deskbook.web.shared.connected import OnTheWeb, Words, on_the_web
from deskbook.web.shared.entering import for_agents


@dataclass(frozen=True, slots=True)
class Setting:
    title: Words
    means: Words
    address: str
    """Name of the address of its screen."""
    icon: str = "link"


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    settings: tuple[Setting, ...]


@require_safe
@for_agents
def all_settings(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Shows what there is to set, in groups; a group of nothing is left out."""
    frame = frame_for(agent, "settings")
    connected = [one for one in on_the_web() if one.settings and may(agent, "connect gateways")]
    groups = (
        Group(_("The desk"), tuple(_of_the_desk(agent))),
        Group(_("Channels"), tuple(_channels(connected, frame))),
        Group(_("Programs and other tools"), tuple(_programs(agent, connected, frame))),
        Group(_("Your own"), tuple(_own())),
    )
    return screen(
        request,
        agent,
        "settings.html",
        frame=frame,
        groups=[group for group in groups if group.settings],
    )


def _of_the_desk(agent: Agent) -> Iterable[Setting]:
    says = _("Teams, hours, promises, stages and words: the procedure this desk runs from.")
    yield Setting(_("The book"), says, "console-book", "book")
    if may(agent, "manage people"):
        says = _("Who works here and as what; contacts, organisations, places; lists in and out.")
        yield Setting(_("People"), says, "console-people", "team")
        says = _("What a screen on a wall shows, and by which link.")
        yield Setting(_("Wallboards"), says, "console-wallboards", "chart")
    says = _("Written once, and put into an answer by a few letters.")
    yield Setting(_("Ready answers"), says, "console-ready-answers", "answer")
    says = _("How long things are kept, what is under a legal hold, and what was erased.")
    yield Setting(_("Kept and erased"), says, "console-erased", "lock")


def _channels(connected: Iterable[OnTheWeb], frame: Frame) -> Iterable[Setting]:
    yield from (_connection(one) for one in connected if one.word)
    if frame.has_texts:
        yield Setting(
            _("Texts"), _("What was texted lately, and what came of it."), "console-texts", "phone"
        )


def _programs(agent: Agent, connected: Iterable[OnTheWeb], frame: Frame) -> Iterable[Setting]:
    says = _("Programs of your own that read and do what you may: each by a token with an end.")
    yield Setting(_("API tokens"), says, "console-tokens", "lock")
    yield from (_connection(one) for one in connected if not one.word)
    if frame.has_bridges:
        says = _("Whether what is mirrored elsewhere is heard of, and how much of it there is.")
        yield Setting(_("Bridges"), says, "console-bridges", "merge")
    if may(agent, "move in"):
        says = _(
            "What the desk had in another system: its tickets, messages and people come along,"
            " and nobody is told."
        )
        yield Setting(_("Moving in"), says, "console-moves", "inbox")


def _connection(one: OnTheWeb) -> Setting:
    return Setting(one.title, one.means, one.settings, one.icon)


def _own() -> Iterable[Setting]:
    yield Setting(
        _("For you"), _("How you are told of what concerns you."), "console-for-you", "bell"
    )
    says = _("How you sign in, passkeys, and where you are signed in now.")
    yield Setting(_("Security"), says, "security", "lock")
