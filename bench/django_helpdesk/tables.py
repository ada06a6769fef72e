"""Its tables, filled with the very tickets of our data set: who asked, what was said and when, who
answered, what is still open.
"""

import psycopg

AGENTS = (
    "select distinct user_id, '!', false, 'agent' || user_id, 'Agent', user_id::text,"
    " 'agent' || user_id || '@bench.example', true, true, now() from deskbook_agent"
)
QUEUES = (
    "select n, 'Queue ' || n, 'q' || n, '', true, false, false, false, '', 'none',"
    " case when n = 1 then 'local' end, case when n = 1 then %(mails)s end, 'q' || n, ''"
    " from generate_series(1, 6) n"
)
TICKETS = """
select ticket.id, left(ticket.subject, 200), ticket.opened_at, ticket.last_activity_at,
    coalesce(way.identifier, ''), case when ticket.is_open then 1 else 4 end, false,
    coalesce(said.text, ''), '', 3,
    case when ticket.next_due_at < '9999-01-01' then ticket.next_due_at end,
    agent.user_id, 1 + ticket.id % 6, gen_random_uuid()::text
from deskbook_ticket ticket
left join deskbook_agent agent on agent.id = ticket.owner_id
left join lateral (
    select identifier from deskbook_contactidentity
    where contact_id = ticket.requester_id and channel = 'email' limit 1
) way on true
left join lateral (
    select text from deskbook_message where ticket_id = ticket.id order by at, id limit 1
) said on true
where ticket.subject <> 'plain sql'
"""
FOLLOW_UPS = """
select message.id, message.at, 'Comment', message.text, message.kind <> 'note',
    message.author_user_id, message.ticket_id
from deskbook_message message
join deskbook_ticket ticket on ticket.id = message.ticket_id and ticket.subject <> 'plain sql'
where message.id <> (
    select id from deskbook_message first where first.ticket_id = message.ticket_id
    order by at, id limit 1
)
"""
TABLES = (
    (
        "auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff,"
        " is_active, date_joined)",
        AGENTS,
    ),
    (
        "helpdesk_queue (id, title, slug, email_address, allow_public_submission,"
        " allow_email_submission, email_box_ssl, enable_notifications_on_email_events,"
        " permission_name, logging_type, email_box_type, email_box_local_dir, new_ticket_cc,"
        " updated_ticket_cc)",
        QUEUES,
    ),
    (
        "helpdesk_ticket (id, title, created, modified, submitter_email, status, on_hold,"
        " description, resolution, priority, due_date, assigned_to_id, queue_id, secret_key)",
        TICKETS,
    ),
    (
        "helpdesk_followup (id, date, title, comment, public, user_id, ticket_id)",
        FOLLOW_UPS,
    ),
)


def fill(ours: str, theirs: str, mails: str) -> None:
    """Copies from our database into theirs (both by address); its mails will lie in the folder
    `mails`.
    """
    with psycopg.connect(ours) as source, psycopg.connect(theirs) as target:
        for table, rows in TABLES:
            _copy(source, target, table, rows, {"mails": mails} if "%(" in rows else None)
            name = table.partition(" ")[0]
            target.execute(
                "select setval(pg_get_serial_sequence(%s, 'id'), (select max(id) from "
                + name
                + "))",
                [name],
            )
    with psycopg.connect(theirs, autocommit=True) as target:
        target.execute("vacuum analyze")


def _copy(source, target, table, rows, given):
    out = source.cursor().copy(f"copy ({rows}) to stdout", given)
    with out as taken, target.cursor().copy(f"copy {table} from stdin") as kept:
        for data in taken:
            kept.write(data)
