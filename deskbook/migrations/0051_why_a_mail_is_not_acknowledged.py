"""On the case it is said why a person's mail was not acknowledged; of earlier mail nobody knows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0050_mail_in_the_outbox")]

    operations = [
        migrations.AddField("inboundmail", "silence", models.TextField(blank=True, db_default="")),
        migrations.AlterField("inboundmail", "silence", models.TextField(blank=True)),
    ]
