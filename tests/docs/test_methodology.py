"""docs/METHODOLOGY.md explains every rule that can stand in `evidence`, and no rule that there is not."""

import re
from datetime import date
from pathlib import Path

import pytest

from demo.newsroom.articles import load_outlets
from include.extract.article import extract_article
from include.extract.confidence import signs
from include.extract.lexicon import load
from local.methodology import TABLES, filled

PROJECT = Path(__file__).parents[2]
DOCUMENT = (PROJECT / "docs" / "METHODOLOGY.md").read_text()
CODE = "".join(path.read_text() for path in sorted((PROJECT / "include" / "extract").glob("*.py")))


def explained(prefix=r"[a-z_]+\."):
    """The ids in the first column of the document's tables."""
    return set(re.findall(rf"^\| `({prefix}[a-z_]+)` \|", DOCUMENT, re.M))


def section(heading):
    """The text below a heading, up to the next one."""
    return re.split(r"^#", DOCUMENT.split(f"{heading}\n", 1)[1], maxsplit=1, flags=re.M)[0]


def data_ids():
    """The ids in the data files."""
    attribution = load("attribution.yaml")
    return (
        {rule["id"] for rule in load("roles.yaml")["rules"]}
        | {f"date.{rule['id']}" for rule in load("dates.yaml")["rules"]}
        | {f"attribution.{rule['id']}" for rule in (*attribution["rules"], *attribution["clashes"])}
    )


@pytest.fixture(scope="module")
def extracted():
    """What the rules make of the newsroom's articles."""
    articles = [
        {"article_id": a.slug, "title": a.title, "text": "\n\n".join(a.paragraphs), "published_on": date(2022, 4, 11)}
        for outlet in load_outlets()
        for a in outlet.articles
    ]
    return [extract_article(article) for article in articles]


def test_the_tables_that_are_made_from_data_are_up_to_date():
    assert filled(DOCUMENT) == DOCUMENT, "run make docs and commit what it writes"
    assert all(f"<!-- table: {name} -->" in DOCUMENT for name in TABLES)


def test_every_rule_of_the_data_files_and_every_id_in_the_code_is_explained():
    in_code = set(re.findall(r'"((?:role|date|place|attribution|victims)\.(?!yaml)[a-z_]+)"', CODE))
    assert (data_ids() | in_code) - explained() == set()
    others = {*load("quantity_rules.yaml")["rules"], *re.findall(r'\brule="([a-z_]+)"', CODE)}
    assert {rule for rule in others if not re.search(rf"[`.]{rule}`", DOCUMENT)} == set()


def test_every_rule_of_quantities_has_words():
    rows = re.findall(r"^\| `(\w+)` \| ([^|]*) \|", section("## How many"), re.M)
    assert [rule for rule, words in rows if not words.strip()] == []


def test_every_rule_that_the_newsroom_brings_about_is_explained(extracted):
    rules = {e["rule"] for found in extracted for row in (*found.reports, *found.claims) for e in row["evidence"]}
    assert len(rules) > 40
    assert {rule for rule in rules if f"`{rule}`" not in DOCUMENT} == set()


def test_every_reason_that_the_newsroom_brings_about_is_explained(extracted):
    reasons = {row["reason"] for found in extracted for row in found.not_counted}
    reasons |= {rule["reason"] for rule in load("roles.yaml")["rules"] if "reason" in rule}
    assert {reason for reason in reasons if f"| `{reason}` |" not in DOCUMENT} == set()


def test_no_rule_is_explained_that_there_is_not():
    named = data_ids() | set(re.findall(r'"([a-z]+\.[a-z_]+)"', CODE))
    assert explained("(?:role|attribution|victims)\\.") - named == set()
    places = {rule.removeprefix("place.") for rule in explained("place\\.")}
    words = load("place_words.yaml")["left"]
    assert {rule for rule in places if f'"{rule}"' not in CODE and rule not in words and f'"place.{rule}"' not in CODE} == set()


def test_every_sign_of_the_confidence_is_explained():
    row = {"evidence": [], "sentence": "", "groups": []}
    assert set(re.findall(r"^\| `([a-z_]+)`", section("## How sure"), re.M)) == set(signs(row, 1))


def test_a_table_that_is_not_known_is_an_error():
    with pytest.raises(KeyError, match="shoes"):
        filled("<!-- table: shoes -->\n<!-- end -->")


@pytest.mark.parametrize("link", re.findall(r"\]\((#?[^)]+)\)", DOCUMENT))
def test_every_link_leads_somewhere(link):
    file, _, anchor = link.partition("#")
    text = (PROJECT / "docs" / file).read_text() if file else DOCUMENT
    headings = {re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^#+ (.+)$", text, re.M)}
    assert not anchor or anchor in headings
