"""The same acts as the statements they come down to, through psycopg and nothing else: what cannot
be beaten.
"""

import psycopg


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
    columns = given["ticket_columns"]
    shown = ", ".join(
        {"number": "nextval(%(sequence)s)", "subject": "'plain sql'"}.get(name, name)
        for name in columns
    )

    def act(rng):
        values = {"id": rng.choice(given["answerable_ids"]), "sequence": given["sequence"]}
        with connection.transaction():
            new = connection.execute(
                f"insert into deskbook_ticket ({', '.join(columns)}) select {shown} from"
                " deskbook_ticket where id = %(id)s returning id",
                values,
            ).fetchone()
            message = _message(connection, new[0], values["id"])
            _entry(connection, new[0], values["id"], "seq <= 2")
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
            message = _message(connection, row[0], given["answerable_ids"][0])
            _entry(connection, row[0], given["answerable_ids"][0], "seq = 1", seq=row[1] + 1)
            connection.execute(
                "update deskbook_ticket set seq = seq + 1, last_activity_at = now(), search ="
                " coalesce(search, '') || to_tsvector('simple', 'we have found the cause and are"
                " testing a correction') where id = %s",
                [row[0]],
            )
        return bool(message)

    return act


def _message(connection, ticket, of):
    return connection.execute(
        "insert into deskbook_message (desk_id, ticket_id, kind, channel, at, text, html, quoted,"
        ' "to", cc, mail_id, match_reason, outsider, kept_from) select desk_id, %s, kind, channel,'
        ' now(), text, html, quoted, "to", cc, mail_id, match_reason, outsider, kept_from from'
        " deskbook_message where ticket_id = %s order by id limit 1 returning id",
        [ticket, of],
    ).fetchone()


def _entry(connection, ticket, of, which, seq=None):
    connection.execute(
        "insert into deskbook_logentry (ticket_id, seq, kind, actor, at, recorded_at, data,"
        " previous_hash, hash) select %s, coalesce(%s::integer, seq), kind, actor, at, now(),"
        f" data, previous_hash, hash from deskbook_logentry where ticket_id = %s and {which}",
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
