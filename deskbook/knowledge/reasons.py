"""Reasons of readers as findings: in the list of what to make better, and by theme over the
months.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from deskbook.knowledge.models import ArticleFinding, ArticleText, ArticleVote
from deskbook.people.models import HelpDesk
from deskbook.tickets.improvement_models import Finding

THEMES = {
    "unclear": "Articles: hard to understand",
    "wrong": "Articles: wrong",
    "outdated": "Articles: out of date",
    "incomplete": "Articles: incomplete",
    "other matter": "Articles: found for another matter",
    "too long": "Articles: too long",
}
"""Reason → the theme of its findings, in the language agents keep the list in."""
_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Said:
    """How many readers of an article gave one reason."""

    text: ArticleText
    votes: int


def keep_findings(vote: ArticleVote, *, at: datetime) -> None:
    """Puts each reason of a vote on the desk's list of findings, once for each article; one done
    before is open again.

    They are the author's, who begins what is to be done about them.
    """
    for reason in vote.reasons:
        known = (
            ArticleFinding.objects.filter(text=vote.text_id, reason=reason)
            .select_related("finding")
            .first()
        )
        if known is None:
            with transaction.atomic():
                ArticleFinding.objects.get_or_create(
                    text=vote.text, reason=reason, defaults={"finding": _finding(vote, reason, at)}
                )
        elif known.finding.state == Finding.State.DONE:
            Finding.objects.filter(pk=known.finding_id).update(state=Finding.State.OPEN)


def said_of(findings: Iterable[Finding]) -> dict[int, list[Said]]:
    """Returns finding → the articles whose readers gave its reason, and how many did."""
    rows = list(
        ArticleFinding.objects.filter(finding__in=[finding.pk for finding in findings])
        .select_related("text__published", "text__latest")
        .defer("text__search")
    )
    votes = ArticleVote.objects.filter(text__in=[row.text_id for row in rows]).values_list(
        "text_id", "reasons"
    )
    given = Counter((text, reason) for text, reasons in votes for reason in reasons)
    found = defaultdict(list)
    for row in rows:
        found[row.finding_id].append(Said(row.text, given[row.text_id, row.reason]))
    return dict(found)


def themes_by_month(desk: HelpDesk, since_at: datetime, zone: str) -> list[tuple[str, str, int]]:
    """Returns (theme, "2026-03", count): tickets added to a theme's findings and readers' reasons
    in each month.
    """
    with connection.cursor() as cursor:
        cursor.execute(_THEMES, {"desk": desk.pk, "since": since_at, "zone": zone})
        return [(theme, month, int(count)) for theme, month, count in cursor.fetchall()]


def _finding(vote: ArticleVote, reason: str, at: datetime) -> Finding:
    theme = THEMES[reason]
    ending = f" – {theme.partition(': ')[2]}"
    title = f"“{str(vote.version.title)[: _LONGEST_TITLE - len(ending) - 2]}”{ending}"
    same = Finding.objects.filter(desk=vote.text.desk_id, title__iexact=title).first()
    start = {"theme": theme, "made_by": vote.text.author, "at": at}
    return (
        same or Finding.objects.get_or_create(desk=vote.text.desk, title=title, defaults=start)[0]
    )


_THEMES = """
    with happened as (
        select finding.theme, link.at from deskbook_findingticket link
            join deskbook_finding finding on finding.id = link.finding_id
            where finding.desk_id = %(desk)s and link.at >= %(since)s
        union all
        select finding.theme, vote.at from deskbook_articlevote vote
            join deskbook_articlefinding about on about.text_id = vote.text_id
                and about.reason = any(vote.reasons)
            join deskbook_finding finding on finding.id = about.finding_id
            where finding.desk_id = %(desk)s and vote.at >= %(since)s
    )
    select theme, to_char(at at time zone %(zone)s, 'YYYY-MM') as month, count(*) from happened
    group by 1, 2 order by 1, 2
"""
