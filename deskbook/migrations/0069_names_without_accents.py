from django.db import migrations

# What a name is compared as: without case, accents and dots (channels/chat/identity.py, `_plain`).
_FOLDED = r"""
    create function deskbook_folded(words text) returns text language sql immutable parallel safe
    as $$
        select translate(
            replace(
                regexp_replace(normalize(lower(words), NFKD), '[\u0300-\u036f]', '', 'g'), 'ß', 'ss'
            ),
            'ς!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~’', 'σ' || repeat(' ', 33)
        )
    $$
"""
_INDEX = """
    create index contact_name_words on deskbook_contact
    using gin (to_tsvector('simple', deskbook_folded(name)))
"""


class Migration(migrations.Migration):

    dependencies = [
        ('deskbook', '0068_what_a_ticket_says_of_a_finding'),
    ]

    operations = [
        migrations.RunSQL(_FOLDED, 'drop function deskbook_folded(text)'),
        migrations.RunSQL(_INDEX, 'drop index contact_name_words'),
    ]
