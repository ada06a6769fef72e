"""Texts get the columns and the states that all that leaves has.

By hand and in one step: Django would work all models out anew for each. Of what is settled only texts that came back
are written again; the new columns are made without touching a row.
"""

from django.db import migrations, models

_SQL = """
    alter table deskbook_textmessage
        alter column reason type text,
        add column tried_at timestamptz null,
        add column dropped_by varchar(80) not null default '';
    drop index texts_failed;
    create index texts_left_over on deskbook_textmessage (desk_id, queued_at desc)
        where state in ('held', 'bounced', 'failed');
    update deskbook_textmessage set state = 'bounced' where state = 'failed' and sent_at is not null;
"""
_LEFT_OVER = models.Q(state__in=["held", "bounced", "failed"])


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0046_demo_out")]

    operations = [
        migrations.RunSQL(
            _SQL,
            migrations.RunSQL.noop,
            state_operations=[
                migrations.RemoveIndex("textmessage", "texts_failed"),
                migrations.AddField(
                    "textmessage", "dropped_by",
                    models.CharField(blank=True, db_default="", default="", max_length=80),
                ),
                migrations.AddField("textmessage", "tried_at", models.DateTimeField(null=True)),
                migrations.AlterField("textmessage", "reason", models.TextField(blank=True)),
                migrations.AlterField("textmessage", "state", models.CharField(default="queued", max_length=10)),
                migrations.AddIndex(
                    "textmessage",
                    models.Index(condition=_LEFT_OVER, fields=["desk", "-queued_at"], name="texts_left_over"),
                ),
            ],
        )
    ]
