"""The same acts as the statements they come down to, through psycopg and nothing else: what cannot
be beaten.
"""

import psycopg

SUBJECT = "plain sql"
"""Of the tickets it writes, by which they are known: they are no cases of the desk."""


def _connected(given):
    return psycopg.connect(given["database"], autocommit=True)


def list_open(given):
    connection = _connected(given)

    def act(rng):
        return len(connection.execute(*given["list"]).fetchall()) >= 50

    return act


def ticket(given):
    connection = _connected(given)

    def act(rng):
        number = int(rng.choice(given["numbers"]).rpartition("-")[2])
        row = connection.execute(
            "select t.*, c.name, o.name from deskbook_ticket t join deskbook_contact c on c.id ="
            " t.requester_id left join deskbook_organisation o on o.id = t.organisation_id where"
            " t.desk_id = %s and t.number = %s",
            [given["desk"], number],
        ).fetchone()
        log = connection.execute(
            "select * from deskbook_logentry where ticket_id = %s order by seq", [row[0]]
        )
        messages = connection.execute(
            "select * from deskbook_message where ticket_id = %s order by at, id", [row[0]]
        )
        return bool(log.fetchall()) and bool(messages.fetchall())

    return act


def search_rare(given):
    return _search(given, "rare")


def search_common(given):
    return _search(given, "common")


def _search(given, which):
    connection = _connected(given)
    sql, parameters = given["search"]

    def act(rng):
        word = rng.choice(given[which]).lower()
        query = " & ".join(f"{part}:*" for part in word.split())
        return bool(connection.execute(sql, parameters | {"words": query}).fetchall())

    return act


def create(given):
    connection = _connected(given)
    columns, shown = copied(
        given["columns"]["deskbook_ticket"],
        {"number": "nextval(%(sequence)s)", "subject": f"'{SUBJECT}'"},
    )

    def act(rng):
        values = {"id": rng.choice(given["answerable_ids"]), "sequence": given["sequence"]}
        with connection.transaction():
            new = connection.execute(
                f"insert into deskbook_ticket ({columns}) select {shown} from"
                " deskbook_ticket where id = %(id)s returning id",
                values,
            ).fetchone()
            message = _message(given, connection, new[0], values["id"])
            _entry(given, connection, new[0], values["id"], "seq <= 2")
        return bool(message)

    return act


def reply(given):
    connection = _connected(given)

    def act(rng):
        with connection.transaction():
            row = connection.execute(
                "select id, seq from deskbook_ticket where id = %s for no key update",
                [rng.choice(given["plain_ids"])],
            ).fetchone()
            message = _message(given, connection, row[0], given["answerable_ids"][0])
            _entry(given, connection, row[0], given["answerable_ids"][0], "seq = 1", seq=row[1] + 1)
            connection.execute(
                "update deskbook_ticket set seq = seq + 1, last_activity_at = now(), search ="
                " coalesce(search, '') || to_tsvector('simple', 'we have found the cause and are"
                " testing a correction') where id = %s",
                [row[0]],
            )
        return bool(message)

    return act


def copied(columns, own):
    """Return the columns, and what a copy of a row has in each: its own where `own` says so."""
    return ", ".join(f'"{name}"' for name in columns), ", ".join(
        own.get(name, f'"{name}"') for name in columns
    )


def _message(given, connection, ticket, of):
    columns, shown = copied(
        given["columns"]["deskbook_message"], {"ticket_id": "%s", "at": "now()"}
    )
    return connection.execute(
        f"insert into deskbook_message ({columns}) select {shown} from deskbook_message"
        " where ticket_id = %s order by id limit 1 returning id",
        [ticket, of],
    ).fetchone()


def _entry(given, connection, ticket, of, which, seq=None):
    own = {"ticket_id": "%s", "seq": "coalesce(%s::integer, seq)", "recorded_at": "now()"}
    columns, shown = copied(given["columns"]["deskbook_logentry"], own)
    connection.execute(
        f"insert into deskbook_logentry ({columns}) select {shown} from deskbook_logentry"
        f" where ticket_id = %s and {which}",
        [ticket, seq, of],
    )


ACTS = {
    "list of open, most urgent first": list_open,
    "one ticket": ticket,
    "search, rare word": search_rare,
    "search, common word": search_common,
    "create": create,
    "reply": reply,
}
