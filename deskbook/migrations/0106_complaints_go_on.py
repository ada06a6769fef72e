"""A complaint of DIGIT stays with the case it was opened as, and says which case followed.

Those that were moved are led back: what came with them is erased with the case it came with, at
once where that is erased already. A column that may be empty, and a short table: the worker of
before goes on working.
"""

import django.db.models.deletion
from django.db import migrations, models


def lead_back(apps, schema_editor):
    # Else the index of the new column waits for keys that are looked at last of all.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    complaints = apps.get_model("deskbook", "DigitComplaint").objects
    tickets = apps.get_model("deskbook", "Ticket").objects
    erased = apps.get_model("deskbook", "LogEntry").objects.filter(kind="Erased")
    for row in complaints.select_related("ticket").iterator():
        number = int(row.request_id.rpartition("-")[2])
        if number == row.ticket.number:
            continue
        first = tickets.get(desk=row.ticket.desk_id, number=number)
        if erased.filter(ticket=first, data__what="cases").exists():
            row.service, row.created_by = {}, ""
        row.goes_on, row.ticket = row.ticket, first
        row.save(update_fields=["ticket", "goes_on", "service", "created_by"])


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0105_who_came_is_known_by_key")]

    operations = [
        migrations.AddField(
            model_name="digitcomplaint",
            name="goes_on",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="deskbook.ticket",
            ),
        ),
        migrations.RunPython(lead_back, migrations.RunPython.noop),
    ]
