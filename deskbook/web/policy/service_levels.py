"""How many cases are in time, and what follows where they are not."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from deskbook.book.compare.promised import CLOCKS
from deskbook.engine.money import Money, Part, percent_in_words
from deskbook.engine.quotas import PERIODS
from deskbook.engine.service_level_parts import Compensation, Credit, ServiceLevel
from deskbook.web.policy.amounts import amount_in_words
from deskbook.web.policy.parts import Entry, Section, entries, lines
from deskbook.web.policy.reader import Reader


def service_levels(reader: Reader) -> Section:
    """Returns how many of the promises are kept, and what is owed for those that are not; a book
    that says neither has no such section.
    """
    desk = reader.desk
    levels = entries(_level(reader, one) for one in desk.service_levels)
    late = entries(_compensation(reader, one) for one in desk.compensations)
    return Section("service-levels", _("What we keep to"), (*levels, *late))


def _level(reader: Reader, level: ServiceLevel) -> Entry:
    said = _("{clock}: at least {share} in time, {period} taken together").format(
        clock=capfirst(_(CLOCKS[level.clock])),
        share=percent_in_words(level.at_least),
        period=_(PERIODS[level.each]),
    )
    when = {**level.when, "team": level.teams} if level.teams else level.when
    whose = _("counted for each organisation by itself") if level.by_organisation else ""
    aim = _("in time is what is done by the aim") if level.within == "aim" else ""
    credits = (_credit(reader, one) for one in level.credits)
    title = reader.said(level.title)
    return Entry(title, lines("; ".join(reader.conditions(when)), said, aim, whose, *credits))


def _credit(reader: Reader, credit: Credit) -> str:
    said = _("Below {share}: {amount}")
    return said.format(share=percent_in_words(credit.below), amount=_amount(reader, credit.gives))


def _amount(reader: Reader, gives: Money | Part) -> str:
    if isinstance(gives, Money):
        return str(gives)
    said = _("{share} of {what}")
    return said.format(share=percent_in_words(gives.percent), what=reader.said(gives.of))


def _compensation(reader: Reader, line: Compensation) -> Entry:
    clock = capfirst(_(CLOCKS[line.clock]))
    once = _("{clock} too late: {amount}").format(clock=clock, amount=line.pays)
    each = _("for every {span} begun").format(span=amount_in_words(line.each)) if line.each else ""
    most = _("at most {money}").format(money=line.most) if line.most else ""
    to = _("to: {who}").format(who=reader.said(line.to)) if line.to else ""
    said = ", ".join(filter(None, (once, each, most, to)))
    return Entry(reader.said(line.title), lines("; ".join(reader.conditions(line.when)), said))
