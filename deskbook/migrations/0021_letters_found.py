"""Words whose letters are folded now and were not before are found in what was written before, too."""

from django.db import migrations

REFOLDED = "[\u0111\u0110\u0127\u0126\u0142\u0141\u0153\u0152\u00e6\u00c6\u00f8\u00d8\u00f0\u00d0\u00fe\u00de\u0131\u0130\u0167\u0166\u014b\u014a\u0300-\u036f\u0370-\u052f\u1e00-\u1fff]"
"""PostgreSQL's regular expression for them."""


def find_again(apps, schema_editor):
    from deskbook.tickets.log import index_text

    messages = apps.get_model("deskbook", "Message").objects.filter(ticket__isnull=False, text__regex=REFOLDED)
    for ticket, text in messages.values_list("ticket_id", "text").iterator(chunk_size=500):
        index_text(ticket, text)
    tickets = apps.get_model("deskbook", "Ticket").objects.filter(subject__regex=REFOLDED)
    for ticket, subject in tickets.values_list("pk", "subject").iterator(chunk_size=500):
        index_text(ticket, subject)


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0020_mail_that_waits")]

    operations = [migrations.RunPython(find_again, migrations.RunPython.noop)]
