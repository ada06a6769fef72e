"""When each ticket was written to last. The column is added without writing the table; its index
and that of old numbers are built in the same transaction, while tickets are neither read nor
written: some seconds for a million of them.
"""

import django.db.models.functions.datetime
from django.db import migrations, models

TELL = """
create function deskbook_tell_change() returns trigger language plpgsql as $$
begin
  perform pg_current_xact_id();  -- who asks what is settled sees that this one writes, before its instant
  new.changed_at := clock_timestamp();
  return new;
end $$;
create trigger tell_arrival before insert on deskbook_ticket
  for each row execute function deskbook_tell_change();
create trigger tell_change before update on deskbook_ticket
  for each row when (new.seq <> old.seq) execute function deskbook_tell_change();
"""
FORGET = """
drop trigger tell_arrival on deskbook_ticket;
drop trigger tell_change on deskbook_ticket;
drop function deskbook_tell_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('deskbook', '0100_complaints_of_digit'),
    ]

    operations = [
        migrations.AddField(
            model_name='ticket',
            name='changed_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), default=None),
        ),
        migrations.AddIndex(
            model_name='camefrom',
            index=models.Index(fields=['desk', 'number'], name='by_old_number'),
        ),
        migrations.AddIndex(
            model_name='ticket',
            index=models.Index(fields=['desk', 'changed_at', 'id'], name='by_change'),
        ),
        migrations.RunSQL(TELL, FORGET),
    ]
