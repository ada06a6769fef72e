from deskbook.server.warnings import unknown


def test_a_variable_that_looks_like_a_setting_and_is_none_is_named():
    (close, strange) = unknown(
        {"DESKBOK_PORT": "1", "DESKBOOK_WARP": "9", "PATH": "/", "DESKBOOK_PORT": "8000"}
    )
    assert (
        close
        == "DESKBOK_PORT is no setting of Deskbook and changes nothing; did you mean DESKBOOK_PORT?"
    )
    assert "DESKBOOK_WARP is no setting" in strange
