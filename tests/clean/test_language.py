"""Which language a text is written in."""

import subprocess
import sys
from pathlib import Path

import pytest

from include.clean.language import language_of

PROJECT = Path(__file__).parents[2]


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


THREADS = """
import sys, threading
from concurrent.futures import ThreadPoolExecutor
from include.clean.language import language_of
sys.setswitchinterval(1e-5)
start = threading.Barrier(8)
def first(n):
    start.wait()
    return language_of("Four soldiers were killed and two were wounded near the town on Sunday.")
with ThreadPoolExecutor(8) as threads:
    print(*set(threads.map(first, range(8))))
"""


def test_threads_that_ask_first_at_once_are_told_the_same():
    told = subprocess.run([sys.executable, "-c", THREADS], capture_output=True, text=True, check=True, cwd=PROJECT, timeout=120)
    assert told.stdout == "en\n"
