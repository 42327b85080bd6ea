"""Which language a text is written in."""

import pytest

from include.clean.language import language_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Four soldiers were killed and two were wounded near the town on Sunday.", "en"),
        ("قتل أربعة جنود وأصيب اثنان آخران في هجوم قرب المدينة يوم الأحد.", "ar"),
        ("Четверо военных погибли и двое ранены при нападении в воскресенье.", "ru"),
        ("Quatre soldats ont été tués et deux autres blessés dimanche près de la ville.", "fr"),
        ("Pazar günü kentin yakınında dört asker öldürüldü, iki asker yaralandı.", "tr"),
    ],
)
def test_the_text_tells(text, code):
    assert language_of(text, "xx") == code


@pytest.mark.parametrize(
    ("stated", "code"), [("en-GB", "en"), ("ar_SY", "ar"), ("EN", "en"), ("tlh", None), ("", None), (None, None)]
)
def test_a_text_too_short_to_tell_is_in_the_language_that_the_page_states(stated, code):
    assert language_of("Two killed. 12", stated) == code
