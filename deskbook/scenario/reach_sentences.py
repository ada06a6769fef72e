"""What may be expected of channels, of places, and of who decides about visits to sites."""

from deskbook.engine.decide_site_visit import visits_rule
from deskbook.scenario.level_steps import team_named, titled
from deskbook.scenario.sentences import Said, Sentence
from deskbook.scenario.story import Story

Instead = str | None


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


def _who_decides(story: Story, said: Said) -> Instead:
    rule = visits_rule(story.desk, story.as_of(said.at).case)
    if rule is None:
        return "the book sends nobody out for this case"
    wanted = (
        team_named(story.desk, said.words["team"]),
        team_named(story.desk, said.words["goes"]),
    )
    if (rule.decided_by, rule.carried_out_by) == wanted:
        return None
    teams = story.desk.teams
    return f"{teams[rule.decided_by].title} decides and {teams[rule.carried_out_by].title} goes"


REACH_THEN: tuple[Sentence[Instead], ...] = (
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
        r"visits are decided by (?P<team>.+) and carried out by (?P<goes>.+)",
        "What the book says of visits for a case like this.",
        "visits are decided by PMU and carried out by DMT",
        _who_decides,
    ),
)
