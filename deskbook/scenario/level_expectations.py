"""What a scenario may expect of levels, procedures, freezes, estimates, hours and rosters."""

from datetime import timedelta

from deskbook.book.words import fold
from deskbook.engine import events as happened
from deskbook.engine.decide_stage import decide_stage
from deskbook.engine.procedures import missing_papers, open_steps
from deskbook.engine.rosters import gaps, on_duty
from deskbook.refusals.refusal import Refusal
from deskbook.scenario.level_steps import team_named, titled
from deskbook.scenario.moments import read_moment, written
from deskbook.scenario.sentences import Said, Sentence
from deskbook.scenario.story import CannotBe, Story

Instead = str | None


def _held(story: Story, said: Said) -> Instead:
    case = story.as_of(said.at).case
    wanted = read_moment(said.words["until"], said.zone)[0]
    if case.held_by and case.pick_up_at == wanted:
        return None
    return (
        f"it is held until {written(case.pick_up_at, said.zone)}"
        if case.pick_up_at
        else "nothing holds it"
    )


def _back(story: Story, said: Said) -> Instead:
    wanted = read_moment(said.words["until"], said.zone)[0] if "until" in said.words else said.at
    back = [r.entry.at for r in story.log if isinstance(r.entry.event, happened.PickedUp)]
    return (
        None
        if wanted in back
        else f"it is back: {', '.join(written(at, said.zone) for at in back) or 'never'}"
    )


def _redirected(story: Story, said: Said) -> Instead:
    case = story.as_of(said.at).case
    if case.redirected_to is None:
        return "it was not redirected"
    wanted = said.words.get("to")
    known = {key: contact.title for key, contact in story.desk.outside.items()}
    if wanted and titled(wanted, known, "outside contact") != case.redirected_to:
        return f"it was redirected to {known.get(case.redirected_to, case.redirected_to)}"
    return None


def _cannot_be_solved(story: Story, said: Said) -> Instead:
    """Tries the book's first solved stage on the case as it stood then."""
    case = story.as_of(said.at).case
    solved = next((stage for stage in story.desk.stages.values() if stage.solved), None)
    if solved is None:
        raise CannotBe("the book has no stage with “solved: yes”")
    refused = decide_stage(story.desk, case, solved.key, at=said.at, by=story.agent())
    if not isinstance(refused, Refusal):
        return "it can be solved"
    wanted = said.words.get("why") or said.text()
    if wanted and fold(wanted) not in fold(refused.sentence):
        return f"it cannot be solved: {refused.sentence}"
    return None


def _can_be_solved(story: Story, said: Said) -> Instead:
    left = open_steps(story.desk, story.as_of(said.at).case)
    return f"open steps: {', '.join(step.title for step in left)}" if left else None


def _papers(story: Story, said: Said) -> Instead:
    missing = [paper.title for paper in missing_papers(story.desk, story.as_of(said.at).case)]
    wanted = said.words.get("papers", "").split(", ") if said.words.get("papers") else []
    if sorted(map(fold, missing)) == sorted(map(fold, wanted)):
        return None
    return f"missing: {', '.join(missing)}" if missing else "no paper is missing"


def _is_open(story: Story, said: Said) -> Instead:
    named = said.words.get("hours")
    known = {key: calendar.name for key, calendar in story.desk.calendars.items()}
    calendar = story.desk.calendars[titled(named, known, "hours") if named else story.desk.hours]
    is_open = calendar.is_open(said.at)
    wanted = said.words["state"].lower() == "open"
    return (
        None if is_open == wanted else f"{named or 'the desk'} is {'open' if is_open else 'closed'}"
    )


def _who_is_on(story: Story, said: Said) -> Instead:
    on = on_duty(story.shifts, team_named(story.desk, said.words["team"]), at=said.at)
    people = said.words["people"].replace(" and ", ", ")
    wanted = [] if fold(people) == "nobody" else [fold(person) for person in people.split(", ")]
    return None if sorted(on) == sorted(wanted) else f"on shift: {', '.join(on) or 'nobody'}"


def _gap(story: Story, said: Said) -> Instead:
    team = team_named(story.desk, said.words["team"])
    until_at = read_moment(said.words["until"], said.zone)[0]
    around = timedelta(days=1)
    found = gaps(story.desk, story.shifts, from_at=said.at - around, until_at=until_at + around)
    mine = [(gap.from_at, gap.until_at) for gap in found if gap.team == team]
    if (said.at, until_at) in mine:
        return None
    return (
        "; ".join(f"{written(a, said.zone)} to {written(b, said.zone)}" for a, b in mine)
        or "there is no gap"
    )


def _no_gap(story: Story, said: Said) -> Instead:
    team = team_named(story.desk, said.words["team"])
    until_at = read_moment(said.words["until"], said.zone)[0]
    found = [
        gap
        for gap in gaps(story.desk, story.shifts, from_at=said.at, until_at=until_at)
        if gap.team == team
    ]
    told = (
        f"{written(gap.from_at, said.zone)} to {written(gap.until_at, said.zone)}" for gap in found
    )
    return "; ".join(told) or None


def _estimate(story: Story, said: Said) -> Instead:
    estimates = story.as_of(said.at).case.estimates
    if not estimates:
        return "no estimate was offered"
    latest = estimates[-1]
    now = "signed" if latest.signed_at else "declined" if latest.declined_at else "open"
    return None if now == said.words["state"].lower() else f"the estimate is {now}"


def _booked(story: Story, said: Said) -> Instead:
    minutes = sum(estimate.booked_minutes for estimate in story.as_of(said.at).case.estimates)
    return None if minutes == int(said.words["minutes"]) else f"{minutes}m booked in all"


def _arrived(story: Story, said: Said) -> Instead:
    visits = story.as_of(said.at).case.visits
    team = team_named(story.desk, said.words["team"])
    if visits and visits[-1].team == team and visits[-1].arrived_at == said.at:
        return None
    told = [f"{written(visit.arrived_at, said.zone)} {visit.team}" for visit in visits]
    return f"it reached: {', '.join(told) or 'no team'}"


_UNTIL = r"(?P<until>MOMENT)"
LEVEL_THEN: tuple[Sentence[Instead], ...] = (
    Sentence(
        r"it reaches (?P<team>.+)",
        "It arrived at this team at this instant; a level stands for its team.",
        "it reaches L3",
        _arrived,
    ),
    Sentence(
        r"(?:it|the case) (?:is|was) redirected(?: to (?P<to>.+))?",
        "It went to an outside contact.",
        "it is redirected to NMCP officials",
        _redirected,
    ),
    Sentence(
        r"it cannot be solved(?:: ?(?P<why>.+))?",
        "Solving it would be refused; the words after the colon say why.",
        "it cannot be solved: Tell the district supervisor",
        _cannot_be_solved,
    ),
    Sentence(r"it can be solved", "No mandatory step is open.", "it can be solved", _can_be_solved),
    Sentence(
        r"missing: (?P<papers>.+)",
        "The papers that have not come, all of them.",
        "missing: FORM 3",
        _papers,
    ),
    Sentence(r"no paper is missing", "Everything needed is there.", "no paper is missing", _papers),
    Sentence(
        r"it is held until " + _UNTIL,
        "A freeze holds it, and it will be picked up then.",
        "it is held until Sun 2023-08-20 00:00",
        _held,
    ),
    Sentence(
        r"it is back(?: on " + _UNTIL + ")?",
        "It came back from its freeze at this instant, or the one named.",
        "it is back",
        _back,
    ),
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
        r"on shift for (?P<team>[^:]+): ?(?P<people>.+)",
        "Who is on shift by the scenario's roster, or nobody.",
        "on shift for L2: Asha and Bala",
        _who_is_on,
    ),
    Sentence(
        r"(?P<team>.+) has a gap until " + _UNTIL,
        "From this instant on fewer are on shift than the book asks for.",
        "L2 has a gap until Mon 2023-08-07 16:00",
        _gap,
    ),
    Sentence(
        r"(?P<team>.+) has no gap until " + _UNTIL,
        "From this instant on enough are on shift.",
        "L2 has no gap until Tue 2023-08-08 00:00",
        _no_gap,
    ),
    Sentence(
        r"the estimate is (?P<state>open|signed|declined)",
        "How the latest estimate stands.",
        "the estimate is signed",
        _estimate,
    ),
    Sentence(
        r"(?P<minutes>\d+)m are booked in all",
        "What is booked on the work orders of the case.",
        "60m are booked in all",
        _booked,
    ),
)
