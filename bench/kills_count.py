"""What a desk that was killed at random did with its work, beside what was sent to it and what its
mail server saw.
"""

import json
import subprocess
from collections import Counter, defaultdict
from dataclasses import dataclass, field

FOLLOWS = {
    "Acknowledged": ("acknowledgement", "true"),
    "Answered": ("answer", "true"),
    "Closed": ("closing", "coalesce(data->>'cause', '') <> 'requester'"),
}
"""Kind of entry → the purpose of the mail that tells the requester of it, and for which of the
entries.
"""
NOT_ON_THE_CLOCK = "task_name not in (select task_name from procrastinate_periodic_defers)"
"""What the clock asks for comes again by itself, whatever became of the last time."""


@dataclass
class Line:
    """One kind of work: each list names what is wrong."""

    kind: str
    count: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unequal: list[str] = field(default_factory=list)

    def __str__(self):
        wrong = [name for found in (self.lost, self.doubled, self.unequal) for name in found]
        figures = f"{self.kind}: {self.count}, lost {len(self.lost)}, doubled {len(self.doubled)}"
        return f"{figures}, unequal {len(self.unequal)}" + "".join(
            f"\n    {name}" for name in wrong[:20]
        )

    @property
    def wrong(self):
        return len(self.lost) + len(self.doubled) + len(self.unequal)


def counted(desk, posted, said, left):
    """Return one line for each kind of work; `left` is what was not done in the time there was."""
    mails = _Mails(desk)
    return [
        Line("work left undone", lost=[left] if left else []),
        _mail_in(desk, posted),
        _acknowledged(desk),
        _said(desk, said, mails),
        *(_follow(desk, kind, mails) for kind in FOLLOWS),
        _reminders(desk, mails),
        _sent(mails),
        _said_of_what_failed(desk, mails),
        _seen(desk, mails),
        _closings(desk, mails),
        _jobs(desk),
        _kept_whole(desk),
        _logged(desk),
    ]


class _Mails:
    """The desk's rows of outgoing mail, and by Message-ID what the server took."""

    def __init__(self, desk):
        names = (
            "entry",
            "recipient",
            "purpose",
            "id",
            "state",
            "reason",
            "hard",
            "ticket",
            "message",
        )
        rows = desk.select(
            "select entry_id, recipient, purpose, mail_id, state, reason, hard, ticket_id,"
            " message_id from deskbook_outboundmail order by id"
        )
        self.rows = [dict(zip(names, row, strict=True)) for row in rows]
        self.refused = desk.sink.refused
        self.taken = defaultdict(list)
        for taken in list(desk.sink.taken):
            self.taken[taken.mail_id].append(taken)

    def name(self, row):
        return f"{row['purpose']} to {row['recipient']} ({row['state']}: {row['reason'][:120]})"

    def why_not(self, row):
        """Return why what the row says is not what the server saw; None when both say the same."""
        taken = self.taken[row["id"]]
        if row["state"] == "sent":
            return None if taken else "never arrived"
        if any(copy.told for copy in taken):
            return "arrived"
        if row["state"] == "dropped" and row["purpose"] == "reminder" and not taken:
            return None  # the requester wrote before it could leave
        if row["state"] in ("bounced", "failed", "held") and self.refused[row["recipient"]]:
            return None
        return f"is {row['state']}"


def _mail_in(desk, posted):
    line = Line("mail in", len(posted))
    found = desk.select(
        "select btrim(m.text, E' \\n'), t.subject from deskbook_message m join deskbook_ticket t on"
        " t.id = m.ticket_id where m.kind = 'request'"
    )
    tickets = Counter(subject for (subject,) in desk.select("select subject from deskbook_ticket"))
    for mail in posted:
        places = [subject for text, subject in found if text == mail.text]
        where = f"Trouble of {mail.address}"
        _compare(line, mail.text, len(places), accepted=mail.accepted)
        if places and places != [where] * len(places):
            line.unequal.append(f"{mail.text} is on {places}")
        if not mail.reply and tickets[where] > 1:
            line.doubled.append(f"{where}: {tickets[where]} tickets")
    return line


def _acknowledged(desk):
    """Everybody hears that their mail arrived, but those whom the mail server does not know."""
    rows = desk.select(
        "select t.subject, count(e.id) from deskbook_ticket t left join deskbook_logentry e"
        " on e.ticket_id = t.id and e.kind = 'Acknowledged' group by t.id, t.subject"
    )
    line = Line("cases and their acknowledgement", len(rows))
    line.lost = [
        where
        for where, n in rows
        if not n and not desk.sink.refused[where.removeprefix("Trouble of ")]
    ]
    line.doubled = [f"{where}: {n} times" for where, n in rows if n > 1]
    return line


def _compare(line, name, found, *, accepted):
    if found > 1:
        line.doubled.append(f"{name}: {found} times")
    elif accepted and not found:
        line.lost.append(name)


def _said(desk, said, mails):
    line = Line("answers and questions", len(said))
    rows = desk.select(
        "select btrim(m.text, E' \\n'), m.id, (select count(*) from deskbook_logentry e where"
        " e.ticket_id = m.ticket_id and e.kind = 'Answered' and e.data->>'message' = m.id::text)"
        " from deskbook_message m where kind = 'answer'"
    )
    for words in said:
        found = [row for row in rows if row[0] == words.text]
        _compare(line, words.text, len(found), accepted=words.acknowledged)
        for _text, message, entries in found:
            if entries != 1:
                line.unequal.append(f"{words.text}: {entries} entries")
            if not any(
                row["message"] == message for row in mails.rows if row["purpose"] == "answer"
            ):
                line.lost.append(f"{words.text}: no mail of it")
    return line


def _follow(desk, kind, mails):
    """The entries of a kind beside the mails that tell of them: one for one, each as the server saw
    it.
    """
    purpose, condition = FOLLOWS[kind]
    entries = desk.select(f"select id from deskbook_logentry where kind = %s and {condition}", kind)
    rows = Counter(row["entry"] for row in mails.rows if row["purpose"] == purpose)
    line = Line(f"{kind} and its mail", len(entries))
    line.lost = [f"entry {pk} has no mail" for (pk,) in entries if not rows[pk]]
    line.doubled = [f"entry {pk} has {rows[pk]} mails" for (pk,) in entries if rows[pk] > 1]
    known = {pk for (pk,) in entries}
    line.unequal = [f"entry {pk} has a mail it should not have" for pk in rows if pk not in known]
    return line


def _reminders(desk, mails):
    """A reminder is in the log as sent when, and only when, the server took it."""
    sql = "select ticket_id, data->>'due_at', id from deskbook_logentry where kind = %s"
    due = {pk: (ticket, at) for ticket, at, pk in desk.select(sql, "ReminderDue")}
    told = Counter((ticket, at) for ticket, at, _pk in desk.select(sql, "ReminderSent"))
    arrived = Counter(
        due.get(r["entry"])
        for r in mails.rows
        if r["purpose"] == "reminder" and mails.taken[r["id"]]
    )
    line = Line("ReminderSent and its mail", told.total())
    line.lost = [f"in the log, and never arrived: {key}" for key in told if not arrived[key]]
    line.doubled = [f"{n} mails of {key}" for key, n in arrived.items() if n > 1]
    line.unequal = [f"arrived, and not in the log: {key}" for key in arrived if not told[key]]
    line.unequal += [f"{n} times in the log: {key}" for key, n in told.items() if n > 1]
    return line


def _said_of_what_failed(desk, mails):
    """What was given up is said on its case: nobody has to guess."""
    said = Counter(
        ticket
        for (ticket,) in desk.select(
            "select ticket_id from deskbook_logentry where kind in ('DeliveryFailed',"
            " 'CannotBeReached')"
        )
    )
    failed = [row for row in mails.rows if row["state"] in ("bounced", "failed") and row["ticket"]]
    line = Line("mail given up", len(failed))
    line.unequal = [
        f"{mails.name(row)}: its case does not say so" for row in failed if not said[row["ticket"]]
    ]
    return line


def _sent(mails):
    """What each row of outgoing mail says beside what the server saw."""
    line = Line("mail out", len(mails.rows))
    for row in mails.rows:
        if why := mails.why_not(row):
            wrong = (
                line.lost
                if why == "never arrived" or row["state"] in ("queued", "sending", "held")
                else line.unequal
            )
            wrong.append(f"{mails.name(row)}: {why}")
    return line


def _seen(desk, mails):
    """What the server took: nothing the desk does not know of, nothing twice but under one
    Message-ID (0006).
    """
    ours = [taken for taken in list(desk.sink.taken) if taken.mail["Reply-To"]]
    line = Line("what the mail server took", len(ours))
    known = {row["id"] for row in mails.rows}
    line.unequal = [
        f"{taken.mail_id} to {taken.recipient}" for taken in ours if taken.mail_id not in known
    ]
    different = defaultdict(set)
    for taken in ours:
        body = str(taken.mail.get_body(("plain",)).get_content())
        different[taken.recipient, str(taken.mail["Subject"]), body].add(taken.mail_id)
    # May say the same twice.
    reminders = {row["id"] for row in mails.rows if row["purpose"] in ("reminder", "notice")}
    line.doubled = [str(key[:2]) for key, ids in different.items() if len(ids - reminders) > 1]
    return line


def _closings(desk, mails):
    """Nobody's case is closed for silence who was not told that it would be."""
    rows = desk.select(
        "select c.ticket_id, t.subject from deskbook_logentry c join deskbook_ticket t on t.id ="
        " c.ticket_id where c.kind = 'Closed' and c.data->>'cause' = 'silence'"
    )
    told = {
        row["ticket"]
        for row in mails.rows
        if row["purpose"] == "reminder" and mails.taken[row["id"]]
    }
    line = Line("closed for silence", len(rows))
    line.unequal = [
        f"{subject}: nobody was reminded" for ticket, subject in rows if ticket not in told
    ]
    return line


def _jobs(desk):
    line = Line("jobs and mails set aside")
    failed = desk.select(
        "select task_name, id, args::text, attempts from procrastinate_jobs"
        f" where status = 'failed' and {NOT_ON_THE_CLOCK}"
    )
    line.lost = [f"failed job {row}" for row in failed]
    aside = desk.select(
        "select envelope_from, state, reason from deskbook_inboundmail where state <> 'done'"
    )
    line.lost += [f"mail of {sender} is {state}: {reason}" for sender, state, reason in aside]
    return line


def _kept_whole(desk):
    line = Line("tickets verified", desk.select("select count(*) from deskbook_ticket")[0][0])
    try:
        desk.run("verify")
    except (AssertionError, subprocess.SubprocessError) as broken:
        line.unequal = [str(broken)[:2000]]
    return line


def _logged(desk):
    """Whatever died in the middle of what, each line of the log is one of JSON."""
    lines = (desk.data / "serve.log").read_text(errors="replace").splitlines()
    return Line(
        "lines of the log", len(lines), unequal=[line[:200] for line in lines if not _is_json(line)]
    )


def _is_json(line):
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def again(desk):
    """Return how many copies arrived again under a Message-ID that had arrived, which nothing can
    prevent (0006).
    """
    copies = Counter(taken.mail_id for taken in list(desk.sink.taken))
    return copies.total() - len(copies)
