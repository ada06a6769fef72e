from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("deskbook", "0008_contacts_merged"),
    ]

    operations = []
