"""The demo is an application of its own: its tables are no longer the desk's, and what it mailed has left.

A table with something in it stays, under its old name, until the demo itself is there and takes it over.
"""

from django.db import migrations, models

LEAVE = """
do $$ begin
    if not exists (select from {table}) then
        drop table {table};
    end if;
end $$
"""
STATES = ["queued", "sent", "failed", "held", "dropped"]


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0045_addresses_in_one_form")]
    operations = [
        *(
            migrations.SeparateDatabaseAndState(
                [migrations.RunSQL(LEAVE.format(table=f"deskbook_{model.lower()}"), migrations.RunSQL.noop)],
                [migrations.DeleteModel(model)],
            )
            for model in ("DemoMail", "DemoWhatsApp")
        ),
        migrations.RunSQL(
            "update deskbook_outboundmail set state = 'sent' where state = 'kept'", migrations.RunSQL.noop
        ),
        migrations.AlterField(
            "outboundmail",
            "state",
            models.CharField(choices=[(s, s.title()) for s in STATES], default="queued", max_length=8),
        ),
    ]
