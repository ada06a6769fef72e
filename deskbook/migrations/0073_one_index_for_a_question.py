import django.db.models.deletion
from django.db import migrations, models

_NEEDLESS = {
    'deskbook_contact_desk_id_42b40b3d': 'deskbook_contact (desk_id)',
    'deskbook_contactidentity_desk_id_635c583b': 'deskbook_contactidentity (desk_id)',
    'deskbook_logentry_ticket_id_931d5866': 'deskbook_logentry (ticket_id)',
    'deskbook_message_desk_id_08b7bb08': 'deskbook_message (desk_id)',
    'deskbook_message_ticket_id_3754f44d': 'deskbook_message (ticket_id)',
    'deskbook_outboundmail_entry_id_b59d1ed9': 'deskbook_outboundmail (entry_id)',
    'deskbook_participant_ticket_id_ef468c5b': 'deskbook_participant (ticket_id)',
    'deskbook_queuechange_desk_id_3188a90f': 'deskbook_queuechange (desk_id)',
    'deskbook_ticket_desk_id_c428b4bf': 'deskbook_ticket (desk_id)',
    'deskbook_ticket_organisation_id_baa7a86c': 'deskbook_ticket (organisation_id)',
    'deskbook_ticket_requester_id_68525799': 'deskbook_ticket (requester_id)',
}


class Migration(migrations.Migration):
    """Drops what another index of the table begins with, and the desk of a message, by which none is looked for.

    Each table is locked for the moment in which a file is taken away; none is read. Django's own way
    would make the foreign keys anew, and read both tables of each for it.
    """

    dependencies = [
        ('deskbook', '0072_what_was_asked_for'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f'drop index if exists {name}', f'create index {name} on {columns}')
                for name, columns in _NEEDLESS.items()
            ],
            state_operations=[
                migrations.AlterField(
                    model_name='contact',
                    name='desk',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='contacts', to='deskbook.helpdesk'),
                ),
                migrations.AlterField(
                    model_name='contactidentity',
                    name='desk',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deskbook.helpdesk'),
                ),
                migrations.AlterField(
                    model_name='logentry',
                    name='ticket',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='log', to='deskbook.ticket'),
                ),
                migrations.AlterField(
                    model_name='message',
                    name='desk',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deskbook.helpdesk'),
                ),
                migrations.AlterField(
                    model_name='message',
                    name='ticket',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='deskbook.ticket'),
                ),
                migrations.AlterField(
                    model_name='outboundmail',
                    name='entry',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deskbook.logentry'),
                ),
                migrations.AlterField(
                    model_name='participant',
                    name='ticket',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='deskbook.ticket'),
                ),
                migrations.AlterField(
                    model_name='queuechange',
                    name='desk',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deskbook.helpdesk'),
                ),
                migrations.AlterField(
                    model_name='ticket',
                    name='desk',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='deskbook.helpdesk'),
                ),
                migrations.AlterField(
                    model_name='ticket',
                    name='organisation',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='deskbook.organisation'),
                ),
                migrations.AlterField(
                    model_name='ticket',
                    name='requester',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='tickets', to='deskbook.contact'),
                ),
            ],
        ),
    ]
