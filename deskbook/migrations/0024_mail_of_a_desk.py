import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0023_proven_senders")]

    operations = [
        migrations.AddField(
            "outboundmail",
            "desk",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="deskbook.helpdesk",
            ),
        ),
        migrations.AddIndex(
            "outboundmail",
            models.Index(
                condition=models.Q(("sent_at__isnull", False)),
                fields=["desk", "-sent_at"],
                name="mail_that_left_a_desk",
            ),
        ),
        migrations.RunSQL(
            "update deskbook_outboundmail mail set desk_id = ticket.desk_id "
            "from deskbook_ticket ticket where ticket.id = mail.ticket_id",
            migrations.RunSQL.noop,
        ),
    ]
