"""What came has one set of states and says who dropped it. Of mail only what is held, or somebody discarded, is
written again.
"""

from django.db import migrations, models

_SQL = """
    alter table deskbook_inboundmail rename column discarded_by to dropped_by;
    alter table deskbook_inboundmail alter column dropped_by set default '';
    alter table deskbook_incomingtext
        alter column state type varchar(12), add column dropped_by varchar(80) not null default '';
    alter table deskbook_jiraevent
        alter column state type varchar(12), add column dropped_by varchar(80) not null default '';
    alter table deskbook_whatsapppayload
        alter column state type varchar(12), add column dropped_by varchar(80) not null default '';
    drop index mail_not_noted;
    create index mail_not_noted on deskbook_inboundmail (received_at desc)
        where search is null and state in ('held', 'ignored', 'dropped');
    update deskbook_inboundmail set state = 'held' where state = 'quarantined';
    update deskbook_inboundmail set state = 'dropped' where state = 'ignored' and dropped_by <> '';
"""
_DROPPED_BY = models.CharField(blank=True, db_default="", default="", max_length=80)
_NOT_NOTED = models.Q(search=None, state__in=("held", "ignored", "dropped"))


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0051_why_a_mail_is_not_acknowledged")]

    operations = [
        migrations.RunSQL(
            _SQL,
            migrations.RunSQL.noop,
            state_operations=[
                migrations.RemoveIndex("inboundmail", "mail_not_noted"),
                migrations.RenameField("inboundmail", "discarded_by", "dropped_by"),
                migrations.AlterField("inboundmail", "dropped_by", _DROPPED_BY),
                migrations.AddField("incomingtext", "dropped_by", _DROPPED_BY),
                migrations.AddField("jiraevent", "dropped_by", _DROPPED_BY),
                migrations.AddField("whatsapppayload", "dropped_by", _DROPPED_BY),
                *(
                    migrations.AlterField(model, "state", models.CharField(default="new", max_length=12))
                    for model in ("inboundmail", "incomingtext", "jiraevent", "whatsapppayload")
                ),
                migrations.AddIndex(
                    "inboundmail",
                    models.Index(condition=_NOT_NOTED, fields=["-received_at"], name="mail_not_noted"),
                ),
            ],
        )
    ]
