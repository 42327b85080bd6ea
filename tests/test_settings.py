import pytest

from include import settings
from include.__main__ import main


@pytest.mark.parametrize(
    ("read", "variable", "default", "other"),
    [
        (settings.count_rule, "BADIA_COUNT_RULE", "latest_trusted", "majority"),
        (settings.count_mode, "BADIA_COUNT_MODE", "range", "acled"),
    ],
)
def test_a_choice_has_a_default_and_refuses_what_is_no_choice(monkeypatch, read, variable, default, other):
    monkeypatch.delenv(variable, raising=False)
    assert read() == default
    monkeypatch.setenv(variable, other)
    assert read() == other
    monkeypatch.setenv(variable, "ucdp")
    with pytest.raises(settings.InvalidSetting, match=f"{variable} is 'ucdp'; valid are {default}, "):
        read()


def test_a_command_ends_with_the_setting_that_is_wrong(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("BADIA_COUNT_MODE", "ucdp")
    assert main(["extract", "--pending", "--lake", str(tmp_path)]) == 2
    assert "BADIA_COUNT_MODE is 'ucdp'" in capsys.readouterr().err
