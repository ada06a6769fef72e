"""What stands in the settings file of a folder is what the desk there runs by."""

import os

import pytest

from deskbook.config.refusals import WrongSetting
from deskbook.config.settings_file import read_settings, take_settings, write_settings


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Return a function that writes the settings file of the folder we are in."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "deskbook.env"

    def write(text, mode=0o600):
        file.write_text(text)
        file.chmod(mode)
        return file

    return write


def taken(**variables):
    take_settings(variables)
    return variables


def test_a_folder_without_one_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert taken(DESKBOOK_PORT="1") == {"DESKBOOK_PORT": "1"}


def test_what_is_set_goes_before_what_is_written_and_empty_is_not_set(written):
    written("DESKBOOK_PORT=81\n# a remark\n\nDESKBOOK_HOST = '::1'\nDESKBOOK_UNDO=0\n")
    found = taken(DESKBOOK_PORT="82", DESKBOOK_UNDO="")
    assert (found["DESKBOOK_PORT"], found["DESKBOOK_HOST"]) == ("82", "::1")
    assert found["DESKBOOK_UNDO"] == "0"


def test_data_lie_beside_the_file_and_what_is_started_from_here_reads_no_other(
    written, tmp_path, monkeypatch
):
    file = written("DESKBOOK_DATA=./data\n")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    found = taken(DESKBOOK_SETTINGS=str(file))
    assert found == {"DESKBOOK_DATA": str(tmp_path / "data"), "DESKBOOK_SETTINGS": "off"}
    written("DESKBOOK_PORT=81\n")
    monkeypatch.chdir(tmp_path)
    assert taken(**found) == found


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o622])
def test_one_that_others_may_read_is_refused_with_what_to_do(written, mode):
    file = written("DESKBOOK_PORT=81\n", mode)
    with pytest.raises(WrongSetting, match=f"chmod 600 {file}"):
        taken()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_one_that_another_user_wrote_is_not_believed(written):
    os.chown(written("DESKBOOK_PORT=81\n"), 12345, 12345)
    with pytest.raises(WrongSetting, match="belongs to another user"):
        taken()


def test_one_that_is_named_and_missing_stops_the_start(tmp_path):
    with pytest.raises(WrongSetting, match="No such file"):
        taken(DESKBOOK_SETTINGS=str(tmp_path / "nowhere.env"))


@pytest.mark.parametrize("line", ["PATH=/tmp/s3cret", "s3cret", "LD_PRELOAD=s3cret"])
def test_what_is_no_setting_is_named_by_its_line_and_not_repeated(written, line):
    written(f"DESKBOOK_PORT=81\n{line}\n")
    with pytest.raises(WrongSetting, match="line 2") as refused:
        taken()
    assert "s3cret" not in str(refused.value)


def test_what_was_written_is_read_again_and_its_owner_alone_can(tmp_path):
    file = tmp_path / "deskbook.env"
    settings = {"DESKBOOK_SMTP_URL": "smtps://a:%24%22x@h", "DESKBOOK_PORT": ""}
    write_settings(file, settings, "Two\nlines.")
    assert read_settings(file) == {"DESKBOOK_SMTP_URL": "smtps://a:%24%22x@h"}
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        write_settings(file, {}, "")


@pytest.mark.parametrize(
    "value",
    [
        '"quoted"',
        "'",
        " spaces ",
        "#no remark",
        "a=b",
        "x\nDESKBOOK_DATA=/",
        "x\u2028DESKBOOK_DATA=/",
    ],
)
def test_a_value_is_read_as_it_was_written_and_never_becomes_a_setting_of_its_own(written, value):
    file = written("")
    file.unlink()
    write_settings(
        file, {"DESKBOOK_MAIL_FROM": value, "DESKBOOK_PORT": "81"}, "Remarks.\nTwo lines."
    )
    read = read_settings(file)
    assert read == {"DESKBOOK_MAIL_FROM": " ".join(value.splitlines()), "DESKBOOK_PORT": "81"}
