"""One sentence for every kind of event, as the timeline tells it."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from deskbook.engine import events as happened
from deskbook.engine import ladder_events as ladder
from deskbook.engine import people_events as people
from deskbook.engine import visit_events
from deskbook.engine.events import Event
from deskbook.engine.needs import in_lines
from deskbook.people.moments import written
from deskbook.people.refusals import in_words
from deskbook.people.terms import SEVERITY
from deskbook.tickets.awaited import as_asked
from deskbook.web import people_sentences
from deskbook.web.later_sentences import LATER
from deskbook.web.moving_sentences import MOVED
from deskbook.web.opening_sentences import opened
from deskbook.web.told import Sentence, Told, by_whom, channel_in_sentence
from deskbook.web.visit_sentences import VISITS
from deskbook.web.work_sentences import WORK


def sentence(event: Event, told: Told) -> Sentence:
    """Returns what happened, as one line with an icon; `tone` is "late" for what went wrong."""
    return _SENTENCES[type(event)](event, told)


def _assigned(event: happened.Assigned, told: Told) -> Sentence:
    if event.cause in ("off duty", "left"):
        return _relieved(event, told)
    if event.cause == "answering":
        return Sentence(_("%(who)s took the ticket by answering it") % {"who": told.who}, "me")
    if event.cause == "arrival":
        return Sentence(_("The book gave it back to nobody, as its team changed"), "unassigned")
    if event.owner is None:
        return Sentence(_("%(who)s took the owner away") % {"who": told.who}, "unassigned")
    if told.by.kind == "agent" and told.by.id == event.owner:
        return Sentence(_("%(who)s took the ticket") % {"who": told.who}, "me")
    given = {"who": told.who, "owner": told.names.agent(event.owner)}
    return Sentence(_("%(who)s gave it to %(owner)s") % given, "me")


def _relieved(event: happened.Assigned, told: Told) -> Sentence:
    why = _("Its owner has left") if event.cause == "left" else _("Its owner is off duty")
    if event.owner is None:
        return Sentence(_("%(why)s: it is the team’s again") % {"why": why}, "unassigned")
    return Sentence(
        _("%(why)s: it went to %(owner)s") % {"why": why, "owner": told.names.agent(event.owner)},
        "me",
    )


def _arrived(event: happened.TeamArrived, told: Told) -> Sentence:
    if event.cause in ("escalation", "freeze"):
        late = {
            "escalation": _handed_up(event.unmet),
            "freeze": _("The freeze is over: on to %(team)s"),
        }
        return Sentence(late[event.cause] % {"team": told.team(event.team)}, "team")
    if told.by.kind != "agent":
        return Sentence(_("It arrived at %(team)s") % {"team": told.team(event.team)}, "team")
    if event.rule is not None:
        words = _("Sorted to %(team)s by line %(line)s of the book")
        return Sentence(words % {"team": told.team(event.team), "line": event.rule}, "team")
    words = _("%(who)s handed it to %(team)s by %(channel)s%(why)s")
    channel = channel_in_sentence(event.channel, told.desk) if event.channel else ""
    if not channel:
        words = _("%(who)s handed it to %(team)s%(why)s")
    what = {"who": told.who, "team": told.team(event.team), "channel": channel}
    return Sentence(words % {**what, "why": told.names.because(event.reason)}, "team")


def _handed_up(unmet: str) -> str:
    if not unmet:
        return _("Nobody had taken it: up to %(team)s")
    if unmet == "not solved":
        return _("It was not solved in time: up to %(team)s")
    if unmet == "reopening":
        return _("Its requester wrote again: up to %(team)s")
    return _("%(clock)s was due and had not been given: up to %%(team)s") % {
        "clock": _clock(unmet.removesuffix(" breached"))
    }


def _stage(event: happened.StageChanged, told: Told) -> Sentence:
    words = _because_in(get_language() or "").get(event.cause) or _("%(who)s moved it to %(stage)s")
    text = words % {"stage": told.stage(event.stage), "who": told.who}
    stated = in_lines(event.stated) or told.names.text(event.reason)
    return Sentence(_with_needs(text, stated))


def _with_needs(text: str, stated: str) -> str:
    return f"{text} ({', '.join(stated.splitlines())})" if stated else text


@cache
def _because_in(_language: str) -> Mapping[str, str]:
    return {
        "assignment": _("%(stage)s, because it was assigned"),
        "answering": _("%(stage)s, because it was answered"),
        "asking": _("%(stage)s, because something was asked"),
        "requester writing": _("%(stage)s, because the requester wrote"),
        "choice": _("%(stage)s, because the requester decided so"),
        "freeze": _("%(stage)s, because of the freeze"),
        "estimate": _("%(stage)s, because an estimate was offered"),
        "delivery": _("%(stage)s, because of the delivery"),
        "cannot be reached": _("%(stage)s, because the requester cannot be reached"),
        "merge": _("%(stage)s, because a ticket that waits was merged into it"),
        "unmerge": _("%(stage)s from the beginning, because the merge was taken back"),
        "requester changed": _("%(stage)s from the beginning, because the requester changed"),
    }


def _verified(event: happened.SeverityVerified, told: Told) -> Sentence:
    words = _("%(who)s verified %(word)s %(severity)s%(why)s")
    return Sentence(
        words
        % {
            "who": told.who,
            "word": SEVERITY[told.desk.severity_word],
            "severity": told.severity(event.severity),
            "why": told.names.because(event.reason),
        },
        "severity",
    )


def _promised(event: happened.Promised, told: Told) -> Sentence:
    words = _("%(who)s promised%(what)s, by %(when)s")
    if event.channel == "phone":
        words = _("%(who)s promised to call back by %(when)s%(what)s")
    return Sentence(
        words
        % {
            "who": told.who,
            "what": told.names.because(event.message),
            "when": written(event.due_at),
        },
        "promise",
    )


def _closed(event: happened.Closed, told: Told) -> Sentence:
    words = {
        "silence": _("Closed: nobody wrote until the book's time was over"),
        "reached": _("Closed: the missed call was answered after all"),
        "requester": _("%(who)s closed it, as the requester"),
    }.get(event.cause, _("%(who)s closed it"))
    return Sentence(words % {"who": told.who}, "closed")


def _reopened(event: happened.Reopened, told: Told) -> Sentence:
    words = _("Reopened as %(stage)s, because the requester wrote")
    if event.cause == "person":
        words = _("%(who)s reopened it as %(stage)s")
    elif event.cause == "choice":
        words = _("Reopened as %(stage)s, because the requester decided so")
    elif event.cause == "merge":
        words = _("Reopened as %(stage)s, because a ticket that waits was merged into it")
    elif event.cause == "cannot be reached":
        words = _("Reopened as %(stage)s, because the requester cannot be reached")
    text = words % {"who": told.who, "stage": told.stage(event.stage)}
    return Sentence(_with_needs(text, told.names.text(event.reason)), "open")


def _passed(event: happened.AimPassed, told: Told) -> Sentence:
    return Sentence(_("%(clock)s: the aim has passed") % {"clock": _clock(event.clock)}, "due")


def _breached(event: happened.LimitBreached, told: Told) -> Sentence:
    words = _("%(clock)s was due and had not been given: breached")
    return Sentence(words % {"clock": _clock(event.clock)}, "due", "late")


def _clock(clock: str) -> str:
    kinds = {
        "response": _("A response"),
        "update": _("An update"),
        "promise": _("A promise"),
        "team": _("The team's answer"),
        "resolve": _("A solution"),
        "team-resolve": _("A solution by the team"),
    }
    return kinds.get(clock.partition(":")[0], clock)


def _remind(event: ladder.ReminderDue, told: Told) -> Sentence:
    left_out = _("Reminder %(number)s left out: a later step was due as well")
    words = _("Reminder %(number)s is due") if event.told else left_out
    return Sentence(words % {"number": event.number}, "mail")


def _unreachable(event: ladder.CannotBeReached, told: Told) -> Sentence:
    words = {
        "no way": _(
            "The requester cannot be reached: no way to them is known. Nobody is closed for silence"
        ),
        "failed": _(
            "The requester cannot be reached: every way failed. Nobody is closed for silence"
        ),
        "not asked": _(
            "What was asked last reached the requester by no way, and the reminder that did cannot"
            " repeat it. Nobody is closed for silence"
        ),
    }[event.reason]
    return Sentence(words, "warning", "late")


def _reminded(event: ladder.ReminderSent, told: Told) -> Sentence:
    left_out = _("Reminder %(number)s left out: a later step was due as well")
    sent = _("Reminder %(number)s sent") if told.arrived else _("Reminder %(number)s")
    return Sentence((sent if event.told else left_out) % {"number": event.number}, "mail")


def _came_back(event: ladder.ReminderCameBack, told: Told) -> Sentence:
    words = _(
        "Reminder %(number)s did not arrive: it does not count, and is told another way if there"
        " is one"
    )
    return Sentence(words % {"number": event.number}, "warning", "late")


def _acknowledged(event: happened.Acknowledged, told: Told) -> Sentence:
    words = (
        _("Receipt acknowledged automatically")
        if told.arrived
        else _("Automatic acknowledgement of receipt")
    )
    return Sentence(words, "mail")


def _failed(event: ladder.DeliveryFailed, told: Told) -> Sentence:
    if event.discarded_by:
        who = told.names.agent(event.discarded_by)
        return Sentence(
            _("%(who)s discarded a message before it left") % {"who": who}, "warning", "late"
        )
    words = (
        _("A message could not be delivered")
        if event.hard
        else _("A message did not arrive: it was given up")
    )
    return Sentence(words, "warning", "late")


def _redirected(event: happened.Redirected, told: Told) -> Sentence:
    outside = told.desk.outside.get(event.to)
    if event.cause == "escalation":
        team = outside.title if outside else event.to
        return Sentence(_handed_up(event.unmet) % {"team": team}, "team")
    words = _("%(who)s redirected it to %(to)s by %(channel)s%(why)s")
    channel = channel_in_sentence(event.channel, told.desk)
    what = {"who": told.who, "to": outside.title if outside else event.to, "channel": channel}
    return Sentence(words % {**what, "why": told.names.because(event.reference)}, "team")


def _asked(event: happened.InformationRequested, told: Told) -> Sentence:
    awaited = as_asked(told.desk, event.awaited, told.names.text(event.words))
    return Sentence(_("Awaited: %(what)s") % {"what": ", ".join(awaited) or _("an answer")}, "ask")


_SENTENCES: dict[type, Callable[[Any, Told], Sentence]] = {
    happened.Opened: opened,
    happened.Answered: by_whom(lambda: _("%(who)s answered"), "answer", lambda: _("answered")),
    people.AnsweredElsewhere: by_whom(
        lambda: _("%(who)s answered on %(on)s"),
        "answer",
        lambda: _("answered while this was merged into another ticket"),
    ),
    happened.Noted: by_whom(
        lambda: _("%(who)s noted"), "note", lambda: _("noted, for the desk only")
    ),
    happened.CustomerWrote: by_whom(lambda: _("%(who)s wrote"), "mail", lambda: _("wrote")),
    people.OutsiderWrote: by_whom(lambda: _("%(who)s wrote"), "mail"),
    people.WroteAside: people_sentences.aside,
    happened.Acknowledged: _acknowledged,
    happened.InformationRequested: _asked,
    happened.Assigned: _assigned,
    happened.TeamArrived: _arrived,
    happened.StageChanged: _stage,
    happened.Categorised: lambda e, t: Sentence(
        _("%(who)s sorted it: %(what)s") % {"who": t.who, "what": t.facets(e.facets)}
    ),
    happened.SeverityClaimed: lambda e, t: Sentence(
        _("%(who)s claimed %(severity)s") % {"who": t.who, "severity": t.severity(e.severity)},
        "severity",
    ),
    happened.SeverityVerified: _verified,
    happened.Promised: _promised,
    happened.PromiseKept: by_whom(lambda: _("%(who)s kept a promise"), "promise"),
    happened.PromiseWithdrawn: lambda e, t: Sentence(
        _("A promise fell away with the case")
        if e.with_the_case
        else _("%(who)s withdrew a promise%(why)s")
        % {"who": t.who, "why": t.names.because(e.reason)},
        "promise",
    ),
    happened.NextUpdateAgreed: lambda e, t: Sentence(
        _("%(who)s agreed the next update for %(when)s")
        % {
            "who": t.who,
            "when": written(e.due_at),
        },
        "due",
    ),
    happened.AimPassed: _passed,
    happened.LimitBreached: _breached,
    ladder.ReminderDue: _remind,
    ladder.ReminderSent: _reminded,
    ladder.ReminderCameBack: _came_back,
    ladder.CannotBeReached: _unreachable,
    happened.Closed: _closed,
    happened.Reopened: _reopened,
    happened.Merged: by_whom(lambda: _("%(who)s merged it into %(into)s"), "merge"),
    happened.Unmerged: by_whom(lambda: _("%(who)s took it out of %(out_of)s again"), "merge"),
    happened.Absorbed: by_whom(lambda: _("%(ticket)s was merged into this ticket"), "merge"),
    happened.Released: people_sentences.released,
    happened.Linked: by_whom(lambda: _("%(who)s linked %(ticket)s"), "link"),
    happened.Unlinked: by_whom(lambda: _("%(who)s removed the link to %(ticket)s"), "link"),
    people.ParticipantAdded: people_sentences.follows,
    people.ParticipantRemoved: people_sentences.follows_no_more,
    people.RequesterChanged: people_sentences.requester,
    people.PersonParted: people_sentences.parted,
    people.SenderAccepted: lambda e, t: Sentence(
        _("%(who)s accepted the sender, who was not proven (%(finding)s)")
        % {
            "who": t.who,
            "finding": in_words(e.finding),
        },
        "me",
    ),
    happened.WorkedOutAnew: lambda e, t: Sentence(
        _("Worked out anew by a newer version: due %(now)s, not %(was)s")
        % {
            "now": written(e.due_at) if e.due_at else "–",
            "was": written(e.was_at) if e.was_at else "–",
        },
        "due",
    ),
    ladder.DeliveryFailed: _failed,
    happened.StepDone: lambda e, t: Sentence(
        _("%(who)s ticked “%(step)s”") % {"who": t.who, "step": t.step(e.step)}, "closed"
    ),
    happened.StepUndone: lambda e, t: Sentence(
        _("%(who)s took the tick from “%(step)s”") % {"who": t.who, "step": t.step(e.step)}, "open"
    ),
    happened.PaperReceived: lambda e, t: Sentence(
        _("Received: %(paper)s") % {"paper": t.paper(e.paper)}, "mail"
    ),
    happened.PaperReturned: lambda e, t: Sentence(
        _("%(who)s sent back: %(paper)s%(why)s")
        % {
            "who": t.who,
            "paper": t.paper(e.paper),
            "why": t.names.because(e.reason),
        },
        "ask",
    ),
    happened.Redirected: _redirected,
    happened.Held: lambda e, t: Sentence(
        _("Held by the freeze; it is picked up on %(when)s") % {"when": written(e.pick_up_at)},
        "due",
    ),
    happened.PickedUp: lambda e, t: Sentence(
        _("Picked up: the freeze is over")
        if e.cause == "over"
        else _("No freeze holds it any more"),
        "open",
    ),
    people.ContactReplaced: lambda e, t: Sentence(
        _("%(leaves)s gave the seat to %(arrives)s")
        % {n: t.contact(getattr(e, n)) for n in ("leaves", "arrives")},
        "me",
    ),
    visit_events.SiteVisitCarriedOut: by_whom(
        lambda: _("%(who)s: the visit was carried out"), "visit"
    ),
    **MOVED,
    **LATER,
    **VISITS,
    **WORK,
    happened.CarriedOver: by_whom(
        lambda: _("Carried over to version %(book_version)s of the book"), "note"
    ),
}
