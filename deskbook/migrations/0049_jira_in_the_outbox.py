"""What is to be done at Jira gets the columns and the states that all that leaves has."""

from django.db import migrations, models

_SQL = """
    alter table deskbook_jiraact rename column done_at to sent_at;
    alter table deskbook_jiraact
        alter column state type varchar(10),
        add column tried_at timestamptz null,
        add column ended_at timestamptz null,
        add column dropped_by varchar(80) not null default '';
    drop index jira_acts_to_do;
    drop index jira_acts_left;
    create index jira_acts_due on deskbook_jiraact (next_try_at) where state in ('queued', 'sending');
    create index jira_acts_not_done on deskbook_jiraact (issue_id, id) where not (state = 'sent');
    update deskbook_jiraact set state = 'sent' where state = 'done';
    update deskbook_jiraact set ended_at = sent_at, sent_at = null where state = 'dropped';
"""


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0048_whatsapp_in_the_outbox")]

    operations = [
        migrations.RunSQL(
            _SQL,
            migrations.RunSQL.noop,
            state_operations=[
                migrations.RemoveIndex("jiraact", "jira_acts_to_do"),
                migrations.RemoveIndex("jiraact", "jira_acts_left"),
                migrations.RenameField("jiraact", "done_at", "sent_at"),
                migrations.AddField("jiraact", "tried_at", models.DateTimeField(null=True)),
                migrations.AddField("jiraact", "ended_at", models.DateTimeField(null=True)),
                migrations.AddField(
                    "jiraact", "dropped_by",
                    models.CharField(blank=True, db_default="", default="", max_length=80),
                ),
                migrations.AlterField("jiraact", "state", models.CharField(default="queued", max_length=10)),
                migrations.AddIndex(
                    "jiraact",
                    models.Index(
                        condition=models.Q(state__in=["queued", "sending"]), fields=["next_try_at"], name="jira_acts_due"
                    ),
                ),
                migrations.AddIndex(
                    "jiraact",
                    models.Index(
                        condition=models.Q(("state", "sent"), _negated=True),
                        fields=["issue", "id"],
                        name="jira_acts_not_done",
                    ),
                ),
            ],
        )
    ]
