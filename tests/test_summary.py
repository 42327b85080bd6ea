import random
from datetime import UTC, datetime

import pytest

from include.datasets.lake import Lake
from include.scrape.fetch import FetchSettings
from include.scrape.scrape import SourceFailed, scrape_source
from include.scrape.sources import load_sources
from include.summary import RunFailed, Work, summarize

SOURCES = """
sources:
  - id: shut
    outlet: The Shut
    kind: newspaper
    languages: [en]
    base_url: http://127.0.0.1:9
    listing:
      feed: http://127.0.0.1:9/feed.xml
    delay_seconds: 0
    private_addresses: true
"""


def test_a_run_in_which_all_was_done_says_what_it_did(tmp_path):
    text = summarize(
        Lake(tmp_path),
        [
            Work("scrape", ["a", "b"], [{"source": s, "counts": {"captured": 3}} for s in "ab"], "source"),
            Work("clean", [], [], "input"),
        ],
    )
    assert "scrape: 2 done, 6 captured" in text and "clean: 0 done" in text and "FAILED" not in text


def test_a_source_that_failed_is_named_with_its_last_error(tmp_path):
    lake = Lake(tmp_path / "lake")
    (tmp_path / "sources.yaml").write_text(SOURCES)
    source = load_sources(tmp_path / "sources.yaml")["shut"]
    with pytest.raises(SourceFailed):
        scrape_source(
            lake, source, now=lambda: datetime(2022, 4, 1, tzinfo=UTC), run="t", rng=random.Random(0),
            sleep=lambda _: None, settings=FetchSettings(retries=0),
        )  # fmt: skip
    with pytest.raises(RunFailed, match=r"scrape: shut failed: .*127\.0\.0\.1:9"):
        summarize(lake, [Work("scrape", ["shut"], [], "source")])


def test_a_step_that_could_not_find_its_work_is_a_failure(tmp_path):
    with pytest.raises(RunFailed, match="extract: the step that finds its work failed"):
        summarize(Lake(tmp_path), [Work("extract", None, [], "batch")])


def test_an_article_that_failed_is_named_and_fails_nothing(tmp_path):
    done = [{"batch": "b1", "counts": {"articles": 2}, "problems": ["https://a.example/1: ValueError: odd"]}]
    text = summarize(Lake(tmp_path), [Work("extract", ["b1"], done, "batch")])
    assert "To look at:" in text and "https://a.example/1" in text
