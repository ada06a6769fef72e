"""What Jira tells us: comments become notes, statuses become stages where the book allows the move.

What our own account did there comes back as well; it is ours and left alone. What the book refuses
is held for a person, never lost.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from deskbook.bridges.contract import actor_of
from deskbook.bridges.jira.models import JiraEvent, JiraIssue, JiraLink
from deskbook.delivery.inbox import understand, why_held
from deskbook.delivery.states import Taken
from deskbook.engine.decide_stage import decide_stage
from deskbook.engine.quoting import short
from deskbook.people.books import usual_language
from deskbook.people.sealing import Unreadable, unsealed
from deskbook.refusals.kept import kept
from deskbook.tickets.conversation import note_on_ticket
from deskbook.tickets.faults import is_of_the_database
from deskbook.tickets.going_on import goes_on_as
from deskbook.tickets.log import perform
from deskbook.tickets.messages import Written

JOB = "jira_event"
BY = actor_of("jira")
Said = Mapping[str, Any]


def signed_by_jira(link: JiraLink, body: bytes, signature: str) -> bool:
    """Whether `X-Hub-Signature` is "sha256=" and the hex HMAC-SHA256 of the raw body under the
    webhook's secret.
    """
    try:
        secret = unsealed(link.webhook_secret)
    except Unreadable:
        return False
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return bool(secret) and hmac.compare_digest(expected.encode(), signature.encode())


@transaction.atomic
def keep_event(link: JiraLink, body: bytes, identifier: str, *, at: datetime) -> JiraEvent | None:
    """Stores an event and queues the job that takes it in; the same again does nothing. None for
    what is no event.
    """
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(payload, dict):
        return None
    digest = hashlib.sha256(body).hexdigest()
    mark = identifier[:128] or digest
    known = JiraEvent.objects.filter(Q(mark=mark) | Q(digest=digest), link=link).first()
    if known:
        return known
    row, made = JiraEvent.objects.get_or_create(
        link=link,
        mark=mark,
        defaults={"digest": digest, "payload": _storable(payload), "came_at": at},
    )
    if made:
        JiraLink.objects.filter(pk=link.pk).update(heard_at=at)
        app.configure_task(JOB, queue="intake").defer(event_id=row.pk)
    return row


def take_event(event_id: int, *, at: datetime | None = None) -> JiraEvent:
    """Does what an event says to its ticket and returns its row; one that was done already is left
    alone.
    """
    taken_at = at or datetime.now(UTC)
    events = JiraEvent.objects.select_related("link__desk")
    return understand(events, event_id, lambda row: _take(row, taken_at))


def _take(row: JiraEvent, at: datetime) -> None:
    row.what = _what_happened(row.payload)[:300]
    hindrance = _not_for_us(row)
    if hindrance:
        row.state, row.reason = Taken.IGNORED, hindrance
        return
    issue = (
        JiraIssue.objects.select_related("ticket__desk")
        .filter(link=row.link, key=_key(row.payload))
        .first()
    )
    if issue is None:
        row.state, row.reason = Taken.IGNORED, kept("jira.no_case")
        return
    row.ticket, known = issue.ticket, issue.status
    try:
        with transaction.atomic():
            row.reason = _done_to(issue, row, at)
    except Exception as failure:
        if is_of_the_database(failure):
            raise
        row.state, row.reason = Taken.HELD, why_held(failure)
    # Only what the event tells: an act of ours may have moved the issue since it was read.
    told = {"status": issue.status} if issue.status != known else {}
    JiraIssue.objects.filter(pk=issue.pk).update(synced_at=at, gone=issue.gone, **told)


def _not_for_us(row: JiraEvent) -> str:
    """Why an event is left alone before anything of it is looked at, as it is kept."""
    own, comment = row.link.account_id, _inner(row.payload, "comment")
    actor = _who(
        _inner(comment, "updateAuthor") or _inner(comment, "author") or _inner(row.payload, "user")
    )
    if own and actor == own:
        return kept("jira.own")
    # One without a key is waiting to be made there.
    return "" if _key(row.payload) else kept("jira.no_issue")


def _done_to(issue: JiraIssue, row: JiraEvent, at: datetime) -> str:
    """Does all an event says, in the desk's own language; returns what was left out, as it is
    kept.
    """
    with translation.override(usual_language(issue.ticket.desk)):
        return _done(issue, row, at)


def _done(issue: JiraIssue, row: JiraEvent, at: datetime) -> str:
    kind, payload = str(row.payload.get("webhookEvent", "")), row.payload
    if kind == "jira:issue_deleted":
        issue.gone = True
        _note(
            issue,
            row,
            _("%(who)s deleted the issue %(key)s in Jira.")
            % {"who": _name(_inner(payload, "user")), "key": issue.key},
            "deleted",
            at,
        )
        return ""
    if kind in ("comment_deleted", "comment_updated"):
        return kept("jira.comment_stays")
    left_out = _status(issue, row, at)
    comment = _inner(payload, "comment")
    if comment.get("body") and kind in ("comment_created", "jira:issue_updated"):
        who = _name(_inner(comment, "author"))
        _note(
            issue,
            row,
            _("%(who)s in Jira:") % {"who": who} + f"\n\n{comment['body']}",
            f"comment {comment.get('id', row.mark)}",
            at,
        )
    return left_out


def _status(issue: JiraIssue, row: JiraEvent, at: datetime) -> str:
    """Moves the ticket to the stage a status stands for; of one that was merged, the case it goes
    on as has a note of it. Raises Refused when the book does not allow the move.
    """
    items = _inner(row.payload, "changelog").get("items")
    changes = (
        [i for i in items if isinstance(i, dict) and i.get("field") == "status"]
        if isinstance(items, list)
        else []
    )
    if not changes:
        return ""
    status = str(changes[-1].get("toString", ""))
    issue.status = status[:120]
    if (kept_case := goes_on_as(issue.ticket)) != issue.ticket:
        who = _name(_inner(row.payload, "user"))
        told = {"who": who, "key": issue.key, "status": status[:120]}
        moved = _("%(who)s moved the issue %(key)s to “%(status)s” in Jira.") % told
        _note(issue, row, moved, row.mark, at)
        return kept("jira.merged", ticket=str(issue.ticket), into=str(kept_case))
    stages = {name.casefold(): stage for name, stage in row.link.statuses.items()}
    stage = stages.get(status.casefold())
    if stage is None:
        return kept("jira.no_stage", status=status[:80])
    key = f"jira:{row.link_id}:{row.mark}"[:64]
    perform(issue.ticket_id, decide_stage, stage, at=at, by=BY, key=key)
    return ""


def _note(issue: JiraIssue, row: JiraEvent, text: str, mark: str, at: datetime) -> None:
    """The same comment comes in two events, of the comment and of the issue: it is one note. What
    is said on the issue of a merged ticket is read where that goes on.
    """
    key, ticket = f"jira:{row.link_id}:{issue.pk}:{mark}"[:64], goes_on_as(issue.ticket)
    note_on_ticket(ticket, Written(text[:50_000]), channel="jira", at=at, by=BY, key=key)


def _storable(said: Any) -> Any:
    """PostgreSQL keeps neither NUL nor half a character in JSON."""
    if isinstance(said, str):
        return said.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(said, dict):
        return {_storable(name): _storable(value) for name, value in said.items()}
    return [_storable(value) for value in said] if isinstance(said, list) else said


def _what_happened(payload: Said) -> str:
    key, kind = _key(payload), str(payload.get("webhookEvent", ""))
    items = _inner(payload, "changelog").get("items")
    status = (
        next(
            (
                str(i.get("toString", ""))
                for i in items
                if isinstance(i, dict) and i.get("field") == "status"
            ),
            "",
        )
        if isinstance(items, list)
        else ""
    )
    who = _name(_inner(payload, "user") or _inner(_inner(payload, "comment"), "author"))
    if status:
        return f"{short(who)} moved {short(key)} to “{short(status)}”."
    return f"{short(who)}: {short(kind.removeprefix('jira:').replace('_', ' '))} ({short(key)})."


def _key(payload: Said) -> str:
    return str(_inner(payload, "issue").get("key", ""))[:64]


def _who(person: Said) -> str:
    return str(person.get("accountId") or person.get("name") or "")


def _name(person: Said) -> str:
    return str(person.get("displayName") or person.get("name") or "Somebody")[:120]


def _inner(said: Said, name: str) -> Said:
    found = said.get(name)
    return found if isinstance(found, dict) else {}
