"""A reminder by WhatsApp that shall not leave: its case moved on before it could."""

from django.db import migrations, models

STATES = ("waiting", "queued", "sending", "sent", "delivered", "read", "failed", "refused", "dropped")


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0032_mail_left_out")]

    operations = [
        migrations.AlterField(
            "whatsappoutgoing",
            "state",
            models.CharField(
                choices=[(state, state.capitalize()) for state in STATES], default="queued", max_length=9
            ),
        ),
    ]
