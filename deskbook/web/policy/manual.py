"""The manual of those who work at a desk: what its book has them do."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from deskbook.book.compare.promised import CLOCKS
from deskbook.engine.channels import Site, Template
from deskbook.engine.desk import Staffing, Stage, Tell
from deskbook.engine.procedure_parts import Procedure, Step
from deskbook.engine.recurring import Recurring
from deskbook.web.macro_sentences import macro_sentences
from deskbook.web.policy import cases, hours, letters, people, reach, service_levels, stages
from deskbook.web.policy.diagrams import of_levels, of_stages, trigger_words
from deskbook.web.policy.parts import (
    Block,
    Entry,
    Points,
    Said,
    Section,
    entries,
    lines,
    under,
)
from deskbook.web.policy.reader import Reader
from deskbook.web.timetables import timetable
from deskbook.web.told import channel_title


def levels(reader: Reader) -> Section:
    """Returns the levels drawn, the ways a case may go, and who is told."""
    desk, blocks = reader.desk, list[Block]()
    if desk.teams:
        blocks.append(of_levels(reader))
    if len(desk.teams) > 1 and not desk.hops:
        blocks.append(Said(_("A case may go from any team to any other.")))
    told = Points(tuple(_told(reader, tell) for tell in desk.tells))
    blocks += under(_("Who else is told"), [told] if told.points else [])
    return Section("levels", _("Levels and the ways between them"), tuple(blocks))


def _told(reader: Reader, tell: Tell) -> str:
    moments = {
        "opening": _("when a case is opened"),
        "breach": _("when a promised time has passed"),
        "handing up": _("when a case is handed up"),
        "closing time": _("how the day went, at closing time"),
    }
    return _("{who}: {moments} ({cases})").format(
        who=", ".join(_known(reader, one) for one in tell.to),
        moments=", ".join(words for moment, words in moments.items() if moment in tell.on),
        cases="; ".join(reader.conditions(tell.when)),
    )


def routing(reader: Reader) -> Section:
    """Returns the rules by which a case finds its team, in their order."""
    desk, blocks = reader.desk, list[Block]()
    if desk.first_team:
        said = _("Every case arrives first at: {team}").format(team=reader.holder(desk.first_team))
        blocks.append(Said(said))
    rules = tuple(
        f"{'; '.join(reader.conditions(rule.when))} → {reader.holder(rule.to)}"
        for rule in desk.rules
    )
    if rules:
        blocks += [Said(_("The first line that fits counts.")), Points(rules, ordered=True)]
    return Section("routing", _("Who gets a case"), tuple(blocks))


def stages_in_full(reader: Reader) -> Section:
    """Returns the stages drawn, and of each what holds there."""
    found = entries(_stage(reader, stage) for stage in reader.desk.stages.values())
    return Section("stages", _("Stages of a case"), (of_stages(reader), *found))


def _stage(reader: Reader, stage: Stage) -> Entry:
    words = trigger_words()
    reached = ", ".join(words[trigger] for trigger in words if trigger in stage.set_by)
    moves = [one.title for key, one in reader.desk.stages.items() if key in (stage.moves or ())]
    refused = ", ".join(sorted(stage.refuses))
    said = lines(
        stage.means,
        stages.next_in_words(stage.next),
        _("Reached by itself: {when}").format(when=reached) if reached else "",
        "" if stage.by_hand else _("Nobody moves a case here by hand."),
        _("From here by hand to: {stages}").format(stages=", ".join(moves)) if moves else "",
        stages.needs_in_words(reader, stage),
        _("Refused here: {acts}").format(acts=refused) if refused else "",
        *_clocks(reader, stage),
    )
    return Entry(stage.title, said)


def _clocks(reader: Reader, stage: Stage) -> Iterator[str]:
    """Yields which clocks of the desk's promises do not run on there."""
    promised = {target.clock for target in reader.desk.targets}
    held = {"pauses": _("Paused: {clocks}"), "stops": _("Stopped: {clocks}")}
    for effect, words in held.items():
        clocks = [
            _(CLOCKS[clock])
            for clock, does in stage.clocks.items()
            if does == effect and clock in promised
        ]
        if clocks:
            yield words.format(clocks=", ".join(clocks))


def steps(reader: Reader) -> Section:
    """Returns what is done for each sort of case, in order."""
    shown = (one for one in reader.desk.procedures if one.steps)
    blocks = [block for procedure in shown for block in _steps(reader, procedure)]
    return Section("steps", _("Steps"), tuple(blocks))


def _steps(reader: Reader, procedure: Procedure) -> tuple[Block, ...]:
    listed = Points(tuple(map(_step, procedure.steps)), ordered=True)
    return under("; ".join(reader.conditions(procedure.when)), [listed])


def _step(step: Step) -> str:
    said = step.title if step.mandatory else _("{step} (may stay undone)").format(step=step.title)
    return f"{said} – {step.hint}" if step.hint else said


def macros(reader: Reader) -> Section:
    """Returns what can be done to a case by one key, and to which."""
    found = (
        Entry(
            one.title,
            (
                *reader.conditions(one.when),
                *macro_sentences(reader.desk, one, one.answer),
            ),
        )
        for one in reader.desk.macros
    )
    return Section("macros", _("Several acts by one key"), entries(found))


def recurring(reader: Reader) -> Section:
    """Returns which cases open by themselves, and when."""
    found = (
        Entry(one.title, lines(*timetable(reader, one.when), one.text, *_sorted_as(reader, one)))
        for one in reader.desk.recurring
    )
    return Section("recurring", _("Cases that open by themselves"), entries(found))


def promised_reports(reader: Reader) -> Section:
    """Returns which reports are mailed, to whom and when."""
    found = (
        Entry(
            one.title,
            lines(
                *timetable(reader, one.when),
                _("To: {who}").format(who=", ".join(_known(reader, name) for name in one.to)),
            ),
        )
        for one in reader.desk.promised_reports
    )
    return Section("reports", _("Reports that are promised"), entries(found))


def _known(reader: Reader, name: str) -> str:
    return {"leads": _("Leads"), "owners": _("Owners")}.get(name) or reader.holder(name)


def _sorted_as(reader: Reader, line: Recurring) -> Iterator[str]:
    facets = {**line.facets, **({"severity": line.severity} if line.severity else {})}
    if facets:
        when = {facet: frozenset({value}) for facet, value in facets.items()}
        yield "; ".join(reader.conditions(when))
    if line.team:
        yield reader.holder(line.team)


def rosters(reader: Reader) -> Section:
    """Returns who must be on shift, in which hours."""
    blocks = entries(_staffing(reader, line) for line in reader.desk.staffing)
    always = reader.values_in_words("severity", reader.desk.alert_always)
    said = _("Alerts that do not wait for office hours: {cases}").format(cases=always)
    return Section("rosters", _("Rosters"), (*blocks, *((Said(said),) if always else ())))


def _staffing(reader: Reader, line: Staffing) -> Entry:
    assigned = {
        "round robin": _("New cases are given to who is on shift, in turn."),
        "least loaded": _("New cases are given to who is on shift and has the fewest."),
    }
    said = lines(
        reader.hours_title(line.hours),
        _("On shift, at least: {count}").format(count=line.at_least),
        line.place or "",
        assigned.get(line.assign or "", ""),
    )
    return Entry(reader.holder(line.team), said)


def counters(reader: Reader) -> Section:
    """Returns where visitors are received, and by which team."""
    shown = (site for site in reader.desk.sites.values() if site.team or site.counters)
    found = entries(_site(reader, site) for site in shown)
    return Section("counters", _("Places and their counters"), found)


def _site(reader: Reader, site: Site) -> Entry:
    services = ", ".join(reader.desk.services[key].title for key in site.services)
    said = lines(
        reader.holder(site.team) if site.team else "",
        _("Counters: {names}").format(names=", ".join(site.counters)) if site.counters else "",
        services,
    )
    return Entry(site.title, said)


def directory(reader: Reader) -> Section:
    """Returns what is known of each requester."""
    found = (
        Entry(
            field.title,
            lines(
                field.means,
                _("No two people have the same.") if field.identifies else "",
                _("Nobody is known without it.") if field.required else "",
            ),
        )
        for field in reader.desk.directory.values()
    )
    return Section("directory", _("What is known of each requester"), entries(found))


def wordings(reader: Reader) -> Section:
    """Returns the wordings that are registered with a carrier."""
    found = entries(_wording(reader, template) for template in reader.desk.templates)
    return Section("wordings", _("Registered wordings"), found)


def _wording(reader: Reader, template: Template) -> Entry:
    by = channel_title(template.channel, reader.desk)
    return Entry(
        f"{template.purpose}, {by}, {template.language}",
        lines(template.text, template.registered),
    )


MANUAL = (
    levels,
    routing,
    stages_in_full,
    cases.severities,
    cases.targets,
    service_levels.service_levels,
    stages.closure,
    steps,
    macros,
    recurring,
    promised_reports,
    letters.letters,
    reach.without_a_name,
    cases.about_what,
    stages.freezes,
    people.outside,
    hours.hours,
    rosters,
    people.teams,
    people.responsibilities,
    reach.channels,
    reach.places,
    counters,
    cases.plans,
    cases.limits,
    directory,
    wordings,
    people.tools,
    people.notes,
)
"""What an agent asks first stands first: where it goes, what happens to it, what is done."""
