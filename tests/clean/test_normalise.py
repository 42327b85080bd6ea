"""The form of a text that the extractors read, and the way back to the text as published."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.clean.normalise import _joins, _may_be_broken_up, normalise
from tests.timing import grows_linearly


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ("Four men were kil-led near Homs", "killed"),
        ("two inju-red in the blast", "injured"),
        ("IS-IS cells", "ISIS"),
        ("IS*IS cells", "ISIS"),
        ("I.S.I.S cells", "ISIS"),
        ("an att-ack", "attack"),
        ("to ki*ll him", "kill"),
        ("k.i.l.l.e.d yesterday", "killed"),
        ("k-i*l.l-e_d yesterday", "killed"),
        ("kil--led", "killed"),
        ("kil\u00adled", "killed"),
        ("ki\u200blled", "killed"),
        ("ki\u2060l\u200dled", "killed"),
        ("kil-\nled", "killed"),
        ("kil-\r\n led", "killed"),
        ("kil\u2010led", "killed"),
        ("kil\u2013led", "killed"),
        ("KIL-LED", "KILLED"),
        ("Kil-Led", "Killed"),
        ("counter-att-ack on the base", "attack"),
        ("IS-IS-led cells", "ISIS"),
    ],
)
def test_a_broken_up_word_is_joined_and_its_span_is_that_of_the_pieces(raw, word):
    normalised = normalise(raw)
    start = normalised.text.index(word)
    raw_start, raw_end = normalised.raw_span(start, start + len(word))
    pieces = raw[raw_start:raw_end]
    assert pieces != word
    assert [c for c in pieces.lower() if c.isalpha()] == list(word.lower())


@pytest.mark.parametrize(
    "text",
    [
        "pro-regime and Iran-backed fighters",
        "co-ordinated",
        "near al-Sukhna and Deir ez-Zor",
        "Al-Qaeda, machine-guns and a counter-attack",
        "He was shot.Gunmen fled.",
        "The U.S. said so.",
        "they say she'll be back",
        "a re-signed ex-minister",
        "war- and peacetime",
        "snake_case and file.name",
        "12-13 April, 7.5 km, 3*4",
        "- kill\n- wound",
        "dead - wounded",
    ],
)
def test_other_words_stay_as_they_are(text):
    assert normalise(text).text == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("\u201cfour\u201d \u2018dead\u2019 it\u2019s", "\"four\" 'dead' it's"),
        ("7\u20139 dead\u2014and more", "7-9 dead\u2014and more"),
        ("a\u00a0b\u2009c\u3000d\te", "a b c d e"),
        ("one\u2028two\u2029three", "one\ntwo\nthree"),
        ("a\x00b", "a b"),
    ],
)
def test_spaces_quotes_and_dashes_become_simple_ones_in_place(raw, text):
    normalised = normalise(raw)
    assert normalised.text == text
    assert normalised.raw_span(0, len(text)) == (0, len(raw))


def test_marks_are_composed_and_the_span_takes_the_whole_cluster():
    raw = "the cafe\u0301 burnt"
    normalised = normalise(raw)
    assert normalised.text == "the caf\u00e9 burnt"
    assert raw[slice(*normalised.raw_span(4, 8))] == "cafe\u0301"
    assert raw[slice(*normalised.raw_span(9, 14))] == "burnt"


def test_a_text_with_nothing_to_change_is_itself():
    text = "Four soldiers were killed near Homs."
    normalised = normalise(text)
    assert normalised.text == normalised.raw == text
    assert normalised.raw_span(5, 13) == (5, 13)


def test_an_empty_span_is_a_place_in_the_raw_text():
    normalised = normalise("were kil-led here")
    assert normalised.raw_span(0, 0) == (0, 0)
    assert normalised.raw_span(16, 16) == (17, 17)
    assert normalise("").raw_span(0, 0) == (0, 0)
    assert normalise("\u200b").raw_span(0, 0) == (0, 0)


@pytest.mark.parametrize("span", [(-1, 0), (2, 1), (0, 5)])
def test_a_span_outside_the_text_is_named(span):
    with pytest.raises(IndexError, match="does not lie in the normalised text of 4 characters"):
        normalise("dead").raw_span(*span)


_BROKEN = [
    "kil",
    "led",
    "IS",
    "Att",
    "ack",
    "k",
    "i",
    "l",
    "D",
    "ied",
    "-",
    "*",
    ".",
    "--",
    "\n",
    " ",
    "\r\n",
    "al-Sukhna",
    "7",
]
_MARKED = [
    "\u200b",
    "\u00ad",
    "e",
    "\u0301",
    "\u0323",
    "\u2013",
    "\u201c",
    "\u2028",
    "\u1100",
    "\u1161",
    "\u212b",
    "\u09c7",
    "\u09be",
]
_TEXTS = st.text() | st.lists(st.sampled_from(_BROKEN + _MARKED), max_size=30).map("".join)


@given(_TEXTS)
def test_a_second_pass_changes_nothing(raw):
    once = normalise(raw).text
    assert normalise(once).text == once
    assert unicodedata.is_normalized("NFC", once)


@given(_TEXTS)
def test_looking_first_whether_a_word_may_be_broken_up_forgets_none(raw):
    text = normalise(raw).text + raw.replace("\x00", "")
    assert _may_be_broken_up().search(text.encode("utf-8", "replace")) or not list(_joins(text))


def test_a_part_of_a_recomposed_cluster_is_the_whole_cluster_in_the_raw_text():
    normalised = normalise("A\u0300\u0300 b")
    assert normalised.raw_span(0, 1) == normalised.raw_span(1, 2) == (0, 3)
    assert normalised.raw_span(3, 4) == (4, 5)


@given(_TEXTS, st.data())
def test_spans_lie_in_the_raw_text_and_keep_their_order(raw, data):
    normalised = normalise(raw)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(normalised.text)), min_size=3, max_size=3)))
    (a, b), (c, d) = normalised.raw_span(*cuts[:2]), normalised.raw_span(*cuts[1:])
    # Two spans may share a cluster (a letter and its marks) that was recomposed: it has no smaller parts in the raw text.
    assert (a <= c and b <= d) or cuts[0] == cuts[1] or cuts[1] == cuts[2]
    for start, end in ((a, b), (c, d)):
        assert 0 <= start <= end <= len(raw)


@given(
    st.lists(
        st.sampled_from(["kil-led", "wounded", "al-Sukhna", "IS*IS", "caf\u00e9", "\u200bfour", "12", "e\u0301"]), max_size=20
    )
)
def test_the_raw_slice_of_an_unchanged_word_is_that_word(words):
    raw = " ".join(words)
    normalised = normalise(raw)
    for word in {"wounded", "al-Sukhna", "caf\u00e9", "four", "12"} & set(words):
        start = normalised.text.index(word)
        assert raw[slice(*normalised.raw_span(start, start + len(word)))] == word


@pytest.mark.parametrize("piece", ["a-", "kil-led ", "e\u0301\u0323", "a", "- \n ", "\u0301\u0323", "k.", "\u200b", "\u1161"])
def test_a_long_line_takes_linear_time(piece):
    assert grows_linearly(lambda length: normalise(piece * (length // len(piece))), 50_000)
