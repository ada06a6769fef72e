"""Whatever a book holds is on its page: asked of the desk that runs, not of what the page is made
of.
"""

from datetime import timedelta
from fractions import Fraction

import pytest

from deskbook.engine.amounts import BusinessDays, EndOfBusinessDay, OpenTime
from deskbook.web.policy import policy as made
from tests.web.policy.pages import BOOKS, book, page, words

NAMES = [
    *sorted(path.stem for path in BOOKS.glob("*.yaml")),
    "satisfied",
    "confined",
    "letters",
    "service-levels",
    "reminders",
]


def amount(of):
    """Return an amount as the page writes it in English."""
    if isinstance(of, BusinessDays):
        said = {Fraction(1, 2): "½"}.get(of.days, str(of.days))
        return f"{said} business day" + ("" if of.days <= 1 else "s")
    if of == EndOfBusinessDay(1):
        return "the end of the day"
    assert isinstance(of, OpenTime)
    assert of.duration % timedelta(hours=1) == timedelta(0)
    hours = of.duration // timedelta(hours=1)
    return f"{hours} hour" + ("" if hours == 1 else "s")


def hours_of(desk):
    for calendar in desk.calendars.values():
        for windows in calendar.weekly.values():
            yield from ("–".join(window.clocks) for window in windows)
        for closing in calendar.closures:
            yield closing.name
            if hasattr(closing, "from_at"):
                yield f"{closing.from_at:%a} {closing.from_at.day} {closing.from_at:%b %Y}"


def durations_of(desk):
    for target in desk.targets:
        yield from (amount(target.limit),) if target.limit else ()
    for stage in desk.stages.values():
        if stage.ladder:
            steps = (*stage.ladder.remind, *filter(None, [stage.ladder.close]))
            yield from (f"after {amount(step)}" for step in steps)


def ways_of(desk):
    yield from desk.mail
    for one in desk.channels.values():
        yield from (one.means, one.when_closed)
        if one.key not in ("email", "app"):
            yield one.title
    for site in desk.sites.values():
        yield from (site.title, site.means, site.phone)


def named_of(desk):
    for section in ("stages", "severities", "plans", "levels", "teams", "outside", "services"):
        for one in getattr(desk, section).values():
            yield from (one.title, getattr(one, "means", ""))
    yield from (freeze.title for freeze in desk.freezes)
    for facet in desk.facets.values():
        yield from (*facet.values.values(), *facet.means.values())
    for procedure in desk.procedures:
        yield from (text for paper in procedure.papers for text in (paper.title, paper.hint))
    yield from (text for one in desk.outside.values() for text in one.examples)
    yield from (text for one in desk.fields for text in (one.title, one.hint))


def texts_of(said):
    yield from said.notes.values()
    for what, owned in said.responsibilities.items():
        yield from (what, *owned.owned_by, *owned.supported_by)
    yield from (text for plan in said.plans.values() for text in plan.entitlements)
    for name, tool in said.seats.items():
        yield from (name, tool.means, str(tool.limit), *tool.for_)


def kept_of(desk):
    for line in desk.keep:
        years = line.after.months // 12
        yield f"{years} year" + ("" if years == 1 else "s")


def said_of_many_cases(desk):
    yield from (text for one in desk.service_levels for text in (one.title, f"{one.at_least}%"))
    yield from (f"{one.most} a {one.each}" for one in desk.reminders if one.most)
    yield from (text for one in desk.compensations for text in (one.title, str(one.pays), one.to))


def said_in_letters_and_without_a_name(desk):
    yield from (line.text for line in desk.letters)
    if desk.anonymous:
        yield "Cases without a name"


def missing(name, shown):
    desk, said = book(name)
    everything = (
        hours_of,
        durations_of,
        ways_of,
        named_of,
        kept_of,
        said_in_letters_and_without_a_name,
        said_of_many_cases,
    )
    wanted = [*(text for read in everything for text in read(desk)), *texts_of(said)]
    return [text for text in dict.fromkeys(wanted) if text not in shown]


@pytest.mark.parametrize("name", NAMES)
def test_every_hour_duration_address_stage_severity_and_category_of_a_book_is_on_its_page(name):
    assert missing(name, words(page(name))) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_markdown_says_what_the_page_says(name):
    plain = page(name, form="md").replace("\\", "").replace("  \n", " ")
    assert missing(name, " ".join(plain.split())) == []


@pytest.mark.parametrize("section", made.POLICY, ids=lambda section: section.__name__)
def test_a_page_without_one_of_its_sections_would_be_noticed(section, monkeypatch):
    monkeypatch.setattr(made, "POLICY", tuple(one for one in made.POLICY if one is not section))
    page.cache_clear()
    noticed = any(missing(name, words(page(name))) for name in NAMES)
    monkeypatch.undo()
    page.cache_clear()
    assert noticed


def steps_of(desk):
    for procedure in desk.procedures:
        yield from (text for step in procedure.steps for text in (step.title, step.hint))


@pytest.mark.parametrize("name", NAMES)
def test_the_manual_says_every_step_team_and_way_besides(name):
    desk, _said = book(name)
    shown = words(page(name, for_agents=True))
    wanted = [*steps_of(desk), *durations_of(desk), *named_of(desk)]
    titles = {
        **{t.key: t.title for t in desk.teams.values()},
        **{k: v.title for k, v in desk.levels.items()},
    }
    wanted += [f"{titles[hop.leaves]} → {titles[hop.arrives]}" for hop in desk.hops]
    wanted += [f"→ {titles[rule.to]}" for rule in desk.rules]
    wanted += [f"at least: {line.at_least}" for line in desk.staffing]
    assert [text for text in wanted if text not in shown] == []
