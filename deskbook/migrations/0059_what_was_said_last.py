"""A case's state says which answer was the last, and whether a reminder repeated it: rows of before are told by their
log, as it would be played again.
"""

from django.db import migrations

_TOLD = """
    update deskbook_ticket ticket
    set state = ticket.state || jsonb_build_object(
        'last_answer', answer.data ->> 'message',
        -- Every reminder of before repeated what was asked; an answer, or a reminder that came back, ends that.
        'asked_again', ticket.state ->> 'told_at' is not null and not exists (
            select from deskbook_logentry later
            where later.ticket_id = ticket.id
                and later.kind in ('Answered', 'AnsweredElsewhere', 'ReminderCameBack')
                and later.seq > (
                    select max(sent.seq) from deskbook_logentry sent
                    where sent.ticket_id = ticket.id and sent.kind = 'ReminderSent'
                        and not coalesce((sent.data ->> 'too_late')::boolean, false))))
    from (
        select distinct on (ticket_id) ticket_id, data from deskbook_logentry
        where kind in ('Answered', 'AnsweredElsewhere') order by ticket_id, seq desc) answer
    where answer.ticket_id = ticket.id
"""
_ASKED_ALONE = """
    update deskbook_ticket set state = state || '{"asked_again": true}'
    where state ->> 'told_at' is not null and state ->> 'last_answer' is null
"""


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0058_other_systems")]

    operations = [
        migrations.RunSQL(_TOLD, migrations.RunSQL.noop),
        migrations.RunSQL(_ASKED_ALONE, migrations.RunSQL.noop),
    ]
