"""Lists say what is to be done next: rows of before are told by their logs, as they would be played
again. Where the next update is to be agreed only the book says; `migrate` goes through the open
ones afterwards.
"""

import django.db.models
from django.db import migrations, models

# The first the requester wrote since the desk answered last.
_UNANSWERED = """
    with said as (
        select ticket_id, seq, at, kind = 'CustomerWrote' as wrote from deskbook_logentry
        where kind in ('CustomerWrote', 'Answered', 'AnsweredElsewhere')),
    answered as (select ticket_id, max(seq) as seq from said where not wrote group by ticket_id),
    unanswered as (
        select distinct on (said.ticket_id) said.ticket_id, said.at
        from said left join answered using (ticket_id)
        where wrote and said.seq > coalesce(answered.seq, 0)
        order by said.ticket_id, said.seq)
    update deskbook_ticket ticket
    set state = ticket.state || jsonb_build_object('unanswered_at', unanswered.at)
    from unanswered where unanswered.ticket_id = ticket.id
"""
_TURN = """
    update deskbook_ticket set
        turn = case
            when waits_for = 'desk' and outcome = ''
                and coalesce(state ->> 'unanswered_at', '') <> '' then 'requester'
            when waits_for = 'desk' and outcome = ''
                and state ->> 'last_answer_at' is null then 'requester'
            when outcome = 'solved' then 'finished'
            when waits_for = 'desk' then 'desk'
            else 'others' end,
        waits_since_at = case
            when waits_for = 'desk' and outcome = '' then coalesce(
                (state ->> 'unanswered_at')::timestamptz,
                case when state ->> 'last_answer_at' is null then opened_at end) end
    where is_open
"""
# What was late and others are to act on now counts among what is late no more.
_LATE = """
    insert into deskbook_queuechange (desk_id, queue, change)
    select desk_id, 'breached', -count(*) from deskbook_ticket
    where is_open and breached and turn in ('others', 'finished') group by desk_id
"""


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0073_one_index_for_a_question")]

    operations = [
        migrations.AddField(
            "ticket", "turn", models.CharField(blank=True, max_length=10, default=""),
            preserve_default=False,
        ),
        migrations.AddField("ticket", "waits_since_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "ticket",
            models.Index(
                condition=django.db.models.Q(("is_open", True)),
                fields=["desk", "turn", "due_order_at", "id"],
                name="open_by_turn",
            ),
        ),
        migrations.AddIndex(
            "ticket",
            models.Index(
                condition=django.db.models.Q(("waits_since_at__isnull", False)),
                fields=["desk", "waits_since_at", "id"],
                name="open_by_waiting",
            ),
        ),
        # Last: a table with rows written in the same transaction takes no index.
        migrations.RunSQL(_UNANSWERED, migrations.RunSQL.noop),
        migrations.RunSQL(_TURN, migrations.RunSQL.noop),
        migrations.RunSQL(_LATE, migrations.RunSQL.noop),
    ]
