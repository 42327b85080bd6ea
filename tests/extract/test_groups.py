"""Who was hurt: sides, women and children, the attackers' own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.datasets.catalogue import BREAKDOWN, REPORTS
from include.extract.article import extract_article
from include.extract.groups import kind_of


def told(text, **more):
    """The first report of a text."""
    found = extract_article({"text": text} | more)
    REPORTS.table(found.reports)
    return REPORTS.whole(found.reports[0])


def stated(row):
    """Best, else low, of what is told of who was hurt."""
    first = {
        stem: [row[f"{stem}_{b}"] for b in ("best", "low", "high") if row[f"{stem}_{b}"] is not None] for stem in BREAKDOWN
    }
    return {stem: values[0] for stem, values in first.items() if values}


def sides(row, measure="killed"):
    return [(g["victim_class"], g["best"], g["attackers"]) for g in row["groups"] if g["measure"] == measure]


WOMEN_AND_CHILDREN = {
    "parts of a group": (
        "An airstrike on Saraqib killed nine people, including two children and three women.",
        {"killed_children": 2, "killed_women": 3},
    ),
    "people who are added up": (
        "A rocket hit their house and killed a man, his wife and their three children.",
        {"killed_women": 1, "killed_children": 3, "killed_civilians": 5},
    ),
    "the whole group": (
        "Shelling killed four children at a school in Sarmin.",
        {"killed_children": 4, "killed_civilians": 4},
    ),
    "girls are children": (
        "Three girls and a boy were wounded by a mine near Saraqib.",
        {"injured_children": 4},
    ),
    "one number for both is not told apart": (
        "Gunmen killed 12 women and children in a village near Saraqib.",
        {"killed_civilians": 12},
    ),
    "another sentence tells of them": (
        "An airstrike killed eight people in Saraqib. Among the dead were two children and a woman.",
        {"killed_children": 2, "killed_women": 1},
    ),
    "more than were killed cannot be among them": (
        "A mine killed two people near Saraqib on Sunday. Six children have been killed by mines there since January.",
        {},
    ),
    "sons and daughters can be of any age": (
        "A shell killed a woman and her two daughters in Sarmin.",
        {"killed_women": 1, "killed_civilians": 3},
    ),
    "killed and injured are kept apart": (
        "A bomb killed a woman and wounded two children in the market of Sarmin.",
        {"killed_women": 1, "injured_children": 2, "killed_civilians": 1},
    ),
}


@pytest.mark.parametrize(("text", "expected"), WOMEN_AND_CHILDREN.values(), ids=WOMEN_AND_CHILDREN)
def test_women_and_children_are_counted_where_they_are_stated(text, expected):
    assert stated(told(text)) == expected


SIDES = {
    "groups of one sentence": (
        "A car bomb in Sarmin killed five civilians and three soldiers.",
        [("civilians", 5, False), ("state_forces", 3, False)],
        "mixed",
    ),
    "a part of another side": (
        "A car bomb in Sarmin killed nine people, among them four soldiers.",
        [("state_forces", 4, False), ("unknown", 5, False)],
        "unknown",
    ),
    "women and children are no side": (
        "A car bomb in Sarmin killed nine people, among them four children.",
        [("unknown", 9, False)],
        "unknown",
    ),
    "another sentence names the sides of as many": (
        "Eight people were killed in an attack in Sarmin. The dead include five civilians and three policemen.",
        [("civilians", 5, False), ("state_forces", 3, False)],
        "mixed",
    ),
    "attackers beside their victims": (
        "Gunmen attacked a checkpoint near Sarmin and killed five policemen. Three of the attackers were killed.",
        [("state_forces", 5, False), ("unknown", 3, True)],
        "state_forces",
    ),
    "only attackers": (
        "Taliban fighters attacked a checkpoint in Helmand on Sunday. Ten Taliban fighters were killed.",
        [("extremist_group", 10, True)],
        "extremist_group",
    ),
}


@pytest.mark.parametrize(("text", "expected", "victim_class"), SIDES.values(), ids=SIDES)
def test_the_killed_of_each_side_are_kept_apart(text, expected, victim_class):
    row = told(text)
    assert sides(row) == expected
    assert row["victim_class"] == victim_class
    counted = [best for _, best, attackers in expected if not attackers] or [best for _, best, _ in expected]
    assert sum(counted) == row["killed_best"]


def test_there_may_be_more_civilians_where_the_side_of_others_is_unknown():
    row = told("A car bomb in Sarmin killed nine people, including two journalists.")
    assert [row[f"killed_civilians_{b}"] for b in ("low", "best", "high")] == [2, 2, None]
    row = told("A car bomb in Sarmin killed two journalists and three soldiers.")
    assert [row[f"killed_civilians_{b}"] for b in ("low", "best", "high")] == [2, 2, 2]


def test_attackers_are_of_the_perpetrators_side():
    row = told("ISIS militants attacked a checkpoint near Sarmin and killed five policemen. Three attackers were killed.")
    assert sides(row) == [("state_forces", 5, False), ("extremist_group", 3, True)]


def test_people_without_a_word_for_who_they_are_are_of_the_side_that_is_told_of():
    row = told("A mine killed three soldiers and wounded seven near Sarmin.")
    assert sides(row, "injured") == [("state_forces", 7, False)]


def test_the_attackers_own_dead_have_columns_and_receipts():
    row = told("Gunmen attacked a checkpoint near Sarmin and killed five policemen. Three of the attackers were killed.")
    assert (row["killed_best"], row["attackers_killed_best"]) == (5, 3)
    (receipt,) = [e for e in row["evidence"] if e["field"] == "attackers_killed_best"]
    assert receipt["phrase"] == "Three"


def test_the_dead_are_counted_as_killed_where_only_attackers_are():
    row = told("Taliban fighters attacked a checkpoint in Helmand on Sunday. Ten Taliban fighters were killed.")
    assert (row["killed_best"], row["attackers_killed_best"]) == (10, None)


@pytest.mark.parametrize(
    ("victims", "kind"),
    [
        ("women", "women"),
        ("pregnant woman", "women"),
        ("12-year-old girl", "children"),
        ("mother of two children", "women"),
        ("women and children", None),
        ("15-year-old", "children"),
        ("17-year-olds", "children"),
        ("16 year old Palestinian", "children"),
        ("two-month-old", "children"),
        ("34-year-old", None),
        ("40-year-old woman", "women"),
        ("parents of young children", None),
        ("people", None),
        (None, None),
    ],
)
def test_the_words_for_the_victims_tell_women_and_children(victims, kind):
    assert kind_of(victims) == kind


CLASSES = {
    "one soldier among many does not tell for all": (
        "Thirty-seven people were killed in a bombing in Sarmin. One soldier was also killed.",
        "unknown",
    ),
    "those of whom nobody was hurt are no victims": (
        "Police shot dead a man in Sarmin. No officers were injured.",
        "unknown",
    ),
    "the injured of another side": (
        "A car bomb in Sarmin killed four soldiers and wounded ten civilians.",
        "mixed",
    ),
}


@pytest.mark.parametrize(("text", "expected"), CLASSES.values(), ids=CLASSES)
def test_a_class_holds_for_half_of_the_victims_or_more(text, expected):
    assert told(text)["victim_class"] == expected


def test_words_that_say_nothing_more_of_the_victims_are_not_repeated():
    row = told("Two people were killed in a shooting in Sarmin on Sunday. The victims were killed at a checkpoint.")
    assert row["victims"] == "people"


SENTENCES = [
    "A car bomb in Sarmin killed nine people, among them four soldiers and a child.",
    "A car bomb in Sarmin killed five civilians and three soldiers and wounded eight.",
    "Gunmen attacked the post; three of the attackers were killed.",
    "The dead include five civilians and three policemen.",
    "At least ten people, including two women, were injured in the blast.",
    "Dozens were killed and injured in the shelling.",
    "A woman and her two daughters were killed.",
    "Two more people died later.",
    "The toll rose to 14.",
    "No soldiers were hurt.",
    "ISIS said that it had killed nine soldiers in the attack.",
    "Two policemen and seven militants were killed in the clash.",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), max_size=6))
def test_the_sides_add_up_to_the_counts_and_no_more_women_and_children_are_told_of_than_people(sentences):
    for row in map(REPORTS.whole, extract_article({"text": " ".join(sentences)}).reports):
        for measure in ("killed", "injured", "casualties"):
            apart = row.get(f"attackers_{measure}_low") is not None
            groups = [g for g in row["groups"] if g["measure"] == measure and not (g["attackers"] and apart)]
            assert sum(g["low"] or 0 for g in groups) == (row[f"{measure}_low"] or 0)
            if groups:
                bests = [g["best"] for g in groups]
                assert row[f"{measure}_best"] == (None if None in bests else sum(bests))
            for kind in ("women", "children"):
                if row.get(f"{measure}_{kind}_low") and row[f"{measure}_high"] is not None:
                    assert row[f"{measure}_{kind}_low"] <= row[f"{measure}_high"]
