"""Sentences of time itself: hours, freezes, the end of a campaign, a server that is down."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from deskbook.engine import events as happened
from deskbook.engine.desk import Desk
from deskbook.scenario.moments import written
from deskbook.scenario.named import titled
from deskbook.scenario.sentences import UNTIL, Instead, Said, Sentence
from deskbook.scenario.story import CannotBe, Story


def _server_down(story: Story, said: Said) -> None:
    story.down_until = said.until()


def _campaign_ends(story: Story, said: Said) -> None:
    ends = {written(at, said.zone) for at in campaign_ends(story.desk)}
    if said.at not in campaign_ends(story.desk):
        raise CannotBe(
            f"the campaign ends {' and '.join(sorted(ends)) or 'never: the book has none'}"
        )


def campaign_ends(desk: Desk) -> set[datetime]:
    """Returns the instants at which a freeze or the desk's own calendar ends."""
    ends = {freeze.until_at for freeze in desk.freezes}
    last = desk.calendars[desk.hours].valid_until
    if last is None:
        return ends
    wall = (
        last if isinstance(last, datetime) else datetime.combine(last, time()) + timedelta(days=1)
    )
    return ends | {wall.replace(tzinfo=ZoneInfo(desk.zone)).astimezone(UTC)}


def _nothing(story: Story, said: Said) -> None:
    """What is due falls due by itself."""


def _is_open(story: Story, said: Said) -> Instead:
    named = said.words.get("hours")
    known = {key: calendar.name for key, calendar in story.desk.calendars.items()}
    calendar = story.desk.calendars[titled(named, known, "hours") if named else story.desk.hours]
    is_open = calendar.is_open(said.at)
    wanted = said.words["state"].lower() == "open"
    return (
        None if is_open == wanted else f"{named or 'the desk'} is {'open' if is_open else 'closed'}"
    )


def _channel_is_open(story: Story, said: Said) -> Instead:
    known = {key: channel.title for key, channel in story.desk.channels.items()}
    channel = story.desk.channels[titled(said.words["channel"], known, "channel")]
    is_open = story.desk.channel_hours(channel).is_open(said.at)
    wanted = said.words["state"].lower() == "open"
    return None if is_open == wanted else f"{channel.title} is {'open' if is_open else 'closed'}"


def _visitors(story: Story, said: Said) -> Instead:
    desk = story.desk
    site = desk.sites[
        titled(said.words["site"], {key: site.title for key, site in desk.sites.items()}, "site")
    ]
    walk_in = desk.channel_of("walk-in")
    hours = desk.calendars[site.hours or (walk_in.hours if walk_in else None) or desk.hours]
    received = bool(site.counters) and hours.is_open(said.at)
    if received == ("not" not in said.words):
        return None
    return f"visitors are {'' if received else 'not '}received at {site.title}"


def _held(story: Story, said: Said) -> Instead:
    case = story.as_of(said.at).case
    wanted = said.until()
    if case.held_by and case.pick_up_at == wanted:
        return None
    return (
        f"it is held until {written(case.pick_up_at, said.zone)}"
        if case.pick_up_at
        else "nothing holds it"
    )


def _back(story: Story, said: Said) -> Instead:
    wanted = said.until() if "until" in said.words else said.at
    back = [r.entry.at for r in story.log if isinstance(r.entry.event, happened.PickedUp)]
    return (
        None
        if wanted in back
        else f"it is back: {', '.join(written(at, said.zone) for at in back) or 'never'}"
    )


STEPS: tuple[Sentence[None], ...] = (
    Sentence(
        r"the server is down until " + UNTIL,
        "Nothing is noticed until then.",
        "the server is down until Mon 2026-03-09 09:00",
        _server_down,
    ),
    Sentence(
        r"nobody acts", "Time passes; what is due by itself happens.", "nobody acts", _nothing
    ),
    Sentence(
        r"the campaign ends",
        "The last day of the campaign, or of a freeze, is over at this very instant.",
        "the campaign ends",
        _campaign_ends,
    ),
)
THEN: tuple[Sentence[Instead], ...] = (
    Sentence(
        r"the desk is (?P<state>open|closed)",
        "The desk's own calendar at this instant.",
        "the desk is closed",
        _is_open,
    ),
    Sentence(
        r"the hours (?P<hours>.+) are (?P<state>open|closed)",
        "Another calendar of the book.",
        "the hours bangalore are open",
        _is_open,
    ),
    Sentence(
        r"the channel (?P<channel>.+) is (?P<state>open|closed)",
        "A channel of the book at this instant.",
        "the channel live chat is closed",
        _channel_is_open,
    ),
    Sentence(
        r"visitors are (?P<not>not )?received at (?P<site>.+)",
        "A site with counters, within its visitor hours.",
        "visitors are received at PMU",
        _visitors,
    ),
    Sentence(
        r"it is held until " + UNTIL,
        "A freeze holds it, and it will be picked up then.",
        "it is held until Sun 2023-08-20 00:00",
        _held,
    ),
    Sentence(
        r"it is back(?: on " + UNTIL + ")?",
        "It came back from its freeze at this instant, or the one named.",
        "it is back",
        _back,
    ),
)
