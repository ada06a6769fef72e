"""Where a case can stand, who acts next, and what silence does."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from deskbook.engine.amounts import Amount
from deskbook.engine.desk import Freeze, Ladder, NextActor, Stage
from deskbook.engine.wall_time import zone_named
from deskbook.web.policy.amounts import amount_in_words
from deskbook.web.policy.days import day_in_words
from deskbook.web.policy.parts import Block, Cell, Entry, Said, Section, Table, entries, lines
from deskbook.web.policy.reader import Reader
from deskbook.web.told import need_title


def next_in_words(who: NextActor) -> str:
    """Returns who acts next."""
    return {
        "desk": _("Next: the desk"),
        "requester": _("Next: the requester"),
        "third party": _("Next: somebody else"),
        "nobody": _("Next: nobody"),
    }[who]


def needs_in_words(reader: Reader, stage: Stage) -> str:
    """Returns what has to be said for a case to come there; nothing where it needs nothing."""
    needs = ", ".join(need_title(reader.desk, need) for need in stage.needs)
    return _("Needs: {what}").format(what=needs) if needs else ""


def stages(reader: Reader) -> Section:
    """Returns the stages in the book's order."""
    found = (
        Entry(stage.title, lines(stage.means, next_in_words(stage.next), *_choices(reader, stage)))
        for stage in reader.desk.stages.values()
    )
    return Section("stages", _("Stages of a case"), entries(found))


def _choices(reader: Reader, stage: Stage) -> Iterator[str]:
    """Yields what the requester may decide, with where it leads."""
    for choice in stage.choices:
        words = _("The requester may decide: “{choice}” – it becomes “{stage}”")
        end = reader.desk.stages[choice.to].title
        why = _(", and says why") if choice.why else ""
        yield words.format(choice=choice.title, stage=end) + why


def closure(reader: Reader) -> Section:
    """Returns which stages end by themselves when nobody answers, and what writing does then."""
    waiting = [(one, one.ladder) for one in reader.desk.stages.values() if one.ladder]
    rows = tuple(_row(reader, stage, ladder) for stage, ladder in waiting)
    head = (_("Stage"), _("Reminders"), _("Closed"))
    table: tuple[Block, ...] = ()
    if rows:
        kept = Said(_("Any answer or note of the requester keeps the case open."))
        table = (Table(head, rows), kept)
    return Section("closure", _("Closing when nobody answers"), (*table, *_coming_back(reader)))


def _row(reader: Reader, stage: Stage, ladder: Ladder) -> tuple[Cell, ...]:
    hours = reader.hours_title(ladder.hours) if ladder.hours else ""
    closes = _after(ladder.close) if ladder.close else _("not by itself")
    by = _("by the hours “{hours}”").format(hours=hours) if hours else ""
    return (stage.title,), tuple(_reminders(ladder)) or (_("none"),), lines(closes, by)


def _reminders(ladder: Ladder) -> Iterator[str]:
    for number, amount in enumerate(ladder.remind, start=1):
        yield f"{number}. {_after(amount)}"


def _after(amount: Amount) -> str:
    return _("after {amount}").format(amount=amount_in_words(amount))


def _coming_back(reader: Reader) -> Iterator[Said]:
    within = reader.desk.reopening.within
    if within:
        said = _("Who writes within {amount} opens a closed case again; later it is a new one.")
        yield Said(said.format(amount=amount_in_words(within)))


def freezes(reader: Reader) -> Section:
    """Returns which changes are held, between which days, and when they are picked up."""
    found = entries(_freeze(reader, freeze) for freeze in reader.desk.freezes)
    return Section("freezes", _("What waits until later"), found)


def _freeze(reader: Reader, freeze: Freeze) -> Entry:
    last = freeze.until_at - timedelta.resolution
    first, until, again = (
        day_in_words(_day(reader, at)) for at in (freeze.from_at, last, freeze.pick_up_at)
    )
    said = lines(
        *reader.conditions(freeze.when),
        _("Held from {first} until {last}, taken up again on {day}.").format(
            first=first, last=until, day=again
        ),
        _hand_over(reader, freeze),
    )
    return Entry(freeze.title, said)


def _hand_over(reader: Reader, freeze: Freeze) -> str:
    if freeze.hand_over_when is None or freeze.hand_over_to is None:
        return ""
    cases = "; ".join(reader.conditions(freeze.hand_over_when))
    return _("Then what is not solved goes to {team}: {cases}").format(
        team=reader.holder(freeze.hand_over_to), cases=cases
    )


def _day(reader: Reader, at: datetime) -> date:
    return at.astimezone(zone_named(reader.desk.zone)).date()
