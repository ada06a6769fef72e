"""What a simulation came to, as a page of its own: charts as SVG, nothing loaded from anywhere."""

from collections.abc import Iterable, Iterator
from html import escape

from deskbook.simulation.intervals import Interval, days_over_runs
from deskbook.simulation.tally import Measure
from deskbook.simulation.told import (
    CLOCKS,
    Came,
    in_words,
    percent,
    roster_of,
    sort_titled,
    sorted_shares,
    teams_titled,
)

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2733; --faint: #5b6b7b; --bar: #2f6fb0; --paper: #fff;
  --track: #e3e8ee; --between: #1c2733; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --faint: #9fb0c0; --bar: #5a9bdc;
  --paper: #14191f; --track: #2a333d; --between: #e6ebf0; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
p, figcaption { color: var(--faint); }
figure { margin: 0; }
.row { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 1rem;
  align-items: center; margin: .4rem 0; }
.row svg { grid-column: 1 / -1; width: 100%; height: 14px; }
.row .share { text-align: right; }
.track { fill: var(--track); } .bar { fill: var(--bar); }
.between { stroke: var(--between); stroke-width: 2; }
.line { fill: none; stroke: var(--bar); stroke-width: 2; vector-effect: non-scaling-stroke; }
.area { fill: var(--bar); opacity: .2; }
.days { width: 100%; height: 160px; }
pre { overflow-x: auto; font-size: .8rem; }
"""


def page(came: Came) -> str:
    """Returns the page as HTML."""
    first, last = came.days
    title = f"{came.desk.title}, {first} to {last}"
    parts = [
        f"<h1>{escape(title)}</h1>",
        f"<p>{escape(roster_of(came))}; {len(came.runs)} runs, seed {came.seed}. The thin line is"
        " where the true number lies in 95 of 100 cases.</p>",
        *_promises(came),
        "<h2>Time with something in hand</h2>",
        *_utilisation(came),
        "<h2>Open cases at the end of each day</h2>",
        _days(days_over_runs(came.runs), first, last),
        "<h2>All of it</h2>",
        f'<pre tabindex="0">{escape(in_words(came))}</pre>',
    ]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )


def _promises(came: Came) -> Iterator[str]:
    before = ""
    for clock, severity, level in sorted_shares(came.measures):
        if clock != before:
            yield f"<h2>Promises kept: {escape(CLOCKS.get(clock, clock))}</h2>"
        before = clock
        share = came.measures[Measure("met", (clock, severity, level))]
        yield _row(sort_titled(came.desk, severity, level), share)


def _utilisation(came: Came) -> Iterable[str]:
    return (
        _row(teams_titled(came.desk, name.of[0]), share)
        for name, share in came.measures.items()
        if name.what == "utilisation"
    )


def _row(name: str, share: Interval) -> str:
    said = percent(share)
    ends = ""
    if share.low is not None and share.high is not None:
        low, high = (1000 * min(max(end, 0.0), 1.0) for end in (share.low, share.high))
        ends = f'<path class="between" d="M{low:.1f} 7H{high:.1f}"/>'
    return (
        f'<div class="row"><span>{escape(name)}</span><span class="share">{escape(said)}</span>'
        f'<svg viewBox="0 0 1000 14" preserveAspectRatio="none" role="img"'
        f' aria-label="{escape(name)}: {escape(said)}">'
        f'<rect class="track" width="1000" height="14"/>'
        f'<rect class="bar" width="{1000 * min(share.mean, 1.0):.1f}" height="14"/>{ends}'
        "</svg></div>"
    )


def _days(days: list[Interval], first: str, last: str) -> str:
    if len(days) < 2:
        return "<p>Too short a time for a line.</p>"
    most = max(1.0, *(day.high or day.mean for day in days))
    step = 1000 / (len(days) - 1)

    def at(number: int, value: float) -> str:
        return f"{number * step:.1f},{160 - 156 * max(value, 0.0) / most:.1f}"

    line = " ".join(at(n, day.mean) for n, day in enumerate(days))
    upper = [at(n, day.high or day.mean) for n, day in enumerate(days)]
    lower = [at(n, day.mean if day.low is None else day.low) for n, day in enumerate(days)]
    area = " ".join([*upper, *reversed(lower)])
    said = f"From {days[0].mean:.0f} to {days[-1].mean:.0f}, {most:.0f} at most"
    return (
        f'<figure><svg class="days" viewBox="0 0 1000 160" preserveAspectRatio="none" role="img"'
        f' aria-label="{said}"><polygon class="area" points="{area}"/>'
        f'<polyline class="line" points="{line}"/></svg>'
        f"<figcaption>{said}; {first} on the left, {last} on the right.</figcaption></figure>"
    )
