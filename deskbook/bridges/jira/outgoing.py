"""What follows from an entry of the log for Jira, and doing it there: in order for each issue, as
often as it takes.

A worker that dies after Jira did something and before that was recorded does it again: an issue is
then found by its label, a comment by its mark, a file by its name. Nothing stands there twice.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from procrastinate.contrib.django import app

from deskbook.bridges.jira.client import Jira, NotNow, Rejected
from deskbook.bridges.jira.models import JiraAct, JiraIssue, JiraLink
from deskbook.bridges.jira.words import body_of_comment, description_of, label_of, mark_of
from deskbook.delivery import outbox
from deskbook.delivery.outbox import InHand, Outcome, in_hand, settle
from deskbook.delivery.patience import pause_after
from deskbook.delivery.states import LEAVES_BY_ITSELF, State
from deskbook.people.books import desk_at
from deskbook.people.lists.quoting import named, short
from deskbook.people.sealing import Unreadable
from deskbook.people.service_trouble import note_trouble
from deskbook.people.sight import is_confined
from deskbook.refusals.kept import kept
from deskbook.refusals.refusal import Word
from deskbook.tickets.faults import is_of_the_database
from deskbook.tickets.models import Attachment, LogEntry, Message
from deskbook.tickets.what_follows import rows

JOB = "jira_acts"
TRIED_FOR = timedelta(days=3)
LEASE = timedelta(minutes=3)
LARGEST_FILE = 10_000_000
Kind = JiraAct.Kind
log = logging.getLogger(__name__)


def following() -> QuerySet[JiraLink]:
    """Returns the links that are active."""
    return JiraLink.objects.filter(active=True)


@transaction.atomic
def mirror(entry_id: int, *, at: datetime) -> None:
    """Keeps what an entry calls for at Jira and queues the job that does it; once, however often it
    is asked.
    """
    entry = LogEntry.objects.select_related("ticket__desk").get(pk=entry_id)
    link = following().filter(desk=entry.ticket.desk_id).first()
    if link is None or is_confined(entry.ticket.desk, entry.ticket):
        return
    issue = JiraIssue.objects.filter(ticket=entry.ticket).first()
    if issue is None and entry.kind == "TeamArrived" and entry.data["team"] in link.teams:
        issue = _begin(link, entry, at)
    elif issue is not None:
        for act in _acts(link, issue, entry):
            _keep(act, at)
    if issue is not None:
        app.configure_task(JOB, queue="services").defer(issue_id=issue.pk)


def share(message: Message, *, at: datetime) -> bool:
    """Tells Jira a note that was written for it; False when its ticket is no issue."""
    issue = JiraIssue.objects.filter(ticket=message.ticket_id, gone=False).first()
    if issue is None:
        return False
    with transaction.atomic():
        for act in _telling(issue, message):
            _keep(act, at)
        app.configure_task(JOB, queue="services").defer(issue_id=issue.pk)
    return True


def do_acts(issue_id: int, *, at: datetime | None = None) -> int:
    """Does what is due for one issue, in order, until one has to wait or failed; returns how many
    were done.
    """
    done = 0
    while _do_next(issue_id, at or datetime.now(UTC)):
        done += 1
    return done


def do_due_acts(*, at: datetime | None = None) -> int:
    """Does what waits for another try, or was left by a worker that died; returns how many acts
    were done.
    """
    now = at or datetime.now(UTC)
    due = JiraAct.objects.filter(state__in=LEAVES_BY_ITSELF, next_try_at__lte=now).order_by("issue")
    return sum(
        do_acts(issue, at=at)
        for issue in list(due.values_list("issue", flat=True).distinct()[:100])
    )


def try_again(act: JiraAct, *, at: datetime) -> bool:
    """Puts a failed act back; False when it has not failed (any more)."""
    put_back = outbox.send_again(JiraAct.objects.filter(pk=act.pk), at=at)
    if put_back:
        app.configure_task(JOB, queue="services").defer(issue_id=act.issue_id)
    return bool(put_back)


def _begin(link: JiraLink, entry: LogEntry, at: datetime) -> JiraIssue:
    issue, _made = JiraIssue.objects.get_or_create(ticket=entry.ticket, defaults={"link": link})
    _keep(JiraAct(issue=issue, kind=Kind.CREATE, key=f"create {entry.ticket_id}", entry=entry), at)
    kinds = (Message.Kind.REQUEST, Message.Kind.ANSWER)
    said = list(entry.ticket.messages.filter(kind__in=kinds, outsider=False).order_by("at", "pk"))
    told = [*(_files(issue, said[0]) if said else ())]
    for message in said[1:] if link.share_answers else ():
        told += _telling(issue, message)
    stage = entry.ticket.stage
    if (
        stage in link.stages
        and stage != desk_at(link.desk_id, entry.ticket.book_version).first_stage.key
    ):
        told.append(
            JiraAct(
                issue=issue, kind=Kind.MOVE, key=f"move at first {entry.ticket_id}", stage=stage
            )
        )
    for act in told:
        _keep(act, at)
    return issue


def _acts(link: JiraLink, issue: JiraIssue, entry: LogEntry) -> Iterator[JiraAct]:
    if issue.gone:
        return
    row = rows()[entry.kind]
    if row.said_by and link.share_answers:
        message = Message.objects.filter(pk=entry.data["message"]).first()
        yield from _telling(issue, message) if message else ()
    stage = entry.data.get("stage", "") if row.moves else ""
    if stage in link.stages and not entry.actor.endswith(":jira"):
        yield JiraAct(issue=issue, kind=Kind.MOVE, key=f"move {entry.pk}", entry=entry, stage=stage)


def _telling(issue: JiraIssue, message: Message) -> Iterator[JiraAct]:
    yield JiraAct(issue=issue, kind=Kind.COMMENT, key=f"comment {message.pk}", message=message)
    yield from _files(issue, message)


def _files(issue: JiraIssue, message: Message) -> Iterator[JiraAct]:
    small = Attachment.objects.filter(
        message=message, within=None, inline=False, blob__size__lte=LARGEST_FILE
    ).order_by("pk")
    for file in small:
        yield JiraAct(
            issue=issue, kind=Kind.ATTACH, key=f"attach {file.pk}", message=message, attachment=file
        )


def _keep(act: JiraAct, at: datetime) -> None:
    act.queued_at = act.next_try_at = at
    JiraAct.objects.bulk_create([act], ignore_conflicts=True)


def _do_next(issue_id: int, at: datetime) -> bool:
    """Does the first act that is left, outside any transaction, and records it; False when none was
    done.
    """
    with in_hand(_next(issue_id, at), at=at, lease=LEASE) as taken:
        if taken is None:
            return False
        act = taken.row
        try:
            with Jira(act.issue.link) as jira:
                _do(jira, act)
        except NotNow as problem:
            settle(taken, _later(taken, str(problem), problem.wait_s))
        except (Rejected, Unreadable) as problem:
            _failed(taken, problem)
        except Exception as failure:
            # One strange answer must not hold up all other issues, nor be asked for for ever.
            if is_of_the_database(failure):
                raise
            log.exception("jira act %s", act.pk)
            settle(taken, _later(taken, kept("jira.not_understood", error=type(failure).__name__)))
        else:
            settle(taken, Outcome(State.HANDED_OVER))
            JiraIssue.objects.filter(pk=act.issue_id).update(key=act.issue.key, synced_at=at)
            # Nothing is called forward: what waited with the link is due with this act, the rest
            # was told to wait.
            JiraLink.objects.filter(pk=act.issue.link_id).exclude(trouble="").update(trouble="")
            return True
    return False


def _next(issue_id: int, at: datetime) -> QuerySet[JiraAct]:
    """An act waits for those before it: a comment for its issue. What failed or was dropped holds
    up only if it is the creation.
    """
    earlier = JiraAct.objects.filter(issue=OuterRef("issue"), pk__lt=OuterRef("pk"))
    before = earlier.filter(
        Q(state__in=LEAVES_BY_ITSELF) | Q(kind=Kind.CREATE) & ~Q(state=State.HANDED_OVER)
    )
    due = JiraAct.objects.filter(
        ~Exists(before), issue=issue_id, next_try_at__lte=at, issue__link__active=True
    )
    return due.select_related(
        "issue__link", "issue__ticket__desk", "message", "attachment__blob"
    ).order_by("pk")


def _do(jira: Jira, act: JiraAct) -> None:
    {Kind.CREATE: _create, Kind.COMMENT: _comment, Kind.ATTACH: _attach, Kind.MOVE: _move}[
        Kind(act.kind)
    ](jira, act)


def _create(jira: Jira, act: JiraAct) -> None:
    issue, ticket, link = act.issue, act.issue.ticket, act.issue.link
    label = label_of(ticket)
    issue.key = (jira.find_issue(label) if act.attempts > 1 else "") or issue.key
    if not issue.key:
        priority = link.priorities.get(ticket.severity)
        fields = {
            "summary": f"[{ticket}] {ticket.subject}"[:250],
            "description": description_of(ticket),
        }
        chosen = {"priority": {"name": priority}} if priority else {}
        issue.key = jira.create_issue({**fields, **chosen, "labels": ["deskbook", label]})
        # At once: the link back may fail.
        JiraIssue.objects.filter(pk=issue.pk).update(key=issue.key)
    jira.link_back(issue.key, f"{settings.DESKBOOK_SITE_URL}/console/tickets/{ticket}", str(ticket))


def _comment(jira: Jira, act: JiraAct) -> None:
    if act.message is None:
        return
    if act.attempts > 1:
        said = (jira.issue(act.issue.key, "comment").get("comment") or {}).get("comments") or []
        if any(mark_of(act.message) in str(one.get("body", "")) for one in said):
            return
    jira.comment(act.issue.key, body_of_comment(act.issue.ticket, act.message))


def _attach(jira: Jira, act: JiraAct) -> None:
    if act.attachment is None:
        return
    name = f"{act.attachment.pk}-{act.attachment.name}"
    if act.attempts > 1:
        there = jira.issue(act.issue.key, "attachment").get("attachment") or []
        if any(one.get("filename") == name for one in there):
            return
    jira.attach(act.issue.key, name, bytes(act.attachment.blob.data))


def _move(jira: Jira, act: JiraAct) -> None:
    """By where a transition leads. One that is there already stays; a stage passed long ago is not
    gone back to.
    """
    ticket, link = act.issue.ticket, act.issue.link
    wanted = link.stages.get(act.stage, "")
    if not wanted or ticket.stage != act.stage:
        return
    now = str(((jira.issue(act.issue.key, "status").get("status")) or {}).get("name", ""))
    if now.casefold() != wanted.casefold():
        offered = jira.moves(act.issue.key)
        way = next((move for move in offered if move.status.casefold() == wanted.casefold()), None)
        if way is None:
            others = named([move.status for move in offered]) or Word("nowhere")
            raise Rejected(kept("jira.no_way", now=short(now), wanted=wanted, others=others))
        jira.move(act.issue.key, way.id)
    JiraIssue.objects.filter(pk=act.issue_id).update(status=wanted)


def send_waiting(link: JiraLink, *, at: datetime) -> int:
    """Lets all acts of a link that wait try now, and returns how many."""
    return len(outbox.try_now(JiraAct.objects.filter(issue__link=link), at=at))


def _wait_with_it(act: JiraAct) -> None:
    """The acts of other issues would be refused as well: thousands of wrong passwords lock an
    account.
    """
    due = JiraAct.objects.filter(
        issue__link=act.issue.link_id, state=State.WAITING, next_try_at__lt=act.next_try_at
    )
    due.update(next_try_at=act.next_try_at)


def _later(
    taken: InHand[JiraAct], reason: str, wait_s: int = 0, *, is_ours: bool = False
) -> Outcome:
    """Longer each time, never before Jira said; the rest of the issue's acts wait behind it.
    `is_ours` waits on.
    """
    said = taken.at + timedelta(seconds=min(wait_s, 3_600))
    again_at = max(taken.at + pause_after(taken.row.attempts), said)
    return Outcome(State.WAITING, reason, again_at, None if is_ours else TRIED_FOR)


def _failed(taken: InHand[JiraAct], problem: Rejected | Unreadable) -> None:
    """Gives an act up, unless Jira refuses us and not what the act says: then it waits until that
    is put right.
    """
    act, status = taken.row, getattr(problem, "status", 0)
    log.warning("jira act %s failed", act.pk)
    if status in (401, 403) or isinstance(problem, Unreadable):
        note_trouble(JiraLink.objects.all(), act.issue.link, "Jira", str(problem), taken.at)
        is_ours = status != 403  # which may be a right that is missing for this one issue
        settle(taken, _later(taken, str(problem), is_ours=is_ours))
        if is_ours:
            _wait_with_it(act)
        return
    settle(taken, Outcome(State.GIVEN_UP, str(problem)))
    if status == 404 and act.kind != Kind.CREATE:
        JiraIssue.objects.filter(pk=act.issue_id).update(gone=True, synced_at=taken.at)
