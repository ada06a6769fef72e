"""What leaves by mail gets the columns and the states that all that leaves has.

No mail that left is written again: only what waits, or came back.
"""

from django.db import migrations, models

_SQL = """
    alter table deskbook_outboundmail rename column failed_at to ended_at;
    alter table deskbook_outboundmail
        alter column state type varchar(10),
        add column tried_at timestamptz null,
        add column dropped_by varchar(80) not null default '';
    drop index mail_not_sent;
    create index mail_left_over on deskbook_outboundmail (desk_id, queued_at desc)
        where state in ('held', 'bounced', 'failed');
    update deskbook_outboundmail set next_try_at = queued_at where state = 'queued' and next_try_at is null;
    update deskbook_outboundmail set state = 'bounced' where state = 'failed' and (hard or sent_at is not null);
"""


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0049_jira_in_the_outbox")]

    operations = [
        migrations.RunSQL(
            _SQL,
            migrations.RunSQL.noop,
            state_operations=[
                migrations.RemoveIndex("outboundmail", "mail_not_sent"),
                migrations.RenameField("outboundmail", "failed_at", "ended_at"),
                migrations.AddField("outboundmail", "tried_at", models.DateTimeField(null=True)),
                migrations.AddField(
                    "outboundmail", "dropped_by",
                    models.CharField(blank=True, db_default="", default="", max_length=80),
                ),
                migrations.AlterField("outboundmail", "state", models.CharField(default="queued", max_length=10)),
                migrations.AddIndex(
                    "outboundmail",
                    models.Index(
                        condition=models.Q(state__in=["held", "bounced", "failed"]),
                        fields=["desk", "-queued_at"],
                        name="mail_left_over",
                    ),
                ),
            ],
        )
    ]
