"""Forgetting a person: their ways and their name go; the number stays, which logs hold."""

from django.db import transaction
from django.db.models import ProtectedError, Q

from deskbook.people.came_from import PersonCameFrom
from deskbook.people.merging import same_person
from deskbook.people.models import Agent, Contact, ContactIdentity, User


def is_on_a_list(contact: Contact) -> bool:
    """Whether the desk knows them otherwise than by their cases: from its list of people, as one of
    an organisation, or as somebody who works here.
    """
    if contact.attributes or contact.organisation_id is not None:
        return True
    return contact.user_id is not None and Agent.objects.filter(user=contact.user_id).exists()


@transaction.atomic
def forget_person(contact: Contact) -> None:
    """Takes name, ways and account from a contact and from those they turned out to be. Who writes
    again is somebody new.
    """
    ids = same_person(contact)
    people = Contact.objects.filter(pk__in=ids)
    users = [pk for pk in people.values_list("user", flat=True) if pk]
    ContactIdentity.objects.filter(contact__in=ids).delete()
    PersonCameFrom.objects.filter(contact__in=ids).delete()
    people.update(name="", zone="", note="", user=None)
    for user in User.objects.filter(~Q(agents__isnull=False), pk__in=users, contacts__isnull=True):
        try:
            with transaction.atomic():
                user.delete()
        except ProtectedError:  # something else is known of the account: it stays
            continue
