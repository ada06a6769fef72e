"""A case that has left the stage a freeze held it in is held no more: its state says so, as its log
would if it were played again, and the count of held cases follows.
"""

from django.db import migrations

LET_GO = """
    with held as (
        select ticket.id, max(entry.seq) as since
        from deskbook_ticket ticket join deskbook_logentry entry on entry.ticket_id = ticket.id
        where ticket.state ->> 'held_by' is not null and entry.kind = 'Held'
        group by ticket.id),
    let_go as (
        update deskbook_ticket ticket
        set state = ticket.state || '{"held_by": null, "pick_up_at": null}'
        from held
        where ticket.id = held.id and exists (
            select from deskbook_logentry moved
            where moved.ticket_id = held.id and moved.seq > held.since
                and moved.kind in ('StageChanged', 'Closed', 'Redirected', 'Reopened')
                and moved.data ->> 'cause' is distinct from 'freeze'
                -- Entered anew, for a new requester, it is held still.
                and moved.data ->> 'stage' is distinct from (
                    select put.data ->> 'stage' from deskbook_logentry put
                    where put.ticket_id = held.id and put.seq = held.since + 1))
        returning ticket.desk_id, ticket.is_open)
    insert into deskbook_queuechange (desk_id, queue, change)
    select desk_id, 'held', -count(*) from let_go where is_open group by desk_id
"""


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0066_where_somebody_was_right")]

    operations = [migrations.RunSQL(LET_GO, migrations.RunSQL.noop)]
