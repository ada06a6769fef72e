"""docs/book/scenarios.md, made of the tables of sentences."""

from collections.abc import Iterable
from typing import Any

from deskbook.book.reference import table_of_keys
from deskbook.scenario.language import STEPS, THEN
from deskbook.scenario.scenario import ScenarioEntry
from deskbook.scenario.sentences import Sentence

_BEGINNING = """\
<!-- made by `deskbook play --docs docs/book` from the tables of sentences: do not edit -->
# Scenarios

A scenario tells what happens to one case and what must come of it. `deskbook play` runs it on the
engine that runs the desk, in a made-up time, and shows what differed. Scenarios lie in a folder
named after the book, `books/sparkrock/*.scenario.yaml` beside `books/sparkrock.yaml`; a file holds
one, or a list of them.

```yaml
scenario: Silence after a question closes the case
clause: Waiting for Customer
steps:
  - Mon 2026-03-02 10:00  a contact on plan standard opens a case: { severity: S2 }
  - Mon 2026-03-02 11:00  an agent asks: Please send the log file
then:
  - Wed 2026-03-04 11:00  reminder 1 is sent
  - Tue 2026-03-10 11:00  the case is closed
```

Several cases of one desk have names, and each line begins with the one it is of; a list of them is
said of all:

```yaml
scenario: Who waits longest stands first
cases: [lamp, pump]
steps:
  - Mon 2026-03-02 10:00  on pump, the contact opens a case
  - Mon 2026-03-02 10:30  on lamp, the contact opens a case
  - Mon 2026-03-02 11:00  on pump, an agent answers: We look at it
then:
  - Mon 2026-03-02 10:45  agents find pump, then lamp
  - Mon 2026-03-02 11:00  agents find lamp, then pump
  - Mon 2026-03-02 11:00  cases in stage new are lamp
```

## Keys

"""
_MOMENTS = """
## Moments

Each line begins with a moment: `Mon 2026-03-02 10:00`. It is wall time in the book's zone; another
zone may follow the time, `Mon 2026-03-02 10:00 America/Vancouver`. The day of the week may be left
out; when it is there it must fit the date. Steps stand in order. What falls due at the instant of a
step happens before the step.
"""


def page() -> str:
    """Returns the page as Markdown."""
    parts = [
        _BEGINNING,
        table_of_keys(ScenarioEntry),
        _MOMENTS,
        "\n## What may happen (`steps`)\n\n",
        "Agents belong to the team that has the case, unless the sentence names another: ",
        "`an agent of eGov answers`.\n\n",
        _table(STEPS),
        "\n## What may be expected (`then`)\n\n",
        "Clocks are called as in a book and by `deskbook due`: `response`, `update` (or `next",
        " update`), `resolve` (or `resolution`), `team`, `team resolve` (`team-resolve` there)",
        " and `promise`; the latest of its kind, or one by its number: `update 2`, `team 1`.\n\n",
        _table(THEN),
    ]
    return "".join(parts)


def _table(sentences: Iterable[Sentence[Any]]) -> str:
    rows = "".join(f"| `{s.example}` | {s.means} |\n" for s in sentences)
    return "| sentence | what it means |\n|---|---|\n" + rows
