"""Texts that are one text, republished."""

import subprocess
import sys

import pytest

from include.clean.near_duplicates import PERMUTATIONS, fingerprint, similarity

STORY = (
    "A roadside bomb killed two policemen and wounded a third on Monday on the road that leads from Baqubah to Khanaqin, police"
    " sources said. Nobody has said that they laid it. Islamic State cells still move about in the orchards of the province,"
    " where eleven people died last month. Officers closed the road until the evening and asked drivers to wait in the town."
)
RETOLD = (
    "Two members of the police were killed when a device blew up under their car near Baqubah, a captain told this newspaper."
    " A third officer is in hospital. The blast came on Monday, and the force blames remnants of the Islamic State group, which"
    " has not claimed it. The road to Khanaqin was shut for hours, and lorries stood in line as far as the edge of the town."
)


def test_a_fingerprint_is_64_numbers_that_a_column_of_32_bits_holds():
    numbers = fingerprint(STORY)
    assert len(numbers) == PERMUTATIONS
    assert all(0 <= n < 2**32 for n in numbers)


def test_case_punctuation_and_spacing_do_not_matter():
    assert fingerprint("Four soldiers, it said, were KILLED near Homs") == fingerprint(
        "four soldiers it said\nwere “killed” near homs!"
    )


@pytest.mark.parametrize("text", ["", " \n", "... --"])
def test_a_text_without_words_has_none(text):
    assert fingerprint(text) is None


def test_a_text_shorter_than_a_gram_has_one():
    assert fingerprint("two killed") == fingerprint("Two killed.") != fingerprint("Two wounded.")


def test_fingerprints_are_the_same_in_every_process():
    program = f"from include.clean.near_duplicates import fingerprint; print(fingerprint({STORY!r}))"
    runs = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert runs == {f"{fingerprint(STORY)}\n"}
    assert fingerprint("a b c d e")[:3] == [3822880987, 2619073484, 4123852968]


def test_a_republished_text_is_near_and_a_retold_one_far():
    copy = "By our staff. " + STORY.replace("on Monday ", "") + " Source: Tigris Press"
    assert similarity(fingerprint(STORY), fingerprint(STORY)) == 1.0
    assert similarity(fingerprint(STORY), fingerprint(copy)) > 0.6
    assert similarity(fingerprint(STORY), fingerprint(RETOLD)) < 0.1


def test_fingerprints_of_different_lengths_are_not_compared():
    with pytest.raises(ValueError, match="shorter"):
        similarity([1, 2], [1])
