import pytest

from include.aggregate.origins import origins_of
from include.aggregate.resolve import resolve
from tests.aggregate.factory import killed, report


def origins(*reports, copies=None):
    return sorted(set(origins_of(reports, copies or {}).values()))


def test_outlets_that_quote_one_monitor_are_one_origin():
    assert origins(report("a", monitor="SOHR"), report("b", monitor="SOHR")) == ["SOHR"]


def test_a_syndicated_article_has_the_origin_of_its_agency():
    assert origins(report("a", outlet="Wire"), report("b", outlet="Gazette", origin="Wire")) == ["Wire"]


def test_a_body_is_one_origin_under_its_short_name():
    first, later = report("a", monitor="Steppe Observatory"), report("b", monitor="Steppe Observatory for Human Rights")
    assert origins(first, later) == ["Steppe Observatory for Human Rights"]


NAMES = {
    "an alias in the actor table": ("SOHR", "Syrian Observatory for Human Rights"),
    "all words of the longer name": ("Health Ministry", "Anbar Ministry of Health"),
    "its initials": ("DHD", "Diyala Health Directorate"),
    "a medium and the party for which it speaks": ("Amaq", "Islamic State"),
}
OTHERS = {
    "the initials of a body that is known by them": ("SOHR", "Steppe Observatory for Human Rights"),
    "a single word of a name": ("QNB", "QNB Desert News"),
    "other words": ("Anbar Health Directorate", "Diyala Health Directorate"),
}


@pytest.mark.parametrize(("one", "other"), NAMES.values(), ids=NAMES.keys())
def test_two_names_for_one_body_are_one_origin(one, other):
    assert len(origins(report("a", monitor=one), report("b", monitor=other))) == 1


@pytest.mark.parametrize(("one", "other"), OTHERS.values(), ids=OTHERS.keys())
def test_two_bodies_are_two_origins_though_their_names_are_alike(one, other):
    assert len(origins(report("a", monitor=one), report("b", monitor=other))) == 2


@pytest.mark.parametrize("described", ["the Observatory", "the Britain-based Observatory", "the war monitor"])
def test_a_monitor_that_is_only_described_is_the_one_that_the_incident_names(described):
    assert origins(report("a", monitor="SOHR"), report("b", monitor=described)) == ["SOHR"]
    assert origins(report("a", monitor="SOHR"), report("b", monitor=described), report("c", monitor="SNHR", outlet="Wire")) == (
        ["Outlet b", "SNHR", "SOHR"] if "monitor" in described else ["SNHR", "SOHR"]
    )


@pytest.mark.parametrize("described", ["a military source", "residents", "local sources", "hospital sources"])
def test_somebody_who_is_only_described_is_nobody_that_the_incident_names(described):
    assert origins(report("a", monitor="SOHR"), report("b", monitor=described)) == ["Outlet b", "SOHR"]


def test_a_source_without_a_name_is_no_origin_of_its_own():
    assert origins(report("a", monitor="a health official", outlet="Wire"), report("b", outlet="Wire")) == ["Wire"]


def test_a_copy_that_cites_a_source_without_a_name_has_the_origin_of_its_agency():
    syndicated = report("b", monitor="a health official", outlet="Gazette", syndicated_from="Wire")
    assert origins(report("a", monitor="a health official", outlet="Wire"), syndicated) == ["Wire"]


def test_outlets_with_their_own_words_are_origins_each():
    assert origins(report("a"), report("b")) == ["Outlet a", "Outlet b"]


def test_copies_of_one_text_are_one_origin_that_of_the_oldest():
    old, new = report("a", outlet="Wire"), report("b", outlet="Gazette")
    assert origins(old, new, copies={old["article_id"]: "g", new["article_id"]: "g"}) == ["Wire"]


def test_a_copy_that_names_the_monitor_names_it_for_all():
    old, new = report("a", outlet="Wire"), report("b", outlet="Gazette", monitor="SOHR")
    assert origins(old, new, copies={old["article_id"]: "g", new["article_id"]: "g"}) == ["SOHR"]


def test_an_outlet_is_not_independent_of_the_source_that_it_names_elsewhere():
    first = report("a", outlet="Wire")
    copy = report("b", outlet="Gazette", origin="Wire")
    corrected = report("c", outlet="Wire", monitor="Diyala Health Directorate")
    assert origins(first, copy, corrected) == ["Diyala Health Directorate"]


def test_an_outlet_that_cites_two_monitors_gives_two_origins():
    assert origins(report("a", outlet="Wire", monitor="SOHR"), report("b", outlet="Wire", monitor="White Helmets")) == [
        "SOHR",
        "White Helmets",
    ]


def test_an_incident_counts_reports_outlets_and_origins():
    copies = {"article of a": "g", "article of b": "g"}
    reports = [
        report("a", killed(4), outlet="Wire"),
        report("b", killed(4), outlet="Gazette"),
        report("c", killed(4), outlet="Wire", monitor="SOHR"),
        report("d", killed(4), outlet="Sandstorm", published="2022-04-12"),
    ]
    (incident,) = resolve(reports, copies=copies)
    assert (incident["n_reports"], incident["n_outlets"], incident["n_independent_origins"]) == (4, 3, 2)
    assert incident["origins"] == ["SOHR", "Sandstorm"]
