"""Finds the messages of a ticket whose sender was not proven: every page of a ticket asks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0026_senders")]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("unproven", ""), _negated=True), fields=["ticket"], name="messages_unproven"
            ),
        ),
    ]
