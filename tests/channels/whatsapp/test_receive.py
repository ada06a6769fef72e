"""What people write by WhatsApp becomes cases and answers, whatever it is and however it comes."""

import pytest

from deskbook.channels.whatsapp.models import WhatsAppIncoming, WhatsAppMedia, WhatsAppPayload
from deskbook.channels.whatsapp.receive import receive, retry
from deskbook.demo.stand_ins import cloud_api
from deskbook.people.contacts import contact_by
from deskbook.people.merge_models import ContactMerge
from deskbook.people.merging import undo_merge
from deskbook.people.models import Contact
from deskbook.people.refusals import in_words
from deskbook.tickets.models import Message, Ticket
from tests.channels.sms.stub_gateway import stub_gateway
from tests.channels.whatsapp.conftest import do_jobs
from tests.people_factory import make_organisation
from tests.whatsapp_service import BUSINESS, TOMAS

HIDDEN = cloud_api.User("", "Amina", "MZ.2222")


def test_a_message_opens_a_case_in_the_desks_first_language(says):
    says()
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.channel) == ("O aplicativo não sincroniza", "whatsapp")
    assert (ticket.requester.name, ticket.requester.language) == ("Tomás Cossa", "pt")
    ways = set(ticket.requester.identities.values_list("channel", "identifier"))
    assert ways == {("whatsapp", "+258841234567"), ("whatsapp-user", TOMAS.user_id)}


def test_the_same_webhook_again_does_nothing(post, now):
    webhook = cloud_api.message(BUSINESS, TOMAS, "text", {"body": "Uma vez"}, at=now)
    assert [post(webhook).status_code, post(webhook).status_code] == [200, 200]
    do_jobs()
    assert (
        WhatsAppPayload.objects.count()
        == Ticket.objects.count()
        == Message.objects.filter(kind="request").count()
        == 1
    )


def test_the_same_message_in_another_webhook_does_nothing(post, now):
    one = cloud_api.message(BUSINESS, TOMAS, "text", {"body": "Uma vez"}, at=now, wamid="wamid.A")
    other = cloud_api.message(BUSINESS, TOMAS, "text", {"body": "Duas"}, at=now, wamid="wamid.B")
    post(one)
    post(cloud_api.together(one, other))
    do_jobs()
    assert list(Message.objects.filter(kind="request").values_list("text", flat=True)) == [
        "Uma vez",
        "Duas",
    ]


def test_what_follows_goes_on_with_the_running_case(says):
    says()
    says("Já tentei outra vez")
    assert Ticket.objects.count() == 1
    assert Ticket.objects.get().messages.filter(kind="request").count() == 2


def test_a_reply_goes_to_the_case_of_the_message_it_quotes(says, asha, now):
    from deskbook.tickets.stages import close_ticket, move_ticket

    quoted = says("Primeiro")
    first = Ticket.objects.get()
    move_ticket(first, "resolved", stated={}, at=now, by=asha)
    close_ticket(first, at=now, by=asha)
    says("Segundo")
    assert Ticket.objects.count() == 2
    says("Sobre o primeiro", context={"from": BUSINESS.display_number, "id": quoted})
    assert Ticket.objects.get(pk=first.pk).messages.filter(text="Sobre o primeiro").exists()


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        (
            "location",
            {"latitude": -15.11, "longitude": 39.26, "name": "Escola"},
            ("-15.11, 39.26", "Escola"),
        ),
        (
            "contacts",
            [{"name": {"formatted_name": "Bala"}, "phones": [{"phone": "+258 82 1"}]}],
            ("Bala +258 82 1",),
        ),
        ("button", {"payload": "YES", "text": "Sim"}, ("Sim",)),
        (
            "interactive",
            {"type": "list_reply", "list_reply": {"id": "1", "title": "Nampula"}},
            ("Nampula",),
        ),
        (
            "interactive",
            {"type": "nfm_reply", "nfm_reply": {"body": "Sent", "response_json": "{}"}},
            ("Sent",),
        ),
        ("order", {"catalog_id": "7"}, ("order", "catalog_id")),
        ("hologram", {"depth": 3}, ("hologram", '"depth": 3')),
        ("unsupported", {}, ("unsupported",)),
        ("text", "not an object", ("text",)),
    ],
)
def test_a_message_of_any_kind_is_kept_in_words(says, kind, content, words):
    says(kind=kind, content=content)
    text = Message.objects.get(kind="request").text
    for word in words:
        assert word in text
    assert "http" not in text


def test_an_unknown_message_says_what_the_service_said_of_it(says):
    says(kind="unsupported", content={}, errors=[{"code": 131051, "title": "Message type unknown"}])
    assert "Message type unknown" in Message.objects.get(kind="request").text


def test_a_message_without_a_contacts_list_is_taken_by_its_number(post, now):
    webhook = cloud_api.message(BUSINESS, TOMAS, "text", {"body": "Olá"}, at=now)
    del webhook["entry"][0]["changes"][0]["value"]["contacts"]
    post(webhook)
    do_jobs()
    assert Ticket.objects.get().requester.name == "+258841234567"


def test_a_sign_on_a_message_is_shown_on_it_and_moves_nothing(says):
    wamid = says()
    seq = Ticket.objects.get().seq
    says(kind="reaction", content={"message_id": wamid, "emoji": "👍"})
    assert WhatsAppIncoming.objects.get(wamid=wamid).reaction == "👍"
    assert Ticket.objects.get().seq == seq


def test_a_sign_on_nothing_we_know_opens_no_case(says):
    says(kind="reaction", content={"message_id": "wamid.unknown", "emoji": "👍"})
    assert Ticket.objects.count() == 0
    assert WhatsAppIncoming.objects.count() == 1


def test_somebody_without_a_number_is_known_by_their_id(says):
    says(user=HIDDEN)
    says("De novo", user=HIDDEN)
    assert Ticket.objects.get().requester.identities.get().channel == "whatsapp-user"


def test_a_number_and_an_id_told_together_are_one_person(says, desk):
    says("Pelo número", user=cloud_api.User("258849", "Amina"))
    says("Pelo nome", user=HIDDEN)
    assert Ticket.objects.count() == 2
    says("Pelos dois", user=cloud_api.User("258849", "Amina", "MZ.2222"))
    assert contact_by(desk, "whatsapp", "+258849") == contact_by(desk, "whatsapp-user", "MZ.2222")
    assert Ticket.objects.count() == 2


def test_whom_an_agent_took_apart_a_later_message_does_not_put_together(says, desk, asha, now):
    says("Pelo número", user=cloud_api.User("258849", "Amina"))
    says("Pelo nome", user=HIDDEN)
    both = cloud_api.User("258849", "Amina", "MZ.2222")
    says("Pelos dois", user=both)
    undo_merge(ContactMerge.objects.get(), at=now, by=asha)
    says("Outra vez", user=both)
    assert contact_by(desk, "whatsapp", "+258849") != contact_by(desk, "whatsapp-user", "MZ.2222")


def test_a_shared_number_makes_no_one_person_of_two_organisations(says, desk):
    for number, user in enumerate((cloud_api.User("258849", "Amina"), HIDDEN)):
        says("Bom dia", user=user)
        Contact.objects.filter(name="Amina", organisation=None).update(
            organisation=make_organisation(desk, f"{number}")
        )
    says("Pelos dois", user=cloud_api.User("258849", "Amina", "MZ.2222"))
    assert contact_by(desk, "whatsapp", "+258849") != contact_by(desk, "whatsapp-user", "MZ.2222")


def test_who_changed_their_number_stays_who_they_are(says, post, desk, now):
    says()
    system = {"type": "user_changed_number", "body": "Tomás changed", "wa_id": "258850000001"}
    webhook = cloud_api.message(BUSINESS, cloud_api.User("258841234567"), "system", system, at=now)
    del webhook["entry"][0]["changes"][0]["value"]["contacts"]
    post(webhook)
    do_jobs()
    says("Do novo número", user=cloud_api.User("258850000001", "Tomás"))
    assert Ticket.objects.count() == 1
    assert contact_by(desk, "whatsapp", "+258841234567") is None


def test_who_has_a_new_id_stays_who_they_are(says, post):
    says(user=HIDDEN)
    post(
        {
            "object": "whatsapp_business_account",
            "entry": [
                {
                    "id": "1",
                    "changes": [
                        {
                            "field": "user_id_update",
                            "value": {
                                "messaging_product": "whatsapp",
                                "user_id_update": [
                                    {
                                        "wa_id": "",
                                        "user_id": {"previous": "MZ.2222", "current": "MZ.3333"},
                                    }
                                ],
                            },
                        }
                    ],
                }
            ],
        }
    )
    do_jobs()
    says("Outra vez", user=cloud_api.User("", "Amina", "MZ.3333"))
    assert Ticket.objects.count() == 1


def test_a_phone_known_to_the_desk_is_the_same_person(says, desk):
    from deskbook.people.contacts import find_or_make_contact

    chitra = find_or_make_contact(desk, "phone", "+258841234567", name="Chitra")
    says()
    assert Ticket.objects.get().requester == chitra


def test_an_address_in_the_place_of_a_files_id_is_not_given_the_token(says):
    with stub_gateway() as elsewhere:
        content = cloud_api.file_content(f"{elsewhere.address}/x", "image/jpeg", b"x")
        says(kind="image", content=content)
        assert elsewhere.requests == []
    assert WhatsAppMedia.objects.get().state == "failed"


def test_what_is_said_in_a_group_is_marked_so(says):
    says(group_id="Y2FwaV9ncm91cDox")
    assert "group" in Message.objects.get(kind="request").match_reason


def test_a_message_without_a_sender_is_held_and_the_others_of_its_batch_are_taken(post, now):
    lost = cloud_api.message(BUSINESS, cloud_api.User(), "text", {"body": "Quem?"}, at=now)
    post(
        cloud_api.together(lost, cloud_api.message(BUSINESS, TOMAS, "text", {"body": "Eu"}, at=now))
    )
    do_jobs()
    row = WhatsAppPayload.objects.get()
    assert row.state == "held"
    assert "names no sender" in in_words(row.reason)
    assert Ticket.objects.get().subject == "Eu"


@pytest.mark.parametrize(
    "body", [b"not json", b"[]", b'{"entry": 7}', b'{"entry": [[7], null, {"changes": "x"}]}']
)
def test_what_is_no_webhook_is_kept_and_hurts_nothing(post, body):
    assert post(None, body=body).status_code == 200
    do_jobs()
    row = WhatsAppPayload.objects.get()
    assert bytes(row.raw.data) == body
    assert row.state in ("held", "done")


def test_a_webhook_for_another_number_is_held_until_the_account_is_right(post, account, now):
    post(
        cloud_api.message(cloud_api.Business("999", "258"), TOMAS, "text", {"body": "Olá"}, at=now)
    )
    do_jobs()
    row = WhatsAppPayload.objects.get()
    assert "not the desk's" in in_words(row.reason)
    account.phone_number_id = "999"
    account.save()
    retry(row)
    do_jobs()
    assert Ticket.objects.count() == 1
    assert receive(row.pk).state == "done"


def test_messages_of_one_second_are_shown_as_they_came_whichever_job_is_first(post, now):
    for said in ("um", "dois", "três"):
        post(cloud_api.message(BUSINESS, TOMAS, "text", {"body": said}, at=now))
    receive(WhatsAppPayload.objects.latest("pk").pk)
    do_jobs()
    said = Message.objects.filter(kind="request").order_by("pk")
    assert list(said.values_list("text", flat=True)) == ["um", "dois", "três"]


def test_a_batch_is_taken_in_its_order(post, now):
    five = (
        cloud_api.message(BUSINESS, TOMAS, "text", {"body": f"n {n}"}, at=now) for n in range(5)
    )
    post(cloud_api.together(*five))
    do_jobs()
    assert list(
        Message.objects.filter(kind="request").order_by("pk").values_list("text", flat=True)
    ) == [f"n {n}" for n in range(5)]
