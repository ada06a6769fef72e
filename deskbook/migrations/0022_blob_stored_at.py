"""When bytes were stored: those of forms that were never sent can go after a time."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0021_letters_found")]

    operations = [
        migrations.AddField(model_name="blob", name="stored_at", field=models.DateTimeField(db_default=Now())),
    ]
