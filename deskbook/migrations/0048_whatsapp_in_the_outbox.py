"""What leaves by WhatsApp gets the columns and the states that all that leaves has.

Of what is settled only what failed is written again. What waited for the person to write has no instant at which it is
tried; what was on its way has.
"""

from django.db import migrations, models

_SQL = """
    alter table deskbook_whatsappoutgoing
        alter column state type varchar(10),
        add column next_try_at timestamptz null,
        add column ended_at timestamptz null,
        add column dropped_by varchar(80) not null default '';
    drop index whatsapp_out_waiting;
    create index whatsapp_out_to_send on deskbook_whatsappoutgoing (contact_id) where state = 'queued';
    create index whatsapp_out_left_over on deskbook_whatsappoutgoing (queued_at desc)
        where state in ('held', 'bounced', 'failed');
    update deskbook_whatsappoutgoing set next_try_at = queued_at where state = 'queued';
    update deskbook_whatsappoutgoing set next_try_at = coalesce(tried_at + interval '2 minutes', queued_at)
        where state = 'sending';
    update deskbook_whatsappoutgoing set state = 'queued' where state = 'waiting';
    update deskbook_whatsappoutgoing
        set state = case when sent_at is null then 'failed' else 'bounced' end, ended_at = tried_at
        where state in ('failed', 'refused');
"""


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0047_texts_in_the_outbox")]

    operations = [
        migrations.RunSQL(
            _SQL,
            migrations.RunSQL.noop,
            state_operations=[
                migrations.RemoveIndex("whatsappoutgoing", "whatsapp_out_waiting"),
                migrations.AddField(
                    "whatsappoutgoing", "dropped_by",
                    models.CharField(blank=True, db_default="", default="", max_length=80),
                ),
                migrations.AddField("whatsappoutgoing", "ended_at", models.DateTimeField(null=True)),
                migrations.AddField("whatsappoutgoing", "next_try_at", models.DateTimeField(null=True)),
                migrations.AlterField("whatsappoutgoing", "state", models.CharField(default="queued", max_length=10)),
                migrations.AddIndex(
                    "whatsappoutgoing",
                    models.Index(condition=models.Q(state="queued"), fields=["contact"], name="whatsapp_out_to_send"),
                ),
                migrations.AddIndex(
                    "whatsappoutgoing",
                    models.Index(
                        condition=models.Q(state__in=["held", "bounced", "failed"]),
                        fields=["-queued_at"],
                        name="whatsapp_out_left_over",
                    ),
                ),
            ],
        )
    ]
