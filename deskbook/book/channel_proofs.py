"""What can be proved about channels, the places visitors go to, wordings and site visits."""

from collections.abc import Iterator

from deskbook.book.channels import channel_entries
from deskbook.book.compile import Compiled
from deskbook.book.findings import Path
from deskbook.book.words import fold
from deskbook.engine.channels import Template

LONGEST_VARIABLE = 40  # characters a DLT template lets a variable have
LONGEST_SMS = 3  # parts: more are dear, and come apart on old phones
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
"""The alphabet of a text message (3GPP TS 23.038); any other character makes all of it twice as
long.
"""


def prove_channels(compiled: Compiled) -> None:
    """What a channel asks tells people apart."""
    desk, remarks = compiled.desk, compiled.remarks
    for name in channel_entries(compiled.book):
        channel, path = desk.channels[fold(name)], ("channels", name)
        if channel.asks and not any(desk.directory[field].identifies for field in channel.asks):
            said = (
                f"nothing {name!r} asks tells two people apart: ask for a field with `identifies:"
                " yes` too"
            )
            remarks.warn(path, said, "no-identity", at_key=True)
        if channel.kind == "chat" and not channel.asks:
            said = f"{name!r} asks nobody who they are: name fields of the directory under `asks`"
            remarks.warn(path, said, "no-identity", at_key=True)


def prove_visitors(compiled: Compiled) -> None:
    """Visitors find a counter, a counter finds something to serve, and every service is offered
    somewhere.
    """
    desk, remarks = compiled.desk, compiled.remarks
    walk_in = [
        name
        for name in channel_entries(compiled.book)
        if desk.channels[fold(name)].kind == "walk-in"
    ]
    counted = [name for name, site in compiled.book.sites.items() if site.counters]
    if walk_in and not counted:
        said = (
            "visitors are received by token nowhere: give a site `counters`; where nobody draws a"
            " token, the channel is `by: other`"
        )
        remarks.warn(("channels", walk_in[0]), said, "no-counters", at_key=True)
    if counted and not walk_in:
        said = "there is no channel for visitors: add one `by: walk-in`"
        remarks.warn(("sites", counted[0], "counters"), said, "no-walk-in", at_key=True)
    if counted and not desk.services:
        said = "nothing says what visitors come for: name it under `services`"
        remarks.error(("sites", counted[0], "counters"), said, "no-services", at_key=True)
    for path, message, code in _idle(compiled):
        remarks.error(path, message, code, at_key=True)


def _idle(compiled: Compiled) -> Iterator[tuple[Path, str, str]]:
    """Yields sites that offer services and have no counter, and services that no site offers."""
    for name, site in compiled.book.sites.items():
        if site.services and not site.counters:
            yield (
                ("sites", name, "services"),
                "nobody is received here: write `counters` too",
                "no-counters",
            )
    offered = {service for site in compiled.desk.sites.values() for service in site.services}
    for name in compiled.book.services:
        if fold(name) not in offered:
            yield (
                ("services", name),
                "no site offers it: name it under a site with `counters`",
                "not-offered",
            )


def prove_templates(compiled: Compiled) -> None:
    """Each wording is there in every language of the book, and a text message is not too long."""
    desk, remarks = compiled.desk, compiled.remarks
    spoken: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for number, said in enumerate(compiled.book.templates):
        spoken.setdefault((fold(said.for_), said.by), []).append((number, said.language))
    for (purpose, by), wordings in spoken.items():
        if missing := [
            language
            for language in desk.languages
            if language not in {told for _, told in wordings}
        ]:
            what = (
                f"{purpose} by {by} has no wording in {' and '.join(missing)}: people get"
                f" {wordings[0][1]}"
            )
            remarks.warn(("templates", wordings[0][0]), what, "missing-language")
    for number, template in enumerate(desk.templates):
        parts, characters = sms_size(template)
        if template.channel == "sms" and parts > LONGEST_SMS:
            what = (
                f"with {len(template.variables)} variables of {LONGEST_VARIABLE} characters it has"
                f" {characters}, {parts} text messages: shorten it"
            )
            remarks.warn(("templates", number, "text"), what, "long-sms")


def sms_size(template: Template) -> tuple[int, int]:
    """Returns how many text messages a wording makes at most, and of how many characters.

    A message holds 160 characters of its own alphabet or 70 of any other; one of several parts 153
    or 67.
    """
    fixed = template.text
    for name in template.variables:
        fixed = fixed.replace(f"{{{name}}}", "", 1)
    characters = len(fixed) + LONGEST_VARIABLE * len(template.variables)
    alone, joined = (160, 153) if set(fixed) <= _GSM else (70, 67)
    return (1 if characters <= alone else -(-characters // joined)), characters


def prove_site_visits(compiled: Compiled) -> None:
    """Somebody can go, and no line is taken away by one above it."""
    remarks = compiled.remarks
    roles = {fold(name): team.people for name, team in compiled.book.teams.items()}
    for number, visits in enumerate(compiled.desk.site_visits):
        if not roles.get(visits.carried_out_by):
            what = "this team has no `people`: nobody could be proposed"
            also = tuple(
                ("teams", name)
                for name in compiled.book.teams
                if fold(name) == visits.carried_out_by
            )
            path: Path = ("site visits", number, "carried out by")
            remarks.warn(path, what, "no-people", also=also)
        for earlier, above in enumerate(compiled.desk.site_visits[:number]):
            if all(
                visits.when.get(facet, frozenset()) and visits.when[facet] <= values
                for facet, values in above.when.items()
            ):
                what = (
                    f"no case gets here: line {earlier + 1} of the list takes them all. Move this"
                    " one above it"
                )
                remarks.error(("site visits", number), what, "dead-rule")
                break
