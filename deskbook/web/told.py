"""What a sentence of the timeline may speak of: names for ids, titles of the book."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from deskbook.engine.desk import Desk, Facet
from deskbook.engine.ticket import Actor
from deskbook.people.words import Words
from deskbook.web.shared.connected import by_word

_FACETS = {
    "Type": gettext_lazy("Type"),
    "Category": gettext_lazy("Category"),
    "Site": gettext_lazy("Site"),
    "Impact": gettext_lazy("Impact"),
    "Urgency": gettext_lazy("Urgency"),
}
_OTHER_CHANNELS = {
    "portal": gettext_lazy("Portal"),
    "visit": gettext_lazy("Visit"),
    "calendar": gettext_lazy("By itself"),
}
"""Beside those that declare their titles (web/shared/connected.py)."""


@dataclass(frozen=True, slots=True)
class Names:
    """What ids in events stand for, looked up once for the whole timeline."""

    agents: Mapping[str, str] = field(default_factory=dict)
    contacts: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    """Message id → its text: reasons and promises."""
    accounts: Mapping[str, str] = field(default_factory=dict)
    """Account id → the mail address it signs in by."""
    people: Mapping[str, str] = field(default_factory=dict)
    """Contact id → that of the contact that stands for the person."""

    def of(self, actor: Actor) -> str:
        if actor.kind == "system" and actor.id:
            return actor.id.capitalize()  # another system, through its bridge
        known = {"agent": self.agents, "contact": self.contacts}.get(actor.kind, {})
        return known.get(actor.id) or (_("somebody who left") if actor.id else _("the desk"))

    def agent(self, id_: str | None) -> str:
        return self.agents.get(id_ or "", _("somebody who left"))

    def because(self, message: str | None) -> str:
        text = self.text(message)
        return f": {text}" if text else ""

    def text(self, message: str | None) -> str:
        return self.texts.get(message or "", "").strip()


def severity_word(desk: Desk) -> str:
    """Returns what the desk calls it, as a label in the reader's language: “Priority”."""
    return _("Priority") if desk.severity_word == "priority" else _("Severity")


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    icon: str = "stage"
    tone: str = ""
    did: str = ""
    """What the author of its message did, said above that; it is shown in place of the text."""
    is_more: bool = False
    """The text says more than that: it is shown as well."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence may speak of."""

    desk: Desk
    names: Names
    by: Actor
    arrived: bool = True
    """False where a message that belongs to it has not left, or reached nobody: then no sentence
    says "sent".
    """

    @property
    def who(self) -> str:
        return self.names.of(self.by)

    def contact(self, id_: str) -> str:
        return self.names.contacts.get(id_, _("Somebody"))

    def stage(self, key: str) -> str:
        return self.desk.stages[key].title if key in self.desk.stages else key

    def severity(self, key: str) -> str:
        known = self.desk.severities.get(key)
        return known.title if known else key

    def team(self, key: str) -> str:
        return team_title(self.desk, key)

    def step(self, key: str) -> str:
        return next((s.title for p in self.desk.procedures for s in p.steps if s.key == key), key)

    def paper(self, key: str) -> str:
        return next((s.title for p in self.desk.procedures for s in p.papers if s.key == key), key)

    def facets(self, given: Mapping[str, str]) -> str:
        pairs = []
        for key, value in given.items():
            facet = self.desk.facets.get(key)
            title, said = (
                (facet_title(facet), facet.values.get(value, value)) if facet else (key, value)
            )
            pairs.append(f"{title}: {said}")
        return ", ".join(pairs)


def by_whom(
    words: Callable[[], str],
    icon: str,
    did: Callable[[], str] = str,
    *,
    is_more: bool = False,
) -> Callable[[Any, Told], Sentence]:
    """Returns what makes the sentence of an event that only names who did it and one thing more."""

    @cache
    def said_in(_language: str) -> tuple[str, str]:
        return words(), did()

    def told_so(event: Any, told: Told) -> Sentence:
        what = {name: getattr(event, name) for name in type(event).__dataclass_fields__}
        said, done = said_in(get_language() or "")
        return Sentence(said % {**what, "who": told.who}, icon, did=done, is_more=is_more)

    return told_so


def facet_title(facet: Facet) -> str:
    """Returns what a facet is called; one of every book that this one gives no other name, in the
    reader's language.
    """
    return str(_FACETS.get(facet.title, facet.title))


def need_title(desk: Desk, need: str) -> str:
    """Returns what a stage needs as the label of a field."""
    said = desk.said(need)
    return said[:1].upper() + said[1:]


def not_in_book(title: str) -> str:
    """Returns what a case still has of a book of before, told apart from what can be chosen now."""
    return title and _("%(what)s (not in the book any more)") % {"what": title}


def with_those_in_use(options: Mapping[str, Words], used: Iterable[str]) -> dict[str, Words]:
    """Returns what can be chosen, and behind it what is used and the book does not have."""
    gone = {key: not_in_book(key) for key in used if key and key not in options}
    return {**options, **gone}


def team_title(desk: Desk, key: str) -> str:
    """Returns the team with its level, by the short part of its title: "Help desk, Nampula
    (L2)".
    """
    team = desk.teams.get(key)
    level = desk.levels.get(team.level or "") if team else None
    short = level.title.partition(" – ")[0] if level else ""
    if team is None or not short or short in team.title:
        return team.title if team else not_in_book(key)
    return f"{team.title} ({short})"


def channel_title(channel: str, desk: Desk | None = None) -> str:
    """Returns a channel's name for people: what the book calls it, translated where that is the
    usual word.
    """
    own = desk.channels[channel].title if desk and channel in desk.channels else ""
    if own and own.casefold() != channel.casefold():
        return own
    return _usual_title(channel, get_language() or "") or own or channel.capitalize()


@lru_cache(maxsize=256)
def _usual_title(channel: str, _language: str) -> str:
    known = by_word()
    usual = known[channel].title if channel in known else _OTHER_CHANNELS.get(channel)
    return str(usual or "")


def channel_icon(channel: str, desk: Desk) -> str:
    """Returns the mark of a channel, of static/icons.svg, by what kind of channel the book says it
    is; empty where nothing of the desk's own carries it.
    """
    kind = desk.channels[channel].kind if channel in desk.channels else channel
    if kind in by_word():
        return by_word()[kind].icon
    return "portal" if kind == "portal" else ""


def channel_in_sentence(channel: str, desk: Desk | None = None) -> str:
    """Returns a channel's name as it stands in a sentence: "phone", but "WhatsApp" and "SMS"."""
    title = channel_title(channel, desk)
    return title[:1].lower() + title[1:] if title[1:].islower() else title
