"""`sources add` and `sources check`, over HTTP on loopback."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import yaml

from include.__main__ import main
from include.commands import source_adding
from include.scrape.sources import load_sources
from tests.scrape.hostile import HostileServer, page
from tests.scrape.site import Site, wordpress

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def server():
    with HostileServer() as running:
        yield running


@pytest.fixture
def path(tmp_path, monkeypatch):
    """Where the sources file is."""
    monkeypatch.setenv("BADIA_SOURCES", str(tmp_path / "sources.yaml"))
    monkeypatch.setenv("BADIA_LAKE", str(tmp_path / "lake"))
    monkeypatch.setattr(source_adding, "_DELAY", 0.0)
    return tmp_path / "sources.yaml"


@pytest.fixture
def site(server):
    site = wordpress(server, lambda server: Site(server, at=NOW))
    site.robots(f"Sitemap: {server.url}/sitemap_index.xml")
    return site


def add(url: str, *more: str) -> int:
    return main(["sources", "add", url, "--private-addresses", *more])


def entry(server: HostileServer, name: str = "herald", **fields: object) -> dict:
    known = {"id": name, "outlet": name, "kind": "agency", "languages": ["en"], "base_url": server.url}
    listing = {"feed": "/feed/", "pages": "/feed/?paged={page}"}
    return known | {"listing": listing, "delay_seconds": 0, "private_addresses": True} | fields


def write(path, *entries: dict) -> None:
    path.write_text(yaml.safe_dump({"sources": list(entries)}))


# -- add ------------------------------------------------------------------------------------------------------------------


def test_an_outlet_is_added_and_its_articles_are_shown_as_cleaned(site, server, path, capsys):
    assert add(server.url, "--country", "syr") == 0
    shown = " ".join(capsys.readouterr().out.split())
    (source,) = load_sources(path).values()
    assert (source.id, source.outlet, source.country, source.verified) == ("127-0-0-1", "The Desert Herald", "SYR", True)
    assert "1st /feed/ home page 4" in shown and "2nd /sitemap_index.xml robots.txt 4" in shown
    assert "1. Two killed in shelling of a convoy" in shown and "3. Market reopens" in shown
    assert f"{NOW:%Y-%m-%d} (from meta); language en; " in shown and "Two soldiers were killed" in shown
    assert "9 requests" in shown and "id: 127-0-0-1" in shown
    assert "Look at: its kind; its terms." in shown
    assert not (path.parent / "lake").exists()


def test_what_was_added_can_be_scraped(site, server, path, capsys):
    assert add(server.url) == 0
    path.write_text(path.read_text().replace("delay_seconds: 5", "delay_seconds: 0"))
    assert main(["scrape", "--source", "127-0-0-1", "--limit", "2"]) == 0
    assert "2 captured" in capsys.readouterr().out


def test_as_json_it_is_one_line(site, server, path, capsys):
    assert add(server.url, "--json", "--id", "herald") == 0
    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert (told["id"], told["verified"], told["requests"], len(told["articles"])) == ("herald", True, 9, 3)
    assert told["listings"][0]["pages"].endswith("paged={page}") and told["articles"][0]["text"].startswith("Two soldiers")


def test_an_outlet_or_id_that_is_there_is_refused_before_anything_is_asked(site, server, path, capsys):
    write(path, entry(server))
    before = path.read_bytes()
    assert add(f"{server.url}/feed/") == 2
    assert "is there already: the source herald (herald)" in capsys.readouterr().err
    assert add("http://other.example/", "--id", "herald") == 2
    assert "already; choose another --id" in capsys.readouterr().err
    assert path.read_bytes() == before and not server.requests


def test_a_home_page_that_leads_to_an_outlet_that_is_there_is_refused(site, server, path, capsys):
    with HostileServer() as other:
        other.resources["/"] = lambda h: h.answer(b"", status=301, Location=f"{server.url}/")
        write(path, entry(server))
        assert add(other.url) == 2
    assert "is there already: the source herald" in capsys.readouterr().err


def test_nothing_found_says_what_was_tried_and_what_to_do(server, path, capsys):
    server.resources["/"] = b"<html><p>Soon here.</p></html>"
    assert add(server.url) == 1
    shown = capsys.readouterr()
    assert "/feed/ usual place answered 404 Not Found" in " ".join(shown.out.split())
    assert "nothing was added: no feed, no sitemap" in shown.err and "by hand" in shown.err
    assert not path.exists()


def test_a_block_page_is_named_with_advice(server, path, capsys):
    server.resources["/"] = b"<html><title>Just a moment...</title></html>"
    assert add(server.url) == 1
    assert "serves a block page" in (err := capsys.readouterr().err) and "takes this program for a robot" in err


def test_an_outlet_whose_articles_have_no_text_is_not_added_and_each_says_why(server, path, capsys):
    site = Site(server, at=NOW)
    site.feed()
    site.home()
    first, second, third, _ = site.articles
    server.resources[first] = b"<html><body><div id=app></div><script>draw()</script></body></html>"
    server.resources[second] = page(status=404)
    server.resources[third] = b"<html><title>Just a moment...</title></html>"
    assert add(server.url) == 1
    shown = capsys.readouterr()
    assert "no text: no main text was found" in shown.out
    assert "not read" in shown.out and "404 Not Found" in shown.out and "block page" in shown.out
    assert "none of the articles tried gives a text" in shown.err and not path.exists()


def test_articles_that_are_not_all_clean_leave_it_unverified(site, server, path, capsys):
    server.resources[next(iter(site.articles))] = page(status=404)
    assert add(server.url) == 0
    assert not load_sources(path)["127-0-0-1"].verified and "not all three came out clean" in capsys.readouterr().out


def test_the_languages_are_those_of_the_articles(server, path):
    arabic = "قتل جنديان وأصيب ثلاثة آخرون في قصف استهدف قافلة قرب البلدة يوم الاثنين بحسب المحافظ. "
    site = Site(server, at=NOW, words=arabic)
    site.feed()
    site.home(lang="en")
    assert add(server.url) == 0
    assert load_sources(path)["127-0-0-1"].languages == ("ar",)


@pytest.mark.parametrize(
    "url", ["ftp://herald.example/", "https://", "https://herald.example:x/", "https://me:hunter22@herald.example/", "a b"]
)
def test_an_address_that_cannot_be_asked_is_a_wrong_call(url, path, capsys):
    with pytest.raises(SystemExit) as end:
        main(["sources", "add", url])
    assert end.value.code == 2 and "hunter22" not in capsys.readouterr().err


def test_an_address_with_a_key_is_refused_and_not_repeated(path, capsys):
    with pytest.raises(SystemExit):
        main(["sources", "add", "https://herald.example/feed?token=abcdef123456"])
    assert "abcdef123456" not in (err := capsys.readouterr().err) and "by hand" in err


def test_a_loopback_address_is_asked_only_if_that_is_said(site, server, path, capsys):
    assert main(["sources", "add", server.url]) == 1
    assert "not on the public internet" in capsys.readouterr().err and not server.requests


def test_markup_and_terminal_codes_in_titles_stay_text(server, path, capsys):
    site = Site(server, at=NOW)
    site.feed(title="[red]x[/red]&#27;[31m\u202e evil: {a} # b")
    site.home(links=False)
    assert add(server.url) == 0
    assert "\x1b" not in (out := capsys.readouterr().out) and "[red]x[/red]" in out
    assert load_sources(path)["127-0-0-1"].outlet.startswith("[red]x[/red]")


# -- check ----------------------------------------------------------------------------------------------------------------


def test_a_source_that_works_is_told_so_and_named_if_it_is_not_marked(site, server, path, capsys):
    write(path, entry(server))
    assert main(["sources", "check"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert re.search(r"herald works feed 4 \S+ \S+ 4 more \S+, 471 characters, en 4 0", shown)
    assert "1 work, 0 partly, 0 fail" in shown and "Working and not marked so: herald" in shown
    write(path, entry(server, verified=True))
    main(["sources", "check"])
    assert "not marked" not in capsys.readouterr().out and not (path.parent / "lake").exists()


def test_one_that_fails_gives_status_1_with_advice_and_costs_the_others_nothing(site, server, path, capsys):
    write(path, entry(server, "good"), entry(server, "gone", listing={"feed": "/moved"}))
    assert main(["sources", "check"]) == 1
    shown = capsys.readouterr().out
    assert "gone: " in shown and "answered 404 Not Found\n  The listing has moved." in shown
    assert "1 work, 0 partly, 1 fail" in shown
    assert main(["sources", "check", "good"]) == 0


@pytest.mark.parametrize(
    ("change", "error_class"),
    [
        ({"listing": [{"feed": "/feed/"}, {"sitemap": "/gone.xml"}]}, "http_404"),
        ({"listing": {"feed": "/feed/", "pages": "/nothing?paged={page}"}}, "no_more"),
        ({"listing": {"page": "/", "links": "/2022/04/", "next": "/never/"}}, "no_more"),
        ({"languages": ["ar"]}, "other_language"),
    ],
)
@pytest.mark.usefixtures("site")
def test_what_is_wrong_with_one_that_brings_articles_is_named(server, path, capsys, change, error_class):
    write(path, entry(server, **change))
    assert main(["sources", "check", "--json"]) == 0
    (row,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (row["verdict"], [problem["error_class"] for problem in row["problems"]]) == ("partly", [error_class])
    assert row["problems"][0]["advice"]


def test_a_listing_that_was_left_behind_and_a_page_without_a_date_are_named(server, path, capsys):
    site = Site(server, path="/story/{slug}", at=NOW - timedelta(days=400))
    site.feed()
    for address in site.articles:
        server.resources[address] = server.resources[address].replace(b"article:published_time", b"nothing")
    write(path, entry(server, "old", listing={"feed": "/feed/"}), entry(server, "page", listing={"sitemap": "/s.xml"}))
    site.sitemap("/s.xml", dated=False)
    assert main(["sources", "check", "--json"]) == 0
    old, undated = map(json.loads, capsys.readouterr().out.splitlines())
    assert [problem["error_class"] for problem in old["problems"]] == ["stale"]
    assert [problem["error_class"] for problem in undated["problems"]] == ["no_date"]


def test_a_page_whose_first_article_is_old_and_a_feed_that_is_not_well_formed_are_named(server, path, capsys):
    site = Site(server, path="/story/{slug}", at=NOW - timedelta(days=400))
    site.home()
    fresh = Site(server, at=NOW)
    server.resources["/bad"] = page(fresh.rss().replace("</channel></rss>", "").encode(), content_type="application/rss+xml")
    write(path, entry(server, "old", listing={"page": "/", "links": "/story/"}), entry(server, "bad", listing={"feed": "/bad"}))
    assert main(["sources", "check", "--json"]) == 0
    rows = map(json.loads, capsys.readouterr().out.splitlines())
    assert [[problem["error_class"] for problem in row["problems"]] for row in rows] == [["stale"], ["broken_listing"]]


def test_a_first_article_without_text_is_made_up_for_by_the_next(site, server, path, capsys):
    server.resources[next(iter(site.articles))] = page(status=404)
    write(path, entry(server))
    assert main(["sources", "check", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["verdict"] == "partly" and [a["error_class"] for a in row["articles"]] == ["dead_link", None]


def test_robots_txt_and_block_pages_are_named(site, server, path, capsys):
    site.robots("Disallow: /feed")
    server.resources["/news"] = b"<html><title>Just a moment...</title></html>"
    write(path, entry(server, "shy"), entry(server, "guarded", listing={"page": "/news", "links": "x"}))
    assert main(["sources", "check", "--json"]) == 1
    shy, guarded = map(json.loads, capsys.readouterr().out.splitlines())
    assert (shy["listings"][0]["error_class"], guarded["listings"][0]["error_class"]) == ("robots", "block_page")
    assert "/feed/" not in server.requests


def test_secrets_of_the_file_are_not_shown(server, path, capsys):
    write(path, entry(server, listing={"feed": "/feed/?token=abcdef123456"}))
    assert main(["sources", "check"]) == 1
    assert main(["sources", "check", "--json"]) == 1
    shown = capsys.readouterr()
    assert "token=***" in shown.out and "abcdef123456" not in shown.out + shown.err


def test_an_unknown_id_and_a_broken_file_are_wrong_calls(site, server, path, capsys):
    write(path, entry(server))
    assert main(["sources", "check", "nobody"]) == 2
    assert "has no source nobody" in capsys.readouterr().err
    path.write_text("sources: [")
    assert main(["sources", "check"]) == 2 and main(["sources", "add", "https://herald.example"]) == 2
    path.unlink()
    assert main(["sources", "check"]) == 2
