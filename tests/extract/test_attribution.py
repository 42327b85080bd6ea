"""Attribution: who did it, to whom, by whose word; who claimed it; who is cited."""

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from include.datasets.catalogue import ATTRIBUTIONS, CLAIM_STATUSES
from include.extract.actors import find_actors
from include.extract.article import extract_article
from include.extract.attribution import RULES, attribute, find_citations, lone_attacker
from tests.timing import grows_linearly

_TABLE = yaml.safe_load(RULES.read_text(encoding="utf-8"))


def examples(section):
    return [pytest.param(rule, ex, id=f"{rule['id']}: {ex[0]}") for rule in _TABLE[section] for ex in rule["examples"]]


@pytest.mark.parametrize(("rule", "example"), examples("rules") + examples("clashes"))
def test_rule_finds_the_perpetrator_of_its_examples(rule, example):
    text, perpetrator = example
    found = attribute(text)
    assert (found.perpetrator.text, found.rule) == (perpetrator, rule["id"])


@pytest.mark.parametrize(("rule", "example"), examples("claims"))
def test_rule_reads_the_claim_of_its_examples(rule, example):
    text, status, claimed_by = example
    found = attribute(text)
    assert (found.claim_status, found.claimed_by) == (status, claimed_by)


@pytest.mark.parametrize(("rule", "example"), examples("targets"))
def test_rule_finds_the_target_of_its_examples(rule, example):
    text, target = example
    assert attribute(text).target.text == target


def test_every_rule_has_an_example_and_its_terms_are_those_of_the_datasets():
    rules = [*_TABLE["rules"], *_TABLE["clashes"], *_TABLE["claims"], *_TABLE["targets"]]
    assert [rule["id"] for rule in rules if not rule["examples"]] == []
    assert {rule["attribution"] for rule in _TABLE["rules"]} | set(_TABLE["hedges"]) <= set(ATTRIBUTIONS)
    assert {rule["status"] for rule in _TABLE["claims"]} <= set(CLAIM_STATUSES)


@pytest.mark.parametrize(
    ("text", "perpetrator", "attribution", "hedge"),
    [
        ("Two were hurt in a suspected ISIS attack.", "ISIS", "suspected_or_accused", "suspected"),
        ("Two died in an alleged Islamic State (ISIS) offensive.", "Islamic State", "suspected_or_accused", "alleged"),
        ("ISIS militants attacked a village.", "ISIS", "reported_as_fact", None),
        ("A bomb suspected to have been planted by ISIS killed two.", "ISIS", "suspected_or_accused", "suspected"),
        ("Israeli forces reportedly killed a man.", "Israeli forces", "reported_as_fact", "reportedly"),
        ("Two were shot, possibly by the PKK.", "PKK", "possible", "possibly"),
        ("Two were shot by gunmen believed to be from Boko Haram.", "Boko Haram", "suspected_or_accused", "believed to be"),
        ("Police blamed the PKK for the blast.", "PKK", "suspected_or_accused_by_authorities", "blamed"),
        ("Villagers were shot. Residents blamed the RSF.", "RSF", "suspected_or_accused", "blamed"),
        ("Three men died in shelling by regime forces.", "regime forces", "reported_as_fact", None),
        ("A shepherd was killed by Turkish gunfire.", "Turkish", "reported_as_fact", None),
        ("Two killed as Turkish shells hit a town.", "Turkish", "reported_as_fact", None),
        ("Unidentified gunmen shot a teacher dead.", "Unidentified gunmen", "reported_as_fact", None),
        ("The Taliban claimed responsibility for the blast.", "Taliban", "claimed_or_admitted", None),
    ],
)
def test_perpetrator_with_attribution_and_hedge(text, perpetrator, attribution, hedge):
    found = attribute(text)
    assert (found.perpetrator.text, found.attribution, found.hedge) == (perpetrator, attribution, hedge)
    if hedge:
        assert text[found.hedge_start : found.hedge_end] == hedge


@pytest.mark.parametrize(
    "text",
    [
        "A mine killed two shepherds near the town.",
        "Four soldiers were killed in an attack near the town.",
        "Two soldiers were wounded in clashes between the SDF and the Syrian National Army.",
        "Security forces arrested three members of the National Defence Forces.",
        "The town is held by the SDF.",
        "An ambush on a bus killed 11 Syrian soldiers and wounded 16 on Tuesday.",
        "A mine killed two SDF fighters, injured a third and destroyed their car.",
        "",
    ],
)
def test_no_perpetrator_is_inferred(text):
    found = attribute(text)
    assert (found.perpetrator, found.attribution, found.hedge) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "perpetrator"),
    [
        ("Gunmen from Boko Haram attacked the village.", "boko_haram"),
        ("Militants loyal to the Islamic State stormed a post.", "isis"),
        ("Two farmers were shot by the armed group ELN.", "eln"),
        ("A gunman shot four people. The shooter was a member of Hamas.", "hamas"),
    ],
)
def test_described_party_that_belongs_to_a_named_one_is_that_one(text, perpetrator):
    assert attribute(text).perpetrator.actor_id == perpetrator


def test_no_claim_is_not_a_claim_by_the_suspect():
    found = attribute("Two were shot in a suspected ISIS attack. No group has claimed responsibility.")
    assert (found.perpetrator.actor_id, found.attribution) == ("isis", "suspected_or_accused")
    assert (found.claim_status, found.claimed_by) == ("not_claimed", None)


def test_claim_by_one_group_outweighs_the_denial_of_another():
    found = attribute("The Taliban denied involvement in the blast. ISIS claimed responsibility for it.")
    assert (found.claim_status, found.claimed_by, found.perpetrator.actor_id) == ("claimed", "ISIS", "isis")


def test_claim_by_the_suspect_turns_suspicion_into_a_claim():
    found = attribute("Two were shot in a suspected ISIS attack. Later the group claimed responsibility.")
    assert (found.attribution, found.claim_status, found.claimed_by) == ("claimed_or_admitted", "claimed", "ISIS")


def test_claimed_name_outranks_attackers_that_are_only_described():
    found = attribute("Militants stormed a post. The Balochistan Liberation Front claimed responsibility for it.")
    assert (found.perpetrator.actor_id, found.attribution) == ("blf", "claimed_or_admitted")


@pytest.mark.parametrize(
    ("text", "perpetrator"),
    [
        ("Three soldiers of the Syrian army were killed in a clash with Islamic State fighters.", "isis"),
        ("Two SDF fighters were killed in clashes between the SDF and the Syrian National Army.", "sna"),
        ("Two SNA fighters were killed in clashes between the SDF and the SNA.", "sdf"),
    ],
)
def test_victims_of_one_side_of_a_clash_were_killed_by_the_other(text, perpetrator):
    assert attribute(text).perpetrator.actor_id == perpetrator


def test_victims_believed_to_be_somebody_are_not_the_perpetrator():
    text = "An Israeli strike destroyed a house that is believed to be the home of a Hamas commander."
    assert attribute(text).perpetrator.actor_id == "israeli_forces"


@pytest.mark.parametrize(
    ("text", "perpetrator", "hedge"),
    [
        ('Cells of the "Islamic State" (ISIS) are suspected of having planted the mine.', "isis", "suspected"),
        ("It suspects cells of the Islamic State of having laid the mine.", "isis", "suspects"),
        ("Israel is believed to have carried out the strikes.", "israeli_forces", "believed to have carried"),
        ("Seven died in airstrikes that are believed to be Israeli.", "israeli_forces", "believed to be"),
    ],
)
def test_suspicion_in_many_words(text, perpetrator, hedge):
    found = attribute(text)
    assert (found.perpetrator.actor_id, found.hedge, found.attribution) == (perpetrator, hedge, "suspected_or_accused")


@pytest.mark.parametrize(
    ("text", "actor_id"),
    [
        ("ANA artillery targeted Taliban positions in Maywand: 19 Taliban killed.", "afghan_forces"),
        ("NDS special forces raided a house, killing four villagers.", "afghan_forces"),
        ("Saraya al-Salam members shot dead an activist in Maysan.", "saraya_al_salam"),
    ],
)
def test_forces_of_event_notes_are_known_by_their_abbreviations(text, actor_id):
    assert attribute(text).perpetrator.actor_id == actor_id


def test_the_dissidents_of_a_group_are_blamed_under_its_name():
    text = "Six farm hands were killed by armed men who burst into a bar, police said, blaming dissidents of the FARC."
    assert attribute(text).perpetrator.text == "FARC"


def test_police_who_shot_the_attacker_are_not_the_perpetrator_where_one_is_told():
    found = attribute("The attacker was killed by police. ISIS militants stormed the hotel.")
    assert found.perpetrator.actor_id == "isis"
    assert attribute("Gunmen opened fire on a crowd. Police shot dead the attackers.").perpetrator.text == "Gunmen"


def test_the_nearest_of_several_accusers_is_named():
    found = attribute("Residents fled and the government blamed the RSF for the attack.")
    assert (found.attributed_by, found.attribution) == ("government", "suspected_or_accused_by_authorities")


def test_name_in_a_later_sentence_on_something_else_is_not_the_perpetrator():
    found = attribute("Two children died in shelling by opposition factions. Regime forces later shelled another town.")
    assert (found.perpetrator.text, found.perpetrator.side) == ("opposition factions", "rebels")


def test_victims_are_the_target_and_not_the_perpetrator():
    found = attribute("Four members of the Iran-backed militia were killed in an alleged ISIS offensive on a military site.")
    assert (found.target.actor_id, found.perpetrator.actor_id) == ("iran_backed_militias", "isis")


@pytest.mark.parametrize(
    ("text", "cited", "name"),
    [
        ("Nine died, SOHR said.", ["SOHR"], "SOHR"),
        ("According to the Syrian Network for Human Rights, nine died.", ["Syrian Network for Human Rights"], "SNHR"),
        (
            "Nine died, the UK-based Syrian Observatory for Human Rights (SOHR) said.",
            ["Syrian Observatory for Human Rights"],
            "SOHR",
        ),
        ("Police said nine died.", ["Police"], "Police"),
        ("Nine died, health officials told Reuters.", ["health officials"], "health officials"),
        ("The Tadmur Observatory for Civilian Harm reported nine dead.", ["Tadmur Observatory for Civilian Harm"], None),
    ],
)
def test_who_is_cited(text, cited, name):
    found = find_citations(text)
    assert [mention.text for mention in found] == cited
    assert found[0].name == (name or cited[0])
    assert all(text[mention.start : mention.end] == mention.text for mention in found)


def test_the_monitor_stands_for_the_monitor_named_last():
    found = find_citations("Nine died, SOHR said. SNHR said eight died. Most were farmers, the monitor said.")
    assert [(mention.text, mention.actor_id) for mention in found] == [
        ("SOHR", "sohr"),
        ("SNHR", "snhr"),
        ("the monitor", "snhr"),
    ]


def test_a_monitor_described_before_it_is_named_is_that_monitor():
    found = find_citations("A conflict monitor reported nine dead. SOHR said they were farmers.")
    assert [mention.actor_id for mention in found] == ["sohr", "sohr"]


def test_actors_found_before_can_be_given():
    text = "ISIS militants attacked a village, SOHR said."
    assert attribute(text, find_actors(text)) == attribute(text)
    assert find_citations(text, find_actors(text)) == find_citations(text)


@pytest.mark.parametrize(
    "piece",
    [
        "ISIS killed ",
        "by the ISIS ",
        "SOHR said ",
        "clashes between ISIS and ",
        "ISIS said that it ",
        "ISIS hid. ",
        "The suspect John Doe ",
        "A man with a ",
        "ISIS, which ",
    ],
)
def test_time_grows_with_the_length_of_the_text(piece):
    def read(length):
        text = (piece * length)[:length]
        attribute(text), find_citations(text), lone_attacker(text)

    assert grows_linearly(read, 10_000)


_WORDS = (
    "ISIS (ISIS) suspected alleged attack attacked by the group claimed responsibility No police blamed on SDF clashes between "
    "and said SOHR the monitor according to killed were members of § ¤ . \n , believed to be gunmen airstrike Israeli on a "
    "site suspect John Doe 32 arrested charged man stabbed he before being shot which -held from it its AFRICOM allegiance"
)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(_WORDS.split(" ")), max_size=40).map(" ".join)))
@example("IT0 bLAME IS")
def test_never_raises_and_spans_are_true(text):
    found = attribute(text)
    assert (found.perpetrator is None) == (found.attribution is None)
    assert found.claim_status in CLAIM_STATUSES
    assert found.hedge is None or text[found.hedge_start : found.hedge_end] == found.hedge
    for mention in (found.perpetrator, found.target, *find_citations(text)):
        assert mention is None or text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize(
    ("text", "perpetrator"),
    [
        ("Fighting broke out between the army and the Taliban after the Taliban stormed a post.", "Taliban"),
        ("US airstrikes hit a farm, following a gun battle with the Taliban.", "US"),
        ("Two rebels were killed when the Malian army clashed with MNLA rebels.", "Malian army"),
        ("A policeman was killed when Asa'ib Ahl al-Haq fighters clashed with police.", "Asa'ib Ahl al-Haq"),
    ],
)
def test_clash_whose_victims_or_beginning_tell_who_did_it(text, perpetrator):
    assert attribute(text).perpetrator.text == perpetrator


@pytest.mark.parametrize(
    "text",
    [
        "Clashes with the army: six Taliban and two policemen killed.",
        "A corporal and a guerrilla were killed in clashes between the army and the FMLN.",
        "Nobody was caught, but the Taliban have carried out many such attacks in the past.",
        "A blast in northern Iraq killed two guards.",
        "A bomb in Quetta, Pakistan killed two guards.",
        "The blast came minutes before Iran launched missiles.",
        "Hezbollah fired rockets at the town after an air strike killed a woman.",
        "Hezbollah says it fired rockets at the town after an air strike killed a woman.",
        "A knife was found on him before he was shot dead by police.",
        "The gunman took a woman hostage before he was killed by police.",
    ],
)
def test_who_fought_struck_elsewhere_or_shot_the_attacker_is_not_the_perpetrator(text):
    found = attribute(text).perpetrator
    assert found is None or found.text == "gunman"


@pytest.mark.parametrize(
    ("text", "perpetrator", "attribution"),
    [
        ("Robert Hale, 32, was charged with the murder of two men.", "Robert Hale", "suspected_or_accused_by_authorities"),
        ("The suspect, Robert Hale, shot two men.", "Robert Hale", "reported_as_fact"),
        ("Gunman Robert Hale killed five people at a fair.", "Robert Hale", "reported_as_fact"),
        ("A man named Robert Hale stabbed two guards.", "Robert Hale", "reported_as_fact"),
        ("Two guards were shot by Robert Hale, a former clerk.", "Robert Hale", "reported_as_fact"),
        ("Gunmen shot two men. Police arrested Robert Hale, 32.", "Robert Hale", "suspected_or_accused_by_authorities"),
        ("Robert Hale pleaded guilty. Hale shot two men in 2019.", "Robert Hale", "claimed_or_admitted"),
    ],
)
def test_suspect_by_name(text, perpetrator, attribution):
    found = attribute(text)
    assert (found.perpetrator.text, found.attribution, found.perpetrator.kind) == (perpetrator, attribution, "suspect")


@pytest.mark.parametrize(
    "text",
    [
        "Robert Hale, 32, was shot and killed on Sunday.",
        "Police identified the victim as Robert Hale, 32.",
        "A man named Robert Hale was killed on Sunday.",
        "Sheriff Robert Hale said two men were shot.",
        "Robert Hale, 32, was murdered in 2019.",
        "Robert Hale, a journalist, was arrested on Sunday.",
    ],
)
def test_victims_and_speakers_are_no_suspects(text):
    assert attribute(text).perpetrator is None


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("A man stabbed two guards at a station.", "man"),
        ("A 22-year-old Croatian fired shots at a ministry.", "22-year-old Croatian"),
        ("A young asylum seeker armed with an axe attacked passengers on a train.", "young asylum seeker"),
        ("A woman who was hit when shots were fired into a crowd has died.", None),
        ("A man shot in the head was found on Sunday.", None),
        ("A man was stabbed to death.", None),
    ],
)
def test_lone_attacker_who_is_only_described(text, who):
    found = lone_attacker(text)
    assert (found and found.perpetrator.text) == who


def test_unknown_attackers_give_way_to_those_whose_side_is_told():
    found = attribute("A bus was attacked by unknown militants. The suspected Islamists shot at the bus and burnt it.")
    assert (found.perpetrator.text, found.attribution) == ("Islamists", "suspected_or_accused")


@pytest.mark.parametrize(
    ("text", "perpetrator"),
    [
        ("Police forces clashed with Taliban militants in Logar. Four Taliban were killed.", "Police forces"),
        ("Clashes between the army and M23 rebels went on in Rutshuru. Three M23 rebels were killed.", "army"),
        ("Clashes between the army and M23 rebels went on in Rutshuru. Three civilians were killed.", None),
        ("Clashes between the army and Taliban fighters went on. A mayor and a Taliban fighter were killed.", None),
        ("A woman was killed in Dallas. She was shot by her husband, police said.", "husband"),
        ("A woman was shot dead by her husband in Dallas.", "husband"),
        ("Unknown militants shot at a bus in Borno. Two men were killed. The suspected Islamists fled.", "Unknown militants"),
    ],
)
def test_who_did_it_over_the_sentences_of_an_article(text, perpetrator):
    report = extract_article({"text": text}).reports[0]
    assert report.get("perpetrator") == perpetrator


@pytest.mark.parametrize(
    ("text", "perpetrator"),
    [
        ("Police confirmed that two people were killed in an attack in Basra.", None),
        ("The army acknowledged that two soldiers were killed in an ambush in Borno.", None),
        ("The Taliban confirmed the death of two commanders in an airstrike in Ghazni.", None),
        ("The Taliban confirmed killing two police officers in Ghazni.", "Taliban"),
        ("Israel acknowledged the strike, which killed two farmers in Khiam.", "Israel"),
        ("The police confirmed that unidentified individuals attacked the base, wounding four.", "unidentified individuals"),
        ("The authorities attribute the attack, in which 12 died in Borno, to ISWAP.", "ISWAP"),
        ("Twelve died in the attack in Borno, the birthplace of Boko Haram.", None),
        ("Two shops burnt in Quetta, where 12 were killed. Lashkar-e-Jhangvi has targeted pilgrims in the past.", None),
        ("A Taliban infiltrator killed three policemen in Lashkar Gah.", "Taliban"),
        ("Government barrel bombs killed three in Aleppo.", "Government"),
        ("A coalition air raid killed 90 inmates in Saada.", "coalition"),
        ("The military junta's jets killed 23 villagers in Sagaing.", "military junta's jets"),
        ("Five men were executed in Raqqa, a city held by ISIS.", None),
        ("ISIS, which rules the town, executed five men in Raqqa.", "ISIS"),
        ("A car bomb killed 14 in Azaz. Turkey has blamed the YPG for similar attacks.", None),
        ("A raid on a base housing US troops, which wounded three, was claimed by Kata'ib Hezbollah.", "Kata'ib Hezbollah"),
        ("Taliban fighters stopped two buses near Ghazni and took 12 passengers hostage; two were killed.", "Taliban fighters"),
        ("BLA militants stopped a bus in Musakhail and shot dead 23 passengers.", "BLA"),
        ("ADF rebels hacked 20 villagers to death in Beni.", "ADF rebels"),
        ("Boko Haram fighters slit the throats of 76 farmers near Maiduguri, killing them.", "Boko Haram"),
        ("Gunmen from the Gran Grif gang swept through Pont-Sonde, killing 70 people.", "Gran Grif gang"),
        ("Taliban used two truck bombs against an army base in Helmand, killing 12 soldiers.", "Taliban"),
        ("Regime forces tried to advance into Daraa. 12 civilians were killed in the shelling.", "Regime forces"),
        ("Marines killed 24 villagers in Haditha.", "Marines"),
        ("Iranian border guards killed four fuel smugglers in Saravan.", "Iranian border guards"),
        ("Two shops burnt in Kabul. Islamic State said one of its fighters shot six men there.", "Islamic State"),
        ("A suicide attack, claimed by ISIS, on a mosque in Herat killed 20.", "ISIS"),
        ("Afghan commandos backed by US airstrikes killed 20 Taliban in Ghazni.", "Afghan commandos"),
        ("A strike hit INS in Zabul, killing four INS.", None),
        ("A siege by ISIS fighters at a school in Mosul, in which nine people died, ended on Monday.", "ISIS"),
        ("An enemy attack by two Shahed drones killed a baker in Sumy.", "enemy"),
        ("The enemy shelled Kherson, killing two drivers.", "enemy"),
        ("Hamas says it fired rockets at Sderot hours after a boy and his two sisters died in an air strike.", None),
        ("INS ATTACKED AN ALP CHECKPOINT IN BALA MURGHAB. FOUR ALP KILLED.", "INS"),
        ("Two gunmen opened fire in Jaffa, killing seven, minutes before Iran launched missiles.", "gunmen"),
    ],
)
def test_perpetrator_of_a_short_note(text, perpetrator):
    assert extract_article({"text": text}).reports[0].get("perpetrator") == perpetrator


@pytest.mark.parametrize(
    "text, attribution",
    [
        ("Two guards were killed by a mine suspected to be planted by Al-Shabaab.", "suspected_or_accused"),
        ("A blast killed two. ISIS said one of its fighters had blown himself up.", "claimed_or_admitted"),
    ],
)
def test_attribution_of_a_bomb(text, attribution):
    assert attribute(text).attribution == attribution
