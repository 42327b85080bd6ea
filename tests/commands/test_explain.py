from datetime import date

import pytest

from include.__main__ import main
from include.commands.explain import marked
from include.extract.article import extract_article

TEXT = (
    "Two farmers were killed on Monday when a shell hit their field near Saraqib in Idlib province. Police arrested three men. "
    "More than 80 civilians have been killed in the province since the start of the year, the Saraqib Monitor said."
)


def test_the_words_behind_a_number_and_the_reason_for_leaving_one_out_are_shown(tmp_path, capsys):
    file = tmp_path / "field.txt"
    file.write_text(TEXT)
    assert main(["explain", "--published", "2022-03-16", str(file)]) == 0
    shown = capsys.readouterr().out
    assert "killed: 2 / 2 / 2" in shown and "'Two'" in shown
    assert "never summed" in shown
    assert "arrest" in shown


def test_who_was_hurt_and_how_sure_the_count_is_are_shown(tmp_path, capsys):
    file = tmp_path / "post.txt"
    file.write_text("A mine killed two soldiers and three civilians, among them a child, near Saraqib on Monday.")
    main(["explain", "--published", "2022-03-16", str(file)])
    shown = capsys.readouterr().out
    assert "killed children: 1 / 1 / 1" in shown
    assert "sides: killed state forces 2 / 2 / 2, killed civilians 3 / 3 / 3" in shown
    assert "confidence: 0." in shown


def test_the_evidence_is_marked_in_the_text():
    found = extract_article({"text": TEXT, "published_on": date(2022, 3, 16)})
    styles = {text: str(span.style) for span in marked(TEXT, "text", found).spans for text in [TEXT[span.start : span.end]]}
    assert "red" in styles["Two"]


@pytest.mark.parametrize("name", ["no-such-file.txt", "article-0123"])
def test_an_unknown_article_is_an_error_that_names_it(name, tmp_path, capsys):
    assert main(["explain", "--lake", str(tmp_path), name]) == 2
    assert name in capsys.readouterr().err


def test_a_text_without_casualties_says_so(tmp_path, capsys):
    file = tmp_path / "rain.txt"
    file.write_text("It rained all day in Homs, and the football match was called off.")
    main(["explain", str(file)])
    assert "No casualties" in capsys.readouterr().out
