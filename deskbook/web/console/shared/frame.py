"""What stands around every console screen: the queues with their counts, who is looking, the
keys.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.backends.utils import csrf_input
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from deskbook.channels.email.models import MailTrouble
from deskbook.channels.email.trouble import present_trouble
from deskbook.people import access
from deskbook.people.access import may
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.tickets import queues
from deskbook.tickets.freezes import freezes_on
from deskbook.web.acts.registry import ACTS
from deskbook.web.shared.fields import Words


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
class Banner:
    """A freeze that is on."""

    title: str
    until_at: datetime
    held: int


@dataclass(frozen=True, slots=True)
class Frame:
    desk: str
    desk_key: str
    queues: tuple[Queue, ...]
    current: str
    other_desks: tuple[tuple[str, str], ...]
    """Key and title of the other desks the viewer works at."""
    viewer: str
    viewer_id: int
    quarantined: int
    newest: int
    """Id of the newest log entry: the stream tells what came after it."""
    keys: tuple[tuple[str, Words], ...]
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
    texts: int | None = None
    """How many texts were not delivered; None at a desk that sends none."""
    mail_trouble: MailTrouble | None = None
    """The mail server takes nothing."""
    bridges: int | None = None
    """What is left over of bridges for a person; None where there is none and the viewer makes
    none.
    """


def screen(
    request: HttpRequest,
    agent: Agent,
    template: str,
    *,
    current: str = "",
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Returns a console page in its frame."""
    framed = {
        **context,
        "frame": context.get("frame") or frame_for(agent, current),
        "token_field": _token_field(request, agent),
    }
    return render(request, f"console/{template}", framed, status=status, using="jinja2")


def _token_field(request: HttpRequest, agent: Agent) -> SafeString:
    """What every form carries: the token, made once (Django's variable makes a new mask at each
    form), and the desk.

    Without the desk a form acts at the one that was opened last, maybe in another tab.
    """
    return csrf_input(request) + format_html(
        '<input type="hidden" name="at_desk" value="{}">', agent.desk.key
    )


def frame_for(agent: Agent, current: str) -> Frame:
    held, newest, failed_texts, left_of_bridges, waiting, in_trouble = _held_and_newest(agent)
    if left_of_bridges is None and may(agent, "connect gateways"):
        left_of_bridges = 0
    desk = desk_in_force(agent.desk)
    return Frame(
        desk=agent.desk.title,
        desk_key=agent.desk.key,
        queues=rail(agent),
        other_desks=_other_desks(agent),
        current=current,
        viewer=str(agent.user),
        viewer_id=agent.user_id,
        quarantined=held,
        newest=newest,
        keys=keys(),
        leads=may(agent, "manage people"),
        freezes=_banners(agent),
        has_freezes=bool(desk.freezes),
        has_visits=bool(desk.site_visits),
        walk_in=any(site.counters for site in desk.sites.values()),
        has_whatsapp=desk.channel_of("whatsapp") is not None,
        chats=waiting if desk.channel_of("chat") else None,
        texts=failed_texts if _sends_texts(agent) else None,
        bridges=left_of_bridges,
        mail_trouble=present_trouble() if in_trouble else None,
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


def _held_and_newest(agent: Agent) -> tuple[int, int, int, int | None, int, bool]:
    """Returns how many mails are held, the id of the newest log entry, how many texts failed, what
    is left over of the desk's bridges (None without one), how many wait for a chat, and whether
    mail does not leave, in one question.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _HELD_AND_NEWEST, {"desk": agent.desk_id, "leads": access.may(agent, "discard mail")}
        )
        found: tuple[int, int, int, int | None, int, bool] = cursor.fetchone()
    return found


# By hand: every screen asks it. What is held is what `held_here` returns, and what `held_mail`
# does.
_HELD_AND_NEWEST = """
    select
        (select count(*) from deskbook_inboundmail
         where state = 'held' and (desk_id = %(desk)s or (desk_id is null and %(leads)s)))
        + (select count(*) from deskbook_outboundmail mail
           where mail.state in ('held', 'bounced', 'failed') and mail.desk_id = %(desk)s
           and not mail.hard
           and (mail.state = 'held' or mail.queued_at > now() - interval '30 days')),
        (select coalesce(max(id), 0) from deskbook_logentry),
        (select count(*) from deskbook_textmessage
         where state in ('held', 'bounced', 'failed') and desk_id = %(desk)s)
        + (select count(*) from deskbook_incomingtext where state = 'held' and desk_id = %(desk)s),
        (select (select count(*) from deskbook_jiraact act
                 join deskbook_jiraissue issue on issue.id = act.issue_id
                 where act.state in ('held', 'bounced', 'failed') and issue.link_id = link.id)
             + (select count(*) from deskbook_jiraevent where state = 'held' and link_id = link.id)
         from deskbook_jiralink link where link.desk_id = %(desk)s),
        (select count(*) from deskbook_chatsession where state = 'waiting' and desk_id = %(desk)s),
        exists (select from deskbook_mailtrouble where not is_over)
"""


def _banners(agent: Agent) -> tuple[Banner, ...]:
    on = freezes_on(desk_in_force(agent.desk), at=timezone.now())
    held = queues.counts(agent).get("held", 0) if on else 0
    return tuple(Banner(freeze.title, freeze.until_at, held) for freeze in on)


def rail(agent: Agent) -> tuple[Queue, ...]:
    """Returns the queues in the order of the rail."""
    found = queues.counts(agent)
    done, more = _("All done here."), _("New tickets appear by themselves.")

    def queue(
        key: str, title: str, icon: str, go: str, empty: str = done, *, late: bool = False
    ) -> Queue:
        return Queue(
            key, title, icon, go, found.get(key, 0), late and found.get(key, 0) > 0, empty, more
        )

    # Only a desk that redirects has somewhere to look for what it redirected.
    ended = _("Nothing was redirected yet.")
    redirected = [queue("redirected", _("Redirected"), "leave", "r", ended)]
    if not desk_in_force(agent.desk).outside and not found.get("redirected"):
        redirected = []
    return (
        queue("mine", _("Mine"), "me", "m", _("Nothing is yours right now.")),
        queue("teams", _("My teams"), "team", "t"),
        queue("unassigned", _("Unassigned"), "unassigned", "u", _("Everything has an owner.")),
        queue(
            "breached",
            _("Due or late"),
            "due",
            "d",
            _("Nothing is late, and nothing is due soon."),
            late=True,
        ),
        queue("waiting", _("Waiting"), "waiting", "w", _("Nobody is being waited for.")),
        queue("open", _("All open"), "open", "o"),
        queue("closed", _("Closed"), "closed", "c", _("Nothing was closed yet.")),
        *redirected,
    )


def keys() -> tuple[tuple[str, Words], ...]:
    """Returns what the keyboard help says."""
    return (*_keys_of_a_case(), *_keys_everywhere())


def _keys_of_a_case() -> tuple[tuple[str, Words], ...]:
    return (
        ("j k", _("Walk the list")),
        ("o ↵", _("Open")),
        ("J", _("Next ticket")),
        ("⌫", _("Back to the queue")),
        ("r", _("Answer")),
        ("n", _("Note")),
        ("q", _("Ask the requester")),
        ("Ctrl ↵", _("Send")),
        *((act.shortcut, act.label) for act in ACTS.values() if act.shortcut),
        ("w", _("Why this time?")),
    )


def _keys_everywhere() -> tuple[tuple[str, str], ...]:
    return (
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
        ("g q", _("Go to: quarantine")),
        ("g f", _("Go to: freeze")),
        ("g s", _("Go to: roster")),
        ("g h", _("Go to: chats")),
        ("g e", _("Go to: from WhatsApp")),
        ("g i", _("Go to: improvements")),
        ("g p", _("Go to: people")),
        ("g z", _("Go to: reports")),
        ("g a", _("Go to: articles")),
        ("+", _("Insert an article")),
        ("-", _("No article answered this")),
        ("g v", _("Go to: visits")),
        ("g x", _("Go to: texts")),
        ("g j", _("Go to: bridges")),
        ("g k", _("Go to: walk-in")),
        ("Esc", _("Leave the field")),
        ("?", _("This help")),
    )
