"""Lists are looked through first, and come in whole or not at all."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deskbook.people.lists import kinds
from deskbook.people.lists.uploads import (
    UploadRefused,
    accept_upload,
    forget_old,
    write_upload,
)
from deskbook.people.models import Contact, User
from deskbook.people.refusals import in_words
from deskbook.people.upload_models import Upload
from tests.people.list_steps import counts, read, take_in, why, written
from tests.people.roster_desk import MONDAY
from tests.people_factory import make_agent, make_contact, make_desk, make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def bala():
    return make_agent(make_desk("sparkrock"), "Bala", role="lead")


def test_a_directory_adds_and_changes_people_by_mail_number_or_pen_and_keeps_what_it_says_of_them(
    bala,
):
    chitra = make_contact(bala.desk)
    make_organisation(bala.desk)
    mail = chitra.identities.get().identifier
    upload = read(
        bala,
        "contacts",
        f"Name;E-mail;Mobile;PEN;Office;Organisation\nChitra;{mail};+14165550101;771;Treasury;northwind"
        " schools\nDevi;devi@north.example;416 555 0102;772;Pala;\n",
    )
    assert counts(upload) == (1, 1, 0, 0)
    assert Contact.objects.count() == 1  # nothing before it is accepted
    assert take_in(upload).state == "done"
    chitra.refresh_from_db()
    assert chitra.attributes == {"office": "Treasury"}
    assert chitra.organisation.name == "Northwind Schools"
    assert set(chitra.identities.values_list("channel", "identifier")) == {
        ("email", mail),
        ("phone", "+14165550101"),
        ("pen", "771"),
    }
    devi = Contact.objects.get(name="Devi")
    assert devi.user == User.objects.get(email="devi@north.example")
    # A number of the desk's own country.
    assert devi.identities.get(channel="phone").identifier == "+14165550102"
    assert counts(read(bala, "contacts", "name,pen\nDevi,772\n")) == (0, 0, 1, 0)


def test_one_wrong_line_keeps_the_whole_list_out(bala):
    upload = read(bala, "contacts", "name,mail\nA,a@north.example\nB,nonsense\n")
    assert counts(upload) == (1, 0, 0, 1)
    assert why(upload, 3) == "“nonsense” is no mail address."
    with pytest.raises(UploadRefused, match="1 line is wrong: correct it"):
        accept_upload(upload)
    assert not Contact.objects.exists()


def test_two_people_with_one_number_are_told_apart_with_a_sentence(bala):
    first = make_contact(bala.desk, "Chitra")
    first.identities.create(desk=bala.desk, channel="phone", identifier="+14165550101")
    upload = read(
        bala,
        "contacts",
        "name,mail,phone\nA,a@n.example,+14165550102\nB,b@n.example,+14165550102\nEsi,,+14165550101\n",
    )
    assert why(upload, 3) == "“+14165550102” is in line 2 already: two people cannot have one."
    assert why(upload, 4) == "“+14165550101” belongs to Chitra already: two people cannot have one."


def test_a_line_that_names_two_known_people_asks_which_it_is(bala):
    make_contact(bala.desk, "Chitra")
    make_contact(bala.desk, "Devi").identities.create(
        desk=bala.desk, channel="phone", identifier="+14165550101"
    )
    upload = read(bala, "contacts", "mail,phone\nchitra@sparkrock-customer.example,+14165550101\n")
    assert "names two people the desk knows" in why(upload, 2)


def test_it_quotes_little_of_what_two_known_people_are_known_by(bala):
    long = "9" * 190
    make_contact(bala.desk, "Chitra").identities.create(
        desk=bala.desk, channel="pen", identifier=long
    )
    make_contact(bala.desk, "Devi").identities.create(
        desk=bala.desk, channel="phone", identifier="+14165550101"
    )
    upload = read(bala, "contacts", f"mail,phone,pen\n,+14165550101,{long}\n")
    assert "names two people the desk knows" in why(upload, 2)
    assert long not in why(upload, 2)


def test_a_repeated_line_is_taken_once_and_says_so(bala):
    upload = read(bala, "contacts", "name,mail\nA,a@n.example\nA,a@n.example\n")
    assert counts(upload) == (1, 0, 1, 0)
    assert why(upload, 3) == "The same as line 2: it is taken once."
    assert take_in(upload).state == "done"
    assert Contact.objects.count() == 1


def test_a_formula_is_kept_as_text_flagged_and_written_so_that_no_spreadsheet_runs_it(bala):
    upload = read(bala, "contacts", "name,mail\n=cmd|' /C calc'!A0,a@n.example\n")
    assert counts(upload) == (1, 0, 0, 0)
    assert "“name” looks like a formula; it is kept as text." in why(upload, 2)
    take_in(upload)
    assert Contact.objects.get().name == "=cmd|' /C calc'!A0"
    kind = kinds.LISTS["contacts"]
    out = written(*kind.table(bala.desk))
    assert b"\n'=cmd" in out
    assert counts(read(bala, "contacts", out)) == (0, 0, 1, 0)


def test_all_ways_of_a_person_go_out_and_come_back(bala):
    text = "name,mail,phone\nA,a@n.example; a@home.example,+14165550101;+14165550102\n"
    assert take_in(read(bala, "contacts", text)).state == "done"
    kind = kinds.LISTS["contacts"]
    out = written(*kind.table(bala.desk))
    assert b"A,a@n.example; a@home.example," in out
    assert b"14165550101; " in out
    assert counts(read(bala, "contacts", out)) == (0, 0, 1, 0)
    more = "name,mail\nA,a@n.example; a@new.example\n"
    assert counts(read(bala, "contacts", more)) == (0, 1, 0, 0)


def test_unknown_columns_are_left_out_or_kept_as_asked_and_both_are_said(bala):
    text = "name,mail,shoe size\nA,a@n.example,42\n"
    left = read(bala, "contacts", text)
    assert [in_words(note) for note in left.notes] == [
        "Columns this list does not know are left out: “shoe size”."
    ]
    kept = read(bala, "contacts", text, keep_others=True)
    take_in(kept)
    assert Contact.objects.get().attributes == {"shoe size": "42"}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("A,,,,,,", "Give a mail address or a number"),
        ("A,a@n.example,12,,,,", "“12” is no phone number"),
        ("A,a@n.example,,Nobody Ltd,,,", "There is no organisation “Nobody Ltd”"),
        ("A,a@n.example,,,klingon,,", "“klingon” is no language"),
        ("A,a@n.example,,,,Mars/Phobos,", "is no time zone"),
        ("A,a@n.example,,,,,perhaps", "neither yes nor no"),
        ("A,a@n.example,,,,,,surplus", "more cells than there are columns"),
        (f"{'A' * 300},a@n.example,,,,,", "longer than 200 characters"),
    ],
)
def test_every_wrong_value_has_its_sentence(bala, line, sentence):
    upload = read(bala, "contacts", f"name,mail,phone,organisation,language,zone,named\n{line}\n")
    assert upload.wrong == 1
    assert sentence in why(upload, 2)


def test_a_list_without_a_needed_column_says_which_columns_there_are(bala):
    upload = read(bala, "places", "name\nPala\n")
    assert (upload.state, upload.rows.count()) == ("failed", 0)
    assert "The column code is missing" in in_words(upload.problem)
    assert "within" in in_words(upload.problem)


def test_what_changed_at_the_desk_meanwhile_stops_the_list_and_shows_it_again(bala):
    upload = read(
        bala,
        "contacts",
        "name,mail,phone\nA,a@n.example,+14165550101\nB,b@n.example,+14165550102\n",
    )
    Upload.objects.filter(pk=upload.pk).update(state="writing")
    make_contact(bala.desk, "Esi").identities.create(
        desk=bala.desk, channel="phone", identifier="+14165550101"
    )
    make_contact(bala.desk, "Kofi").identities.create(
        desk=bala.desk, channel="email", identifier="a@n.example"
    )
    again = write_upload(upload.pk, at=MONDAY)
    assert (again.state, again.wrong) == ("read", 1)
    assert "nothing was taken in" in in_words(again.notes[0])
    assert not Contact.objects.filter(name="B").exists()


def test_a_list_is_taken_in_once_however_often_the_job_runs(bala):
    upload = read(bala, "contacts", "name,mail\nA,a@n.example\n")
    take_in(upload)
    assert write_upload(upload.pk, at=MONDAY).state == "done"
    with pytest.raises(UploadRefused, match="taken in already"):
        accept_upload(upload)
    assert Contact.objects.count() == 1


def test_lists_are_forgotten_after_a_week(bala):
    upload = read(bala, "contacts", "name,mail\nA,a@n.example\n")
    forget_old(at=MONDAY + timedelta(days=8))
    assert not Upload.objects.filter(pk=upload.pk).exists()


def test_a_list_names_no_more_contacts_than_the_plan_has_seats_for_and_says_who_has_them(bala):
    schools = make_organisation(bala.desk, plan="basic")
    gita = make_contact(bala.desk, "Gita", schools)
    lines = "".join(
        f"{name},{name.lower()}@north.example,Northwind Schools,yes\n" for name in ("Devi", "Hana")
    )
    upload = read(bala, "contacts", f"name,mail,organisation,named\n{lines}")
    assert counts(upload) == (1, 0, 0, 1)
    assert why(upload, 3).startswith(
        "Northwind Schools has its 2 named contacts on plan Basic (line 54 of the book): Gita,"
        " Devi."
    )
    gives = f"Gita,{gita.identities.get().identifier},Northwind Schools,no\n"
    assert counts(read(bala, "contacts", f"name,mail,organisation,named\n{gives}{lines}")) == (
        2,
        1,
        0,
        0,
    )
    Contact.objects.filter(pk=make_contact(bala.desk, "Ivo", schools).pk).update(named=True)
    # More than there are seats, from before: nobody loses one by a list.
    make_contact(bala.desk, "Jaya", schools)
    again = "Ivo Rao,ivo@sparkrock-customer.example,Northwind Schools,yes\n"
    assert counts(read(bala, "contacts", f"name,mail,organisation,named\n{again}")) == (0, 1, 0, 0)


def test_who_is_only_moved_by_a_list_is_of_the_community_where_all_seats_are_taken(bala):
    schools = make_organisation(bala.desk, plan="basic")
    for name in ("Gita", "Hana"):
        make_contact(bala.desk, name, schools)
    devi = make_contact(bala.desk, "Devi")
    line = f"Devi,{devi.identities.get().identifier},Northwind Schools\n"
    take_in(read(bala, "contacts", f"name,mail,organisation\n{line}"))
    devi.refresh_from_db()
    assert (devi.organisation, devi.named) == (schools, False)
    assert counts(read(bala, "contacts", f"name,mail,organisation\n{line}")) == (0, 0, 1, 0)


def test_however_many_lose_their_seat_by_a_list_it_is_asked_once_who_works_at_the_desk(bala):
    schools = make_organisation(bala.desk)
    losing = [make_contact(bala.desk, name, schools) for name in ("Gita", "Hana", "Ivo")]
    lines = "".join(f"{one.identities.get().identifier},no\n" for one in losing)
    upload = read(bala, "contacts", f"mail,named\n{lines}")
    accept_upload(upload)
    with CaptureQueriesContext(connection) as asked:
        write_upload(upload.pk, at=MONDAY)
    assert Contact.objects.filter(named=True).count() == 0
    assert (
        sum('FROM "deskbook_agent"' in one["sql"] and '"phone"' in one["sql"] for one in asked) <= 3
    )


def test_a_seat_given_away_while_a_list_waited_stops_the_list_with_the_reason(bala):
    schools = make_organisation(bala.desk, plan="basic")
    upload = read(
        bala,
        "contacts",
        "name,mail,organisation,named\nDevi,devi@north.example,Northwind Schools,yes\n",
    )
    for name in ("Gita", "Hana"):
        make_contact(bala.desk, name, schools)
    stopped = take_in(upload)
    assert (stopped.state, counts(stopped)) == ("read", (0, 0, 0, 1))
    assert "Line 2: Northwind Schools has its 2 named contacts on plan" in in_words(
        stopped.notes[0]
    )
    assert not Contact.objects.filter(name="Devi").exists()


def test_an_organisation_with_two_spaces_in_its_name_is_found(bala):
    make_organisation(bala.desk, "Espaço  Duplo")
    upload = read(bala, "contacts", "name,mail,organisation\nA,a@n.example,espaço duplo\n")
    assert counts(upload) == (1, 0, 0, 0)
