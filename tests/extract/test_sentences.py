import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.extract.sentences import Part


def texts(part: Part) -> list[str]:
    return [s.text for s in part.sentences]


def test_a_full_stop_after_a_title_an_initial_or_a_compass_point_ends_nothing():
    part = Part.of("text", "Gen. J. Haddad spoke in E. Daraa at 5 p.m. on Friday. Two men died. No. 4 brigade left!")
    assert texts(part) == ["Gen. J. Haddad spoke in E. Daraa at 5 p.m. on Friday.", "Two men died.", "No. 4 brigade left!"]


def test_a_quotation_mark_after_the_full_stop_belongs_to_the_sentence():
    assert texts(Part.of("text", 'He said: "Three died." Nobody answered.')) == ['He said: "Three died."', "Nobody answered."]


def test_a_text_in_lower_case_is_still_split():
    assert texts(Part.of("text", "two men were shot. police came. they left.")) == [
        "two men were shot.",
        "police came.",
        "they left.",
    ]


def test_each_line_is_a_paragraph():
    part = Part.of("text", "First line\nSecond line. And more.\n\nThird")
    assert [(s.text, s.paragraph) for s in part.sentences] == [
        ("First line", 0),
        ("Second line.", 1),
        ("And more.", 1),
        ("Third", 2),
    ]


def test_wrapped_lines_of_an_agency_wire_are_joined():
    wire = (
        "Lima, 3 Mar 89 (Radio) -- Two officers of the harbour police were shot\n"
        "and killed by gunmen who waited for them at the gates of the fish market\n"
        "and fled in a stolen van. A third officer who had come by on his way to\n"
        "the barracks was wounded in the leg.\n\n"
        "Nobody has claimed the attack."
    )
    part = Part.of("text", wire)
    assert [s.paragraph for s in part.sentences] == [0, 0, 1]
    assert part.sentences[0].text.endswith("fled in a stolen van.")
    assert part.raw(part.sentences[0].start, part.sentences[0].end)[0].count("\n") == 2


def test_a_headline_is_read_in_segments_and_only_once():
    title = "Idlib | Two farmers killed near a mill in Idlib - The Daily - Idlib | Two farmers killed near a mill in Idlib"
    assert texts(Part.of("title", title)) == ["Idlib", "Two farmers killed near a mill in Idlib", "The Daily"] or texts(
        Part.of("title", title)
    )[:2] == ["Idlib", "Two farmers killed near a mill in Idlib"]
    assert sum("farmers" in t for t in texts(Part.of("title", title))) == 1


def test_lists_of_other_stories_are_marked_up_to_the_next_real_sentence():
    part = Part.of(
        "text",
        "Shell kills one in Tafas\nRelated News\nNine die in Hama\nBody found in Nawa, November 3\n"
        "A shell fired by unknown gunmen killed a farmer in the fields of Tafas on Friday evening.\n"
        "Next Post\nSix killed in Idlib\nFour hurt in Homs…",
    )
    marked = [s.text for s in part.sentences if s.index in part.other_stories]
    assert marked == [
        "Related News",
        "Nine die in Hama",
        "Body found in Nawa, November 3",
        "Next Post",
        "Six killed in Idlib",
        "Four hurt in Homs…",
    ]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Two men died.\nRELATED: Teen shot dead in Nawa\nPolice came.", ["RELATED: Teen shot dead in Nawa"]),
        ("Two men died. READ MORE: Baker killed in Tafas\nPolice came.", ["READ MORE: Baker killed in Tafas"]),
        ("Two men died.\n[Watch: Funeral of 9 victims]\n“I saw it.”", ["[Watch: Funeral of 9 victims]"]),
        (
            "Related:\nConvoy of 8 lorries\nBlast kills 14\nThe two men died in hospital on Friday, a doctor told reporters.",
            ["Related:", "Convoy of 8 lorries", "Blast kills 14"],
        ),
        ("Two men died.\nStrike kills six in Tyre16min\nThe two died at once.", ["Strike kills six in Tyre16min"]),
        ("Two men died.\nEditors' picks\nBlast kills 14", ["Editors' picks", "Blast kills 14"]),
        ("See also: Blast kills 14\nFour hurt in Nawa\nPolice came.", ["See also: Blast kills 14", "Four hurt in Nawa"]),
        ("Read the verdict: three men were hanged.\nWatch out: two died.", []),
    ],
)
def test_a_label_marks_the_headline_of_another_story(text, marked):
    part = Part.of("text", text)
    assert [s.text for s in part.sentences if s.index in part.other_stories] == marked


@pytest.mark.parametrize(
    ("text", "posts"),
    [
        ("Summary.\n14:05 GMT\nTwo died. One fled.\n13:40 GMT\nA shell fell.", [0, 1, 1, 1, 2, 2]),
        ("10.32am\nTwo died.\n10.15am BST\nA shell fell.", [1, 1, 2, 2]),
        ("[14:05] - Two died.\n[13:40] - A shell fell.", [1, 2]),
        ("Posted at 12:10\nTwo died.\n3 hours ago\nA shell fell.", [1, 1, 2, 2]),
        ("14:05 GMT\nTwo died.\nA shell fell.", [0, 0, 0]),
        ("At 14:05 two died.\n14:10 was the time.\n12.50\n13.50", [0, 0, 0, 0]),
    ],
)
def test_times_at_the_start_of_lines_part_the_posts_of_a_live_blog(text, posts):
    assert [s.post for s in Part.of("text", text).sentences] == posts


def test_a_sentence_that_only_begins_like_such_a_heading_is_kept():
    part = Part.of("text", "Other news agencies reported three dead in the market of Tafas.")
    assert not part.other_stories


@given(
    st.text(alphabet=st.sampled_from("Ab. \n!?\"'…kil-led|•\u200b\u0301é9"), max_size=200), st.sampled_from(["title", "text"])
)
def test_spans_are_true_and_lead_back_to_the_text_as_published(raw, name):
    part = Part.of(name, raw)
    for s in part.sentences:
        assert part.text[s.start : s.end] == s.text != ""
        phrase, start, end = part.raw(s.start, s.end)
        assert raw[start:end] == phrase
    assert part.other_stories <= {s.index for s in part.sentences}
