"""What stands around every console screen: the queues with their counts, who is looking, the
keys.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from deskbook.channels.all import sorts_of_left_over
from deskbook.channels.email.connecting import ends_for
from deskbook.channels.email.models import MailTrouble
from deskbook.channels.email.trouble import present_trouble
from deskbook.delivery.left_over import count_of
from deskbook.people import access
from deskbook.people.access import may
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.people.words import Words
from deskbook.tickets import queues
from deskbook.tickets.freezes import freezes_on
from deskbook.tickets.saved_searches import LISTED
from deskbook.web.acts.registry import ACTS
from deskbook.web.drawn import macro
from deskbook.web.shared.staff_number import known_by


@dataclass(frozen=True, slots=True)
class Queue:
    """One list of the rail."""

    key: str
    title: str
    icon: str
    go: str
    """Second key after g."""
    count: int = 0
    late: bool = False
    empty: str = ""
    empty_more: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """A search somebody keeps."""

    id: int
    name: str
    words: str
    is_own: bool
    count: str = ""
    """How many tickets it finds, where it was counted."""


@dataclass(frozen=True, slots=True)
class Banner:
    """A freeze that is on."""

    title: str
    until_at: datetime
    held: int


@dataclass(frozen=True, slots=True)
class Frame:
    desk: str
    desk_key: str
    known_by: str
    """By what people are looked for, as an empty field says it."""
    queues: tuple[Queue, ...]
    saved: Sequence[Saved]
    current: str
    other_desks: tuple[tuple[str, str], ...]
    """Key and title of the other desks the viewer works at."""
    viewer: str
    viewer_id: int
    left_over: int
    newest: int
    """Id of the newest log entry: the stream tells what came after it."""
    dialogs: SafeString
    for_you: SafeString
    foot: SafeString
    unread: int = 0
    """How much concerns the viewer and is not read."""
    freezes: tuple[Banner, ...] = ()
    has_freezes: bool = False
    has_visits: bool = False
    """The book sends people to sites."""
    walk_in: bool = False
    """Visitors take tokens at a site of the desk."""
    has_whatsapp: bool = False
    """The book has the channel: groups are captured here."""
    leads: bool = False
    """The viewer may manage people and lists."""
    chats: int | None = None
    """How many wait for a chat; None at a desk that has none."""
    has_texts: bool = False
    """The book has texts to phones, or the viewer makes a gateway."""
    mail_trouble: MailTrouble | None = None
    """The mail server takes nothing."""
    mailbox_ends: bool = False
    """The provider of a mailbox lets the desk in no more, or not for long; owners see it."""
    has_bridges: bool = False
    """There is one, or the viewer makes one."""


def screen(
    request: HttpRequest,
    agent: Agent,
    template: str,
    *,
    current: str = "",
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Returns a console page in its frame; of a ticket's, `last_seen` is the seq it shows."""
    context["frame"] = context.get("frame") or frame_for(agent, current)
    return part(request, agent, template, status=status, **context)


def watched(
    request: HttpRequest, agent: Agent, page: str, progress: str, *, busy: bool, **context: Any
) -> HttpResponse:
    """Returns a page of what a worker does; while it does, htmx asks for its `progress` alone, and
    afterwards for the whole page once, with its buttons.
    """
    asked = request.headers.get("HX-Request") and not request.headers.get("HX-Boosted")
    response = screen(request, agent, progress if asked and busy else page, busy=busy, **context)
    if asked and not busy:
        response.headers["HX-Refresh"] = "true"
    return response


def part(
    request: HttpRequest, agent: Agent, template: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Returns what a page is completed by, with the fields that its forms carry as a page's do."""
    token = get_token(request)
    framed = {
        **context,
        "csrf": token,
        "token_field": _token_field(token, agent, context.get("last_seen", 0)),
    }
    return render(request, f"console/{template}", framed, status=status, using="jinja2")


def _token_field(token: str, agent: Agent, last_seen: int) -> SafeString:
    """What every form carries: the token, made once (Django's variable makes a new mask wherever
    it is said), and the desk; about a ticket how far its log had come when its writer saw it.

    Without the desk a form acts at the one that was opened last, maybe in another tab.
    """
    fields = {"csrfmiddlewaretoken": token, "at_desk": agent.desk.key}
    if last_seen:
        fields["last_seen"] = str(last_seen)
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', fields.items())


def frame_for(agent: Agent, current: str) -> Frame:
    """Returns the frame, for which one question is asked."""
    asked = counted_for(agent)
    with connection.cursor() as cursor:
        cursor.execute(f"select {asked.sql}", asked.values)
        return frame_of(agent, current, *cursor.fetchone())


def frame_of(agent: Agent, current: str, found: Sequence[Any]) -> Frame:
    """Returns the frame with what `counted_for` found."""
    left, newest, has_bridge, waiting, in_trouble, mailbox_ends, saved, unread, counted = found
    counts = queues.counts_for(agent, counted)
    desk, language = desk_in_force(agent.desk), get_language() or ""
    leads = may(agent, "manage people")
    return Frame(
        desk=agent.desk.title,
        desk_key=agent.desk.key,
        known_by=known_by(desk),
        queues=rail(agent, counts),
        saved=[Saved(*kept) for kept in saved],
        for_you=for_you_in(language, agent.desk.key, current == "for-you", unread),
        unread=unread,
        foot=foot_in(language),
        other_desks=_other_desks(agent),
        current=current,
        viewer=str(agent.user),
        viewer_id=agent.user_id,
        left_over=left,
        newest=newest,
        dialogs=dialogs_in(language, leads),
        leads=leads,
        freezes=_banners(agent, counts),
        has_freezes=bool(desk.freezes),
        has_visits=bool(desk.site_visits),
        walk_in=any(site.counters for site in desk.sites.values()),
        has_whatsapp=desk.channel_of("whatsapp") is not None,
        chats=waiting if desk.channel_of("chat") else None,
        has_texts=_sends_texts(agent),
        has_bridges=has_bridge or may(agent, "connect gateways"),
        mail_trouble=present_trouble() if in_trouble else None,
        mailbox_ends=mailbox_ends and may(agent, "connect gateways") and ends_for(agent.desk),
    )


def _other_desks(agent: Agent) -> tuple[tuple[str, str], ...]:
    return tuple(
        (desk.key, desk.title)
        for desk in access.desks_worked_at(agent.user)
        if desk.pk != agent.desk_id
    )


def _sends_texts(agent: Agent) -> bool:
    templates = desk_in_force(agent.desk).templates
    return access.may(agent, "connect gateways") or any(
        template.channel == "sms" for template in templates
    )


def counted_for(agent: Agent) -> queues.Beside:
    """Returns the SQL of how much is left over, the id of the newest log entry, whether there is a
    bridge, how many wait for a chat, whether mail does not leave or a mailbox ends, what searches
    are kept, and what the queues hold: every screen asks it.
    """
    left, given = count_of(sorts_of_left_over().values(), agent)
    counted = queues.counted(agent)
    return queues.Beside(
        f"json_build_array({left}, {_OTHERS}, {counted.sql})",
        {**given, **counted.values, "me": agent.pk},
    )


_OTHERS = f"""
    (select coalesce(max(id), 0) from deskbook_logentry),
    exists (select from deskbook_jiralink where desk_id = %(desk)s),
    (select count(*) from deskbook_chatsession where state = 'waiting' and desk_id = %(desk)s),
    exists (select from deskbook_mailtrouble where not is_over),
    exists (select from deskbook_mailgrant
        where refused <> '' or until_at < now() + interval '7 days'),
    {LISTED},
    (select count(*) from deskbook_notification where agent_id = %(me)s and read_at is null)
"""


def _banners(agent: Agent, counts: Mapping[str, int]) -> tuple[Banner, ...]:
    on = freezes_on(desk_in_force(agent.desk), at=timezone.now())
    return tuple(Banner(freeze.title, freeze.until_at, counts.get("held", 0)) for freeze in on)


def rail(agent: Agent, found: Mapping[str, int]) -> tuple[Queue, ...]:
    """Returns the queues in the order of the rail, with what was found in each."""
    # Only a desk that redirects has somewhere to look for what it redirected.
    redirects = desk_in_force(agent.desk).outside or found.get("redirected")
    return tuple(
        Queue(
            key,
            title,
            icon,
            go,
            count := found.get(key, 0),
            key == "breached" and count > 0,
            empty,
            more,
        )
        for key, title, icon, go, empty, more in _queues_in(get_language() or "")
        if redirects or key != "redirected"
    )


@cache
def _queues_in(_language: str) -> tuple[tuple[str, str, str, str, str, str], ...]:
    done, more = _("All done here."), _("New tickets appear by themselves.")
    return (
        ("mine", _("Mine"), "me", "m", _("Nothing is yours right now."), more),
        ("teams", _("My teams"), "team", "t", done, more),
        ("unassigned", _("Unassigned"), "unassigned", "u", _("Everything has an owner."), more),
        (
            "breached",
            _("Due or late"),
            "due",
            "d",
            _("Nothing is late, and nothing is due soon."),
            more,
        ),
        ("waiting", _("Waiting"), "waiting", "w", _("Nobody is being waited for."), more),
        ("open", _("All open"), "open", "o", done, more),
        ("closed", _("Closed"), "closed", "c", _("Nothing was closed yet."), more),
        ("redirected", _("Redirected"), "leave", "r", _("Nothing was redirected yet."), more),
    )


@cache
def dialogs_in(_language: str, leads: bool) -> SafeString:
    """Returns the help of the keyboard and what Ctrl+K opens, in the present language; for who
    leads with what they alone make.
    """
    shown = [(key, str(does)) for key, does in (*_keys_of_a_case(), *_keys_everywhere())]
    return macro("console/_cells.html", "dialogs")(shown, leads)


@lru_cache(maxsize=512)
def for_you_in(_language: str, desk: str, is_here: bool, unread: int) -> SafeString:
    """Returns what of the rail leads to what concerns whoever looks, in the present language."""
    return macro("console/_cells.html", "for_you")(desk, is_here, unread)


@cache
def foot_in(_language: str) -> SafeString:
    """Returns what stands at the foot of the rail on every page, in the present language."""
    return macro("console/_cells.html", "foot")()


def _keys_of_a_case() -> tuple[tuple[str, Words], ...]:
    return (
        ("j k", _("Walk the list")),
        ("o ↵", _("Open")),
        ("␣", _("Look without leaving the list")),
        ("S", _("List and ticket side by side")),
        ("x", _("Choose it, to do something on several")),
        ("J", _("Next ticket")),
        ("⌫", _("Back to the queue")),
        ("r", _("Answer")),
        ("n", _("Note")),
        ("q", _("Ask the requester")),
        ("Ctrl ↵", _("Send")),
        *((act.shortcut, act.label) for act in ACTS.values() if act.shortcut),
        ("w", _("Why this time?")),
        ("z", _("Undo")),
        ("L", _("Send later")),
    )


def _keys_everywhere() -> tuple[tuple[str, str], ...]:
    return (
        ("N", _("For you")),
        ("c", _("New ticket")),
        ("C", _("Log a call")),
        ("g b", _("Go to: call-backs")),
        ("g n", _("Go to: contacts")),
        ("/", _("Search")),
        ("g m", _("Go to: mine")),
        ("g t", _("Go to: my teams")),
        ("g u", _("Go to: unassigned")),
        ("g d", _("Go to: due or late")),
        ("g o", _("Go to: all open")),
        ("g w", _("Go to: waiting")),
        ("g c", _("Go to: closed")),
        ("g r", _("Go to: redirected")),
        ("g q", _("Go to: left over")),
        ("g f", _("Go to: freeze")),
        ("g y", _("Go to: book")),
        ("g s", _("Go to: roster")),
        ("g h", _("Go to: chats")),
        ("g e", _("Go to: from WhatsApp")),
        ("g i", _("Go to: improvements")),
        ("g p", _("Go to: people")),
        ("g g", _("Go to: the morning")),
        ("g z", _("Go to: reports")),
        ("g l", _("Go to: settings")),
        ("g a", _("Go to: articles")),
        ("+", _("Insert an article")),
        ("-", _("No article answered this")),
        ("g v", _("Go to: visits")),
        ("g x", _("Go to: texts")),
        ("g j", _("Go to: bridges")),
        ("g k", _("Go to: walk-in")),
        (".", _("More that can be done")),
        ("Ctrl K", _("Everything, by its name")),
        ("Esc", _("Leave the field")),
        ("?", _("This help")),
    )
