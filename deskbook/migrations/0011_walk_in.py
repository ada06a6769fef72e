from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("deskbook", "0010_chat"),
    ]

    operations = []
