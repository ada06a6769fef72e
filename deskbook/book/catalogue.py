"""Every code of a finding: what it means, an example, what to do. docs/book/findings.md is made of it."""

MADE = "<!-- made by `deskbook schema --docs docs/book` from the catalogue: do not edit -->\n"
CHAPTERS: dict[str, str] = {
    "The file": """
file | the file cannot be read | a name that is not there | name a file that is
encoding | the file is not UTF-8 | a letter of an old encoding | save it as UTF-8
characters | a character no text holds | a zero byte | delete it
empty | nothing is here | a file of comments; `then: []` | begin as the message says
too-big | more than is read | a million characters | split it, or undo a copy
too-deep | nested too deep | twenty brackets | take levels out
yaml | the text is no YAML | a quote never closed | mend the line, or the one above
tab | a tab indents | a tab before `name:` | indent with spaces
tag | a tag | `!x a` | delete it
alias | an alias stands for nothing | `*a` | write the value
documents | a second document | `---` | one book a file
key | a key is no text | `[a]: b` | write a word
bare-key | a comma cut a text in two | `{ name: Mail, chat }` | quotes around all of the text
duplicate-key | a key twice in one place | two `zone:` | delete one
edition | another edition of the language | `deskbook: 2` | `deskbook: 1`
""",
    "Words and values": """
missing | a key that must be there | no `zone:` | write it
unknown-key | a key this place does not have | `responds: 2h` | the key the message names
unknown-word | a word that is not among the known ones | `next: customer` | one of those named
unknown-name | a name the book does not declare | `to: sytems` | mend it, or declare it
type | another sort of value belongs here | a list for a text | write it as in the example
amount | no amount of time | `24 bh` | `24h`, see the amounts
window | no window of a day | `8-20` | `08:00-20:00`
zone | no time zone | `Toronto time` | `America/Toronto`
date | no date | `2026-02-30` | `2026-03-02`
dates | dates in the wrong order, or missing | until before from | swap or write them
number | no number | `at least: two` | digits
count | no number | `limit: ten` | digits
yes-or-no | neither yes nor no | `closed: maybe` | `yes` or `no`
factor | not how much longer | `after hours: slower` | `doubled`, `x3`
address | no mail address | `help at desk` | `help@desk.example`
prefix | no beginning of a number | `prefix: "1 a"` | letters, as `SPR`
language | no language | `languages: [english]` | `en`
clock | no clock, or nothing a clock does | `clocks: held` | `paused`
counters | neither a number nor names | `counters: { a: b }` | `3`, or a list
key-name | a name that is a key of the same place | a facet called `respond` | another word, or `values:`
same-name | two names that are one, capitals aside | `Help`, `help` | rename one
empty-name | a name without a letter | `"":` | give it one
twice | a list names something twice | `[en, pt, en]` | delete one
""",
    "Hours and dates": """
no-hours | a calendar without a day | `office: { closed: x }` | `mon-fri: 08:00-20:00`
day-twice | a day has hours already | `mon-fri` and `fri` | each day once
never-open | every day is closed | closed for all years | take closures out
over | hours, days or a freeze lie in the past | a campaign of last year | new dates, or delete it
overnight | a window past midnight of half a day and more | `18:00-09:00` | `09:00-18:00`, if the day is meant
fixed-zone | a zone without a place | `EST` | `America/Toronto`
holiday | a key that says no day | `boxing day:` | `12-26:`
unconfirmed | a date nobody has confirmed | `confirmed: no` | check it, delete the key
unused | a list no hours are closed by | `holidays` never named | name it under `closed:`
next-year | a list without a day of the year to come | no day of 2027 | add them
no-freeze-stage | a freeze, and no stage that holds | `freeze:` alone | a stage `set by: freeze`
""",
    "Severities and promises": """
two-scales | severities and priorities | both sections | keep one
two-defaults | two defaults | two `default: yes` | keep one
no-default | no usual level | none says `default: yes` | mark one
matrix | a row missing, or too long | two cells for three | one for each urgency
matrix-order | a smaller impact gives a graver level | two cells swapped | swap them back
matrix-never | a level no cell gives | S1 nowhere | give it, or leave it to people
matrix-refused | a cell gives what a channel may not claim | `only by: phone` | another cell, or open the channel
no-response | nothing says how soon a level is answered | S4 without a line | a line for it
no-target | a line that promises nothing | `{ severity: S1 }` | `respond: 2h`
dead-target | other lines take all of its cases | a rest of nothing | delete it, or say more
dead-promise | other lines promise it for all of its cases | `respond` in a last line | delete the key
tie | two lines fit one case, and only their order decides | severity S1, and type a | a line that says both
slower | a graver level is slower than a milder one | S1 4h, S2 2h | mend one amount
resolve-first | solved sooner than answered | respond 2d, resolve 1d | mend one amount
aim | the aim is not before the limit | `2bd to 1bd` | the shorter first
no-time | no time at all | `0h` | an amount
after-hours | after hours slows no open time | `1bd`, doubled | hours, or delete it
no-after-hours | no plan includes it | `doubled` | `after hours: yes` on a plan
unreachable-target | it can never be due | a calendar that ends | other hours
never-starts | what starts the clock cannot come | `from: arrival`, no teams | another beginning
nobody-there | the clock runs longer than promised while no team is there | round the clock, teams by day | hours of a team
team-promise | a promise that is not counted for a team | `{ team: x, respond: 1h }` | `answer`
""",
    "Stages": """
no-closed-stage | no case can end | no `closed: yes` | give one
first-stage | cases would open solved or closed | closed first | another first
first-closed | ordinary closing would end as redirected | redirected first | the closed stage above it
unreachable-stage | no case gets here | no way leads to it | let a stage move to it
endless-stage | a case here is never closed | a circle without an end | let it move on
no-way-out | nobody moves a case on | `to: [itself]` | name another
empty-to | `to` names no stage | `to: []` | name one, or delete it
answer-unnoticed | an answer leaves the case waiting | no `the requester writing` | a stage set by it
closing-refused | every stage refuses closing | `refuses: close` everywhere | let one close
two-stages | one thing leads to two stages | two `set by: asking` | keep one
ladder-order | reminders and closing do not grow | `[4bd, 2bd]` | put them in order
closed-ladder | reminders where a case is over | `closed`, `remind` | delete them
desk-ladder | reminders where the desk is next | `remind` in `new` | `next: requester`
""",
    "Sorting, teams and levels": """
two-facets | a facet that is there already | `facets: { severity: … }` | another word
no-values | a facet without values | `values: []` | name one
unrouted | a case no rule takes | type b, category d | a rule, or a last one for the rest
dead-rule | rules above take all of its cases | a line that says less, above | delete it, or move it up
unproved | too many overlaps to prove | hundreds of rules | fewer facets a rule
asked-late | routed at opening by what is chosen later | `asked: desk`, a default | `asked: requester`, or `first:`
two-names | a team and a level of one name | `L1` twice | another key
empty-level | a level without a team | L2 of nobody | `level: L2` on a team
no-people | a team that says of nobody who is there | no `people` | the roles
unreached-team | no case gets to this team | no rule, no hop | a line that leads there
no-way-on | no hop leads on from a team | only ways in | a line from it
no-way | a hop from and to the same | L1 to L1 | name two
no-hop | no way between neighbouring levels | L2 to L1 missing | a line back
no-way-up | handing up with nowhere to go | the last level | a hop up, or delete it
hand-up | a time where the clock's limit says when, or none where nothing does | on `respond breached`, `after: 1h` | delete `after`, or write it
hand-up-circle | hand-ups that run in a circle | L1 to L2 to L1 | end it somewhere
late-hand-up | all that was promised is broken by then | 5bd, respond 1h | a shorter time
unknown-channel | a hop by a channel the book does not have | `by: drum` | one it has
too-few-people | a roster asks for more than the team has | 3 of 2 | fewer, or more people
unstaffed | hours of a team no roster keeps | Sat 14:00–16:00 | a roster line for them
no-rosters | a roster, and no line that asks for one | `--roster` | write `rosters`
roster | a wrong line of a roster | an unknown team | mend the line
roster-gap | fewer on shift than asked for | nobody at night | a shift
columns | a roster without a column | no `until` | add it
unowned | a responsibility of nobody | no `owned by` | who owns it
seats | more named than seats | 5 for 3 | fewer, or more seats
no-channel | nothing says how they are reached | no `by` | `by: [phone]`
no-outside | a stage for redirected cases, and nobody outside | no `outside` | name them
no-redirected-stage | redirected cases count as closed | none `redirected: yes` | give one
no-procedure | a procedure that names nothing | no steps, no papers | name some
""",
    "Channels, places and wordings": """
unconnected | a channel that would only be recorded | `whatsap` | mend it, or `by: other`
channel-word | mail or portal by another name | `by: email` | `email: { name: … }`
no-identity | nothing asked tells people apart | chat asks a name | a field that `identifies`
same-address | a mail address twice | two of one | delete one
no-address | an outside contact told by mail, without an address | no `mail` | write it
two-answers | asked here and not there | `asked by`, `asks` | say it once
two-values | a visit of two categories | a list | name one
no-counters | nobody is received | visits, no counters | `counters: 1`
no-walk-in | counters, and no channel for visitors | no `walk-in` | add it
no-services | counters, and nothing to come for | no `services` | name them
not-offered | a service of no site | none names it | name it at a site
missing-language | a text is missing in a language of the desk | no `pt` | write it
same-template | two wordings for one thing | twice in `en` | delete one
template-name | no name WhatsApp knows | `id: Hello!` | `a-z`, `0-9`, `_`
template-variable | what cannot be filled in | `{who}` | one of those known
unused-template | a wording never sent | `for: hello` | a purpose there is
long-sms | more than three text messages | 500 characters | shorten it
""",
    "Scenarios": """
book | no such book, or one with errors | `book: x` | mend it
sentence | no sentence of a scenario | `the agent dances` | the nearest one
moment | no moment, or one no clock shows | Sun 02:30 in spring | another time
order | a step before the one above | 11:00, 10:00 | put them in order
""",
}


def entries() -> dict[str, tuple[str, str, str]]:
    """Returns what each code means, an example, and what to do."""
    lines = (line.split(" | ") for text in CHAPTERS.values() for line in text.strip().split("\n"))
    return {code: (means, example, do) for code, means, example, do in lines}


def page() -> str:
    """Returns docs/book/findings.md."""
    parts = [
        MADE,
        "# What `deskbook check` finds\n\n"
        "A finding says where, how bad it is, what and what to do, and ends with its code:\n"
        "`books/harbour.yaml:7:20: error: … [amount]`. An error keeps the book from running, a warning is\n"
        "worth a look. Where other lines are part of it, each stands below, `…:9:7: see here`, and under\n"
        "`also` in `--json`. Codes stay what they are.\n",
    ]
    told = entries()
    for chapter, text in CHAPTERS.items():
        parts.append(f"\n## {chapter}\n")
        for code in (line.partition(" | ")[0] for line in text.strip().split("\n")):
            means, example, do = told[code]
            parts.append(
                f"\n### {code}\n\n{means[0].upper()}{means[1:]}. For example: {example}. What to do: {do}.\n"
            )
    return "".join(parts)
