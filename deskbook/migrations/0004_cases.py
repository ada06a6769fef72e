import django.db.models.deletion
from django.db import migrations, models

from deskbook.book.load import load_book

# What a ticket's row says of its end follows from its log; these rows were written before there was a column.
FILL = """
update deskbook_ticket set outcome = case
    when state->>'merged_into' is not null then 'merged'
    when state->>'redirected_to' is not null then 'redirected'
    when stage = any(%(solved)s) or (not is_open and state->'stays'->-2->>'stage' = any(%(solved)s)) then 'solved'
    when not is_open then 'closed' else '' end
where desk_id = %(desk)s and book_version = %(version)s
"""
COUNT = """
insert into deskbook_queuechange (desk_id, queue, change)
select desk_id, 'outcome:' || outcome, count(*) from deskbook_ticket where outcome <> '' group by desk_id, outcome
"""


def say_how_tickets_ended(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for book in apps.get_model("deskbook", "BookVersion").objects.all():
            desk = load_book(book.text, name="book.yaml").desk
            solved = [stage.key for stage in desk.stages.values() if stage.solved] if desk else []
            cursor.execute(FILL, {"solved": solved, "desk": book.desk_id, "version": book.number})
        cursor.execute(COUNT)


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0003_rosters")]

    operations = [
        migrations.CreateModel(
            name="ContactChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "arrives",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="deskbook.contact"
                    ),
                ),
                (
                    "leaves",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="deskbook.contact"
                    ),
                ),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_change",
                        to="deskbook.ticket",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="ticket", name="outcome", field=models.CharField(blank=True, default="", max_length=10)
        ),
        migrations.RunPython(say_how_tickets_ended, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("outcome", ""), _negated=True),
                fields=["desk", "outcome", "-last_activity_at", "-id"],
                name="by_outcome",
            ),
        ),
    ]
