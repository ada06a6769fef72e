"""The jobs of a case are looked up for its page, among all that wait or failed for good."""

from django.db import migrations

_OPEN = "status in ('todo', 'doing', 'failed')"


class Migration(migrations.Migration):
    dependencies = [
        ("deskbook", "0056_why_it_was_dropped"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]
    operations = [
        migrations.RunSQL(
            "create index deskbook_jobs_of_entry on procrastinate_jobs"
            f" (((args ->> 'entry_id')::bigint)) where {_OPEN}",
            "drop index deskbook_jobs_of_entry",
        ),
        migrations.RunSQL(
            "create index deskbook_jobs_of_ticket on procrastinate_jobs"
            f" (((args ->> 'ticket_id')::bigint)) where {_OPEN} and task_name = 'react'",
            "drop index deskbook_jobs_of_ticket",
        ),
    ]
