"""Mangled, endless and hostile texts: never an exception, true spans, valid rows, the same answer every time, linear time."""

import json
import os
import re
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.newsroom.articles import load_outlets
from include.clean.normalise import normalise
from include.datasets.catalogue import CLAIMS, REPORTS
from include.extract.article import extract_article
from include.extract.casualties import find_casualties, has_casualty

ROOT = Path(__file__).parents[2]
MONDAY = date(2022, 4, 11)
ARTICLES = [(a.title, "\n\n".join(a.paragraphs)) for outlet in load_outlets() for a in outlet.articles]
SENTENCE = "Three soldiers were killed and 12 wounded in an airstrike near Homs on Sunday, the army said"


def checked(text, title=None):
    """The extraction, after its rows were put into the datasets' tables and every span was held against the text."""
    found = extract_article({"article_id": "a", "title": title, "text": text, "published_on": MONDAY})
    REPORTS.table(found.reports)
    CLAIMS.table(found.claims)
    parts = {"text": text, "title": title}
    for row in [*(e for r in (*found.reports, *found.claims) for e in r["evidence"]), *found.not_counted]:
        assert parts[row["part"]][row["start"] : row["end"]] == row["phrase"]
    return found


def seconds(text):
    start = time.process_time()
    checked(text)
    return time.process_time() - start


def swapped_letters(text, random):
    """Some letters of other scripts that look the same, and some that do not."""
    return "".join(
        random.choice(fakes)
        if (fakes := {"a": "аαá", "e": "еé", "o": "оο0", "i": "іı"}.get(c)) and random.random() < 0.3
        else c
        for c in text
    )


def sprinkled(text, random, what):
    return "".join(c + random.choice(what) if random.random() < 0.1 else c for c in text)


def stuttered(text, random):
    words = text.split(" ")
    return " ".join(w for k, word in enumerate(words) for w in ([word] if random.random() < 0.8 else words[k : k + 4] * 3))


MANGLED = {
    "cut anywhere": lambda t, r: t[r.randrange(len(t)) :][: r.randrange(1, 400)],
    "upper case": lambda t, r: t.upper(),
    "lower case": lambda t, r: t.lower(),
    "title case": lambda t, r: t.title(),
    "no punctuation": lambda t, r: re.sub(r"[^\w\s]", "", t),
    "no spaces": lambda t, r: re.sub(r"\s", "", t),
    "one line": lambda t, r: t.replace("\n", " "),
    "a word a line": lambda t, r: "\n".join(t.split()),
    "wrapped lines": lambda t, r: re.sub(r"(.{60}\S*) ", r"\1\n", t),
    "shuffled words": lambda t, r: " ".join(r.sample(t.split(), len(t.split()))),
    "repeated fragments": stuttered,
    "letters of other scripts": swapped_letters,
    "control characters": lambda t, r: sprinkled(t, r, ["\0", "\x07", "\x1b[31m", "\x7f", "\x85", "\r", "\v", "\f"]),
    "invisible characters": lambda t, r: sprinkled(t, r, ["\u00ad", "\u200b", "\u200f", "\u202e", "\ufeff", "\u2066"]),
    "marks and emoji": lambda t, r: sprinkled(
        t, r, ["\u0301", "\u0323\u0308", "\N{SKULL}\ufe0f", "\N{FACE WITH TEARS OF JOY}"]
    ),
    "Arabic between": lambda t, r: sprinkled(t, r, [" قتل ", " ١٢ ", "السخنة"]),
    "broken-up words": lambda t, r: sprinkled(t, r, ["-", "*", ".", "- ", "-\n"]),
    "other digits": lambda t, r: t.translate({ord(d): chr(0x0660 + int(d)) for d in "0123456789"}),
    "huge numbers": lambda t, r: re.sub(r"\d+", lambda m: m[0] * 12, t),
    "entities left": lambda t, r: t.replace("'", "&#39;").replace(" ", "&nbsp; "),
}


@pytest.mark.parametrize("how", MANGLED)
def test_mangled_text_gives_valid_rows_with_true_spans(how):
    random = Random(how)
    for title, text in random.sample(ARTICLES, 9):
        checked(MANGLED[how](text, random), MANGLED[how](title, random))


WORDS = """killed wounded dead died injured injuries casualties bodies shot murdered kil-led att-ack 3 12 1,200 7-9 three two
dozens several at least up to more than between and or of the a no none others another including among them civilians soldiers
children woman sons family people militants ISIS IS-IS regime forces Israeli airstrike bomb attack claimed responsibility denied
said the monitor toll rose to since January last month on Sunday overnight in near Homs Aleppo Syria km south of , . : ; ( ) " '
- — 22-year-old aged Ahmad Ali al-Sukhna Mr. U.S. who were was has been would if not 2014 March 31 Related News"""
FRAGMENTS = [*WORDS.split(), "\n", "\n\n"]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=60), st.lists(st.sampled_from(FRAGMENTS), max_size=8))
@settings(max_examples=150, deadline=None)
def test_any_run_of_the_words_it_looks_for_gives_valid_rows(words, title):
    checked(" ".join(words), " ".join(title))


@given(st.lists(st.sampled_from([*FRAGMENTS, "lost", "their", "lives", "by", "roadside", "taken", "to", "death"]), max_size=12))
@settings(max_examples=300, deadline=None)
def test_the_gate_lets_every_casualty_through(words):
    sentence = " ".join(words)
    casualties, _ = find_casualties(normalise(sentence).text)
    assert has_casualty(normalise(sentence).text) or not casualties


@given(st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_any_characters_around_a_sentence_leave_spans_true(before, after):
    checked(f"{before}{SENTENCE}{after}")


@pytest.mark.parametrize(
    "unit",
    [
        f"{SENTENCE}, ",
        f"{SENTENCE}. ",
        f"{SENTENCE}.\n\n",
        "- 3 civilians killed.\n",
        "killed ",
        "killed in Aleppo ",
        "on Sunday ",
        "from March 31 to ",
        "third victim died ",
        "1,000 ",
        "and Ahmad ",
        "including two children ",
        "(",
        '"',
        "9",
        "k-i-l-l-e-d ",
        "Ahmad ",
    ],
)
def test_four_times_the_text_takes_about_four_times_as_long(unit):
    """Quadratic time would be 16 times as long. Times of a few hundredths of a second say nothing."""
    short, long = (f"{SENTENCE}. " + unit * (size // len(unit)) for size in (3_000, 12_000))
    checked(short)
    assert any(seconds(long) < 7 * max(seconds(short), 0.02) for _ in range(3))


def test_of_a_line_of_megabytes_the_first_is_read_in_seconds():
    filler = "the minister of transport opened a bridge over the river in the presence of the mayor, 4 guests and "
    text = filler * 5_000 + SENTENCE + filler * 30_000
    start = time.process_time()
    found = checked(text)
    assert [(r["killed_best"], r["injured_best"]) for r in found.reports] == [(3, 12)]
    assert [(row["start"], row["reason"]) for row in found.not_counted if row["reason"] == "not_read"] == [
        (1_000_000, "not_read")
    ]
    assert time.process_time() - start < 60  # quadratic time would take hours


def as_json(found):
    return json.dumps([found.reports, found.claims, found.not_counted], default=str, ensure_ascii=False)


def test_the_order_of_the_articles_changes_nothing():
    """What one article leaves in the caches must not show in another, mangled ones included."""
    random = Random(0)
    articles = ARTICLES + [(title, sprinkled(text, random, ["-", "\u00ad", " ٣ ", "é"])) for title, text in ARTICLES[:20]]
    there = {k: as_json(checked(*articles[k][::-1])) for k in range(len(articles))}
    for k in random.sample(range(len(articles)), len(articles)):
        assert as_json(checked(*articles[k][::-1])) == there[k]


def test_another_process_with_other_hashes_prints_the_same_bytes():
    lines = [{"id": str(n), "title": t, "text": x, "published_at": "2022-04-11"} for n, (t, x) in enumerate(ARTICLES)]
    given_lines = "".join(json.dumps(line) + "\n" for line in lines).encode()
    first, second = (
        subprocess.run(
            [sys.executable, "-m", "include", "extract"],
            input=given_lines,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed},
            check=True,
        ).stdout
        for seed in ("1", "4242")
    )
    assert first == second
    assert first.count(b"\n") == len(ARTICLES)


def test_half_of_a_surrogate_pair_in_the_input_does_not_stop_the_command():
    line = json.dumps({"id": "odd", "text": f"\ud800 {SENTENCE}."}) + "\n" + json.dumps({"id": "next", "text": SENTENCE}) + "\n"
    done = subprocess.run(
        [sys.executable, "-m", "include", "extract"], input=line.encode(), stdout=subprocess.PIPE, cwd=ROOT, check=False
    )
    assert [json.loads(answer)["id"] for answer in done.stdout.splitlines()] == ["odd", "next"]
