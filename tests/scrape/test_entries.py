"""A new entry of the sources file: the text, the file, the id."""

import os
import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from include.scrape.discovery import Discovery
from include.scrape.entries import append, entry_text, new_source, same_outlet, source_id
from include.scrape.listed import one_line
from include.scrape.sources import SOURCE_ID, ListedBy, Source, SourcesError, load_sources
from include.scrape.trial import ArticleTrial, Problem

FEED = ListedBy("feed", "https://herald.example/en/feed/", pages="https://herald.example/en/feed/?paged={page}")
FOUND = Discovery("https://herald.example/en/", "Desert Herald", "ar", 7.5, (FEED,))
CLEAN = ArticleTrial("https://herald.example/1", {"language": "en", "text": "Words."})
FACTS = {"name": "herald", "kind": "agency", "country": "SYR", "private_addresses": False, "today": date(2022, 4, 11)}

WRITTEN = b"""\
# Our outlets.
sources:
  - {id: one, outlet: "One: the \\u0627 first", kind: agency,   languages: [en],
     base_url: 'https://one.example', listing: {feed: /f}}

  - id:      two   # twice a day
    outlet:  Two
    kind:    monitor
    languages: en
    base_url: https://two.example
    listing: {feed: /f}
  # more to come
"""


def source(**fields: object) -> Source:
    values = {"id": "herald", "outlet": "Herald", "kind": "agency", "languages": ("en",), "base_url": "https://herald.example/"}
    listings = fields.pop("listings", (ListedBy("feed", "https://herald.example/feed"),))
    return Source(**(values | fields), listings=listings)


def test_an_entry_is_written_as_people_write_them():
    made = new_source(FOUND, [CLEAN] * 3, **FACTS)
    assert (
        entry_text(made)
        == """\
  - id: herald
    outlet: Desert Herald
    kind: agency
    country: SYR
    languages: [en]
    base_url: https://herald.example/en/
    listing: {feed: /en/feed/, pages: '/en/feed/?paged={page}'}
    delay_seconds: 8
    notes: 'Found by sources add on 2022-04-11; terms: not read yet.'
    verified: true
"""
    )


def test_what_is_not_known_is_guessed_and_its_notes_say_so():
    untried = ArticleTrial("https://herald.example/2", problem=Problem("timeout", "slow"))
    guess = Discovery("https://herald.example/", None, "ar", listings=(FEED,), guessed=True)
    made = new_source(guess, [untried], **(FACTS | {"kind": None, "country": None}))
    assert (made.kind, made.outlet, made.languages, made.delay_seconds) == ("newspaper", "herald.example", ("ar",), 5)
    assert "kind is a guess" in made.notes and "pattern of its article links is a guess" in made.notes


def test_a_listing_on_another_host_is_named():
    burned = Discovery("https://herald.example/", "Herald", listings=(ListedBy("feed", "https://feeds.example/herald"),))
    assert "Listed at feeds.example." in new_source(burned, [CLEAN], **FACTS).notes


def test_only_three_clean_articles_verify_a_source():
    dateless = ArticleTrial("https://herald.example/3", CLEAN.row, Problem("no_date", "none"))
    assert new_source(FOUND, [CLEAN] * 3, **FACTS).verified
    assert not new_source(FOUND, [CLEAN] * 2, **FACTS).verified
    assert not new_source(FOUND, [CLEAN, CLEAN, dateless], **FACTS).verified


@pytest.mark.parametrize("indent", ["", "  ", "      "])
@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\n\n# the end"])
def test_the_file_stays_byte_for_byte_and_the_entry_follows(tmp_path, indent, end):
    path = tmp_path / "sources.yaml"
    old = WRITTEN.decode().replace("\n  ", f"\n{indent}").rstrip("\n").replace("\n", "\r\n" if "\r" in end else "\n")
    path.write_bytes((old + end).encode())
    before = load_sources(path)
    text = append(path, new_source(FOUND, [CLEAN], **FACTS))
    assert path.read_bytes().startswith((old + end).encode())
    assert list(load_sources(path)) == [*before, "herald"] and text.startswith(f"{indent}- id: herald\n")
    assert (path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n")) == ("\r" in end)
    assert os.listdir(tmp_path) == ["sources.yaml"]


def test_a_first_entry_makes_the_file(tmp_path):
    append(tmp_path / "mine.yaml", source())
    append(tmp_path / "mine.yaml", source(id="other"))
    assert list(load_sources(tmp_path / "mine.yaml")) == ["herald", "other"]


def test_a_private_file_stays_private_and_a_link_stays_a_link(tmp_path):
    (tmp_path / "real.yaml").write_bytes(WRITTEN)
    (tmp_path / "real.yaml").chmod(0o600)
    (tmp_path / "link.yaml").symlink_to("real.yaml")
    append(tmp_path / "link.yaml", source())
    assert (tmp_path / "real.yaml").stat().st_mode & 0o777 == 0o600 and (tmp_path / "link.yaml").is_symlink()
    assert len(load_sources(tmp_path / "real.yaml")) == 3


@pytest.mark.parametrize(
    "text",
    [
        '{"sources": [{id: a, outlet: A, kind: agency, languages: en, base_url: "https://a.example", listing: {feed: /f}}]}',
        WRITTEN.decode() + "...\n",
        WRITTEN.decode().replace("id: one", "id: herald"),
    ],
    ids=["in braces", "ended", "the id is there"],
)
def test_a_file_to_which_nothing_can_be_appended_stays_and_the_entry_is_shown(tmp_path, text):
    path = tmp_path / "sources.yaml"
    path.write_text(text)
    with pytest.raises(SourcesError, match=r"by hand(?s:.*)- id: herald"):
        append(path, source())
    assert path.read_text() == text and os.listdir(tmp_path) == ["sources.yaml"]


def test_a_file_that_is_wrong_already_is_told_with_its_line(tmp_path):
    path = tmp_path / "sources.yaml"
    path.write_bytes(WRITTEN.replace(b"agency", b"agentcy"))
    with pytest.raises(SourcesError, match="line 3"):
        append(path, source())


ANY_TEXT = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "yes",
            "null",
            "1e3",
            "2022-04-11",
            "- id: evil",
            "a: b # c",
            "'",
            '"',
            "!!python/object:x",
            "{a",
            "[",
            "@",
            "%",
            "|",
            ">-",
        ]
    ),
)


@settings(max_examples=300, deadline=None)
@given(name=ANY_TEXT, notes=ANY_TEXT, path=st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), max_size=30))
def test_no_words_from_the_web_make_another_entry_than_theirs(tmp_path_factory, name, notes, path):
    file = tmp_path_factory.mktemp("entry") / "sources.yaml"
    file.write_bytes(WRITTEN)
    listing = ListedBy("page", f"https://herald.example/{path}", re.compile(re.escape(path) or "x"))
    before = load_sources(file)
    made = source(
        outlet=one_line(name) or "Herald", notes=one_line(notes), listings=(listing, ListedBy("feed", "http://x.example/"))
    )
    try:
        append(file, made)
    except SourcesError:  # an address that no entry may hold
        assert file.read_bytes() == WRITTEN
    else:
        assert list(load_sources(file).items()) == [*before.items(), ("herald", made)]


@given(st.text(max_size=60).filter(one_line))
def test_every_name_can_be_written_and_read(name):
    (entry,) = yaml.safe_load(entry_text(source(outlet=one_line(name))))
    assert entry["outlet"] == one_line(name)


@pytest.mark.parametrize(
    ("url", "taken", "wanted"),
    [
        ("https://english.enabbaladi.net/", (), "enabbaladi"),
        ("https://english.enabbaladi.net/", ("enabbaladi",), "enabbaladi-english"),
        ("https://www.bbc.co.uk/news", (), "bbc"),
        ("https://www.bbc.co.uk/news", ("bbc",), "bbc-2"),
        ("http://127.0.0.1:8080/", (), "127-0-0-1"),
        ("https://sana.sy/en/", ("sana", "sana-2"), "sana-3"),
        ("https://[::1]/", (), "1"),
    ],
)
def test_an_id_is_the_name_of_the_domain_and_nobody_elses(url, taken, wanted):
    assert source_id(url, taken) == wanted


@given(
    st.from_regex(r"https?://[a-z0-9.\-]{1,120}(:[0-9]{1,4})?/", fullmatch=True), st.sets(st.sampled_from(["a", "a-2", "0"]))
)
def test_every_id_is_valid(url, taken):
    assert re.fullmatch(SOURCE_ID, source_id(url, taken)) and source_id(url, taken) not in taken


def test_an_outlet_is_known_by_its_host():
    known = {"herald": source(base_url="https://www.herald.example/en")}
    assert same_outlet("http://herald.example/ar", known).id == "herald"
    assert same_outlet("https://arabic.herald.example/", known) is None


def test_an_entry_of_the_projects_own_file_is_written_as_it_loads(tmp_path):
    project = Path(__file__).parents[2] / "include" / "sources.yaml"
    (tmp_path / "copy.yaml").write_bytes(project.read_bytes())
    append(tmp_path / "copy.yaml", source(id="herald-of-tests"))
    assert (tmp_path / "copy.yaml").read_bytes().startswith(project.read_bytes())
