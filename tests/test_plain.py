"""What others wrote shows itself and does nothing else."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.commands import output
from include.plain import COMMANDS, is_plain_line, plain, plain_line

ESCAPE = "\x1b[2J\x1b]0;owned\x07"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\x1b[31m killed", "two[31m killed"),
        ("\x9b31mtwo", "\u203a31mtwo"),
        ("don\x92t", "don\u2019t"),
        ("two\r\nkilled\u2028near\x0bHoms", "two\nkilled\nnear\nHoms"),
        ("killed \u202e21\u202c in \u2066Homs\u2069", "killed 21 in Homs"),
        ("a\tb\nc", "a\tb\nc"),
        ("\u0645\u06cc\u200c\u062e \u200fHoms", "\u0645\u06cc\u200c\u062e \u200fHoms"),
        ("\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"),
    ],
)  # fmt: skip
def test_what_commands_is_dropped_and_what_belongs_to_writing_stays(text, shown):
    assert plain(text) == shown


@given(st.text())
def test_plain_text_stays_as_it_is(text):
    once = plain(text)
    assert not COMMANDS.search(once)
    assert plain(once) == once
    assert plain_line(text).split() == once.split()


def test_a_line_is_plain_if_it_can_be_stored_and_shown():
    assert is_plain_line("\u0628\u063a\u062f\u0627\u062f \u0646\u06cc\u200c\u0645 .html")
    assert not any(map(is_plain_line, ["a\nb", "a\x1b[0m", "\udcff.warc", "\u202egpj.exe"]))


def test_tables_show_what_a_terminal_is_told_and_do_not_tell_it(monkeypatch):
    terminal = output.console()
    terminal.file = out = io.StringIO()
    table = output.grid(f"title {ESCAPE}")
    table.add_column(f"column {ESCAPE}")
    table.add_row(f"[red]cell[/red] {ESCAPE} \u202e")
    output.show(terminal, table)
    terminal.print(f"line {ESCAPE}")
    assert "\x1b" not in out.getvalue() and "\x07" not in out.getvalue() and "\u202e" not in out.getvalue()
    assert "[red]cell[/red] [2J" in out.getvalue()


def test_json_lines_hold_the_same_and_command_nothing(capsys):
    row = {"title": f"{ESCAPE}\x9b \u202e \u200c"}
    output.print_json([row])
    line = capsys.readouterr().out
    assert not COMMANDS.search(line) and json.loads(line) == row
