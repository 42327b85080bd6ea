import pytest

from include.extract.violence import event_type, is_accident, other_cause


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("A drone hit a tent and killed two boys.", "airstrike"),
        ("Mortar fire on the market killed a woman.", "shelling"),
        ("A car bomb went off at the gate and killed six.", "explosion"),
        ("A landmine killed a shepherd.", "explosion"),
        ("Gunmen killed the mayor's driver.", "shooting"),
        ("Two soldiers died in clashes with rebels.", "clash"),
        ("The judge was assassinated with a bomb under his car.", "assassination"),
        ("Five captives were beheaded.", "execution"),
        ("Four fighters were killed in an offensive on a camp.", "armed_attack"),
        ("Two people died.", "unknown"),
    ],
)
def test_the_kind_of_incident_is_read_from_its_most_telling_word(sentence, kind):
    assert event_type([sentence]) == kind


def test_the_first_sentence_that_tells_the_kind_decides():
    assert event_type(["Two people died.", "Shells fell on the town.", "A drone came later."]) == "shelling"


@pytest.mark.parametrize(
    ("sentence", "cause"),
    [
        ("Seven pilgrims were killed when their bus overturned.", "traffic"),
        ("The flood killed forty people.", "disaster"),
        ("A gas explosion killed three cooks.", "disaster"),
        ("An explosion at a fireworks factory killed twelve people.", "disaster"),
        ("The virus killed ninety people.", "disease"),
        ("He died of a heart attack.", "disease"),
        ("Sixty people died of dengue fever.", "disease"),
        ("Nine labourers died from the heat.", "disaster"),
        ("The midfielder injured his hamstring.", "sport"),
        ("Two people died.", "no_sign"),
        ("A bomb killed seven people on a bus.", None),
        ("Nine villagers were killed by suspected cattle youths.", None),
        ("Four men were killed in a reprisal.", None),
        ("Sarin killed thirty people in the town.", None),
        ("The car crashed after gunmen opened fire on it and killed the driver.", None),
        ("Two soldiers were killed.", None),
        ("Bandits killed 23 villagers.", None),
        ("Separatists killed two gendarmes.", None),
        ("A clerk was killed by US fire at a checkpoint.", None),
        ("Three people were killed by a house fire.", "disaster"),
    ],
)
def test_deaths_need_a_sign_of_violence(sentence, cause):
    assert other_cause("killed", [sentence]) == cause


def test_a_violent_way_of_dying_is_a_sign_in_itself():
    assert other_cause("stabbed", ["Two people were stabbed at a world cup match."]) is None


def test_what_stands_around_decides_where_the_sentence_does_not():
    assert other_cause("killed", ["Three people were killed.", "A shell hit the bakery."]) is None
    assert (
        other_cause("killed", ["Three people were killed.", "The train derailed.", "A bomb was found last year."]) == "traffic"
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "Three farmers were killed near Barkin by suspected herders.",
        "Six villagers were killed last week in a reprisal.",
        "Relatives buried the 20 people killed by sarin.",
    ],
)
def test_suspects_reprisals_and_gas_are_signs_of_violence(sentence):
    assert other_cause("killed", [sentence]) is None


def test_killing_of_people_is_violence_whatever_else_is_told():
    assert other_cause("killing", ["The killing of six miners in Loralai on Saturday led to protests."]) is None


def test_a_thing_that_can_explode_makes_no_accident_where_nothing_exploded():
    assert is_accident("Five died when a fuel tanker exploded.")
    assert not is_accident("Five soldiers were killed on the road. They had brought back a fuel tanker.")
