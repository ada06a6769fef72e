from django.db import migrations

REFUSE = """
create function deskbook_log_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the log of a ticket is append-only: % refused', tg_op;
end $$;
create trigger log_is_append_only before update or delete on deskbook_logentry
  for each statement execute function deskbook_log_is_append_only();
"""
ALLOW = "drop trigger log_is_append_only on deskbook_logentry; drop function deskbook_log_is_append_only();"


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0001_tables")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
