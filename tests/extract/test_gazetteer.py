"""The gazetteer: spellings that meet, entries that conflict reporting needs, the index on disk."""

import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.extract import gazetteer as module
from include.extract import gazetteer_index
from include.extract.gazetteer import DATA, GazetteerError, compiled, distance_km, fold, gazetteer, plain, read_table


def entry(name, country, kind=None):
    found = [m.place for m in gazetteer().lookup(name) if m.place.country == country and kind in (None, m.place.kind)]
    assert found, f"{name} is not in the gazetteer for {country}"
    return found[0]


@pytest.mark.parametrize(
    "spellings",
    [
        ("Deir ez-Zor", "Deir Ezzor", "Dayr az-Zawr", "Deir el-Zour", "deir ez zor"),
        ("al-Sukhna", "Sukhna", "As Sukhnah", "Sokhna", "Al-Sukhneh"),
        ("Khan Yunis", "Khan Younis", "Khān Yūnis"),
        ("Raqqa", "Ar Raqqah", "al-Raqqa", "Raqqah"),
        ("Qamishli", "Kamishli", "al-Qamishly"),
        ("Beit Lahia", "Bayt Lahya", "Beit Lahiya"),
        ("Tal Abyad", "Tell Abyad", "Tel Abyad", "Tall Abyad"),
        ("Sheikh Maqsoud", "Shaykh Maqsud"),
        ("Nuseirat", "al-Nusayrat", "An Nuşayrāt"),
        ("السخنة", "سخنة"),
    ],
)
def test_spellings_of_one_name_fold_together(spellings):
    assert len({fold(s) for s in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Homs", "Hama"), ("Basra", "Busra"), ("Ramadi", "Rumeilan"), ("Sinjar", "Sanaa"), ("Kunar", "Kunduz")]
)
def test_different_towns_do_not_fold_together(one, other):
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("name", "country", "latitude", "longitude"),
    [
        ("al-Sukhna", "SYR", 34.89, 38.87),
        ("السخنة", "SYR", 34.89, 38.87),
        ("Hims", "SYR", 34.73, 36.72),
        ("Halab", "SYR", 36.20, 37.16),
        ("Kiev", "UKR", 50.45, 30.52),
        ("Khan Younis", "PSE", 31.34, 34.30),
        ("Shejaiya", "PSE", 31.50, 34.47),
        ("Jalawla", "IRQ", 34.27, 45.17),
        ("Al-Hol", "SYR", 36.38, 41.14),
        ("Mazar-e Sharif", "AFG", 36.71, 67.11),
        ("El Fasher", "SDN", 13.63, 25.35),
        ("Chasiv Yar", "UKR", 48.59, 37.84),
        ("Afgoye", "SOM", 2.14, 45.12),
    ],
)
def test_places_of_the_news_are_found_where_they_lie(name, country, latitude, longitude):
    place = entry(name, country)
    assert distance_km(place.latitude, place.longitude, latitude, longitude) < 8


def test_a_reviewed_spelling_joins_the_entry_of_geonames():
    place = entry("Deir Azzor", "SYR", "settlement")
    assert (place.geonames_id, place.population > 100_000, place.admin1) == (170794, True, "Deir ez-Zor")


@pytest.mark.parametrize(
    ("name", "country", "admin1"),
    [
        ("Rif Dimashq", "SYR", "Rif Dimashq"),
        ("Nineveh", "IRQ", "Ninewa"),
        ("Salah al-Din", "IRQ", "Salahuddin"),
        ("Nangarhar", "AFG", "Nangarhar"),
        ("Hodeidah", "YEM", "Hudaydah"),
        ("Zaporizhzhia", "UKR", "Zaporizhzhia"),
        ("Lower Shabelle", "SOM", "Lower Shabelle"),
        ("Ohio", "USA", "Ohio"),
        ("Borno", "NGA", "Borno"),
    ],
)
def test_provinces_have_the_names_of_the_press(name, country, admin1):
    assert entry(name, country, "admin1").admin1 == admin1


def test_every_settlement_of_the_conflict_countries_has_its_province():
    index = gazetteer()
    places = [index._place(i) for i in range(index.size)]
    conflict = {"SYR", "IRQ", "PSE", "YEM", "LBN", "AFG", "UKR", "SDN", "SOM", "MLI", "BFA", "NER", "MMR", "NGA", "COD"}
    lacking = [p for p in places if p.country in conflict and p.kind in ("settlement", "district") and not p.admin1]
    assert lacking == []


def test_the_supplement_names_only_provinces_that_exist():
    divisions = {(r["country"], r["name"]) for r in read_table(DATA / "divisions.tsv") if r["level"] == "1"}
    wrong = [r["name"] for r in read_table(DATA / "places.tsv") if r["admin1"] and (r["country"], r["admin1"]) not in divisions]
    assert wrong == []


def test_the_supplement_lies_on_the_map_and_in_its_province():
    centres = {
        (r["country"], r["name"]): (float(r["latitude"]), float(r["longitude"]))
        for r in read_table(DATA / "divisions.tsv")
        if r["level"] == "1" and r["latitude"]
    }
    far = [
        r["name"]
        for r in read_table(DATA / "places.tsv")
        if (r["country"], r["admin1"]) in centres
        and distance_km(float(r["latitude"]), float(r["longitude"]), *centres[r["country"], r["admin1"]]) > 650
    ]
    assert far == []


def test_a_district_without_a_point_of_its_own_has_that_of_its_town():
    town, district = entry("Tell Abyad", "SYR", "settlement"), entry("Tell Abyad", "SYR", "district")
    assert distance_km(town.latitude, town.longitude, district.latitude, district.longitude) < 25


def test_capitals_are_known_as_such():
    assert entry("Somali capital", "SOM").name == "Mogadishu"
    assert entry("Afghan capital", "AFG").name == "Kabul"


def test_a_spelling_after_a_minus_is_taken_from_the_entry():
    exact = {m.place.kind for m in gazetteer().lookup("Gaza") if m.place.country == "PSE" and m.exact}
    assert "admin1" in exact
    assert "settlement" not in exact


def test_a_reviewed_place_stands_for_one_of_geonames_that_is_misplaced():
    found = [m.place for m in gazetteer().lookup("Bamba") if m.place.country == "MLI" and m.place.kind == "settlement"]
    assert [(p.latitude, p.longitude) for p in found] == [(17.033, -1.4)]


def test_an_unknown_name_finds_nothing():
    assert gazetteer().lookup("Qwxzzyville") == ()


def test_a_row_with_too_many_columns_is_named(tmp_path):
    table = tmp_path / "t.tsv"
    table.write_text("# about\nname\tkind\na\tb\tc\n")
    with pytest.raises(GazetteerError, match=r"t\.tsv, line 3: 3 columns, want 2"):
        read_table(table)


def test_the_index_is_compiled_once_whole_and_alike_by_processes_at_the_same_time(tmp_path, monkeypatch):
    monkeypatch.setattr(gazetteer_index, "build_index", lambda: calls.append(1) or b"index")
    calls: list[int] = []
    paths: list = []
    threads = [threading.Thread(target=lambda: paths.append(compiled(tmp_path))) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(set(paths)) == 1
    assert calls == [1]
    assert paths[0].read_bytes() == b"index"
    assert sorted(p.name for p in tmp_path.iterdir()) == [paths[0].name, "gazetteer.lock"]


def test_a_new_index_leaves_the_one_before_it_and_removes_older_ones(tmp_path, monkeypatch):
    monkeypatch.setattr(gazetteer_index, "build_index", lambda: b"index")
    for age in (1, 2, 3):
        old = tmp_path / f"gazetteer-{age}.bin"
        old.write_bytes(b"")
        os.utime(old, (1000 - age, 1000 - age))
    path = compiled(tmp_path)
    assert {p.name for p in tmp_path.glob("*.bin")} == {path.name, "gazetteer-1.bin"}


def test_a_folder_that_cannot_be_written_is_named_with_what_to_do(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(GazetteerError, match=r"Cannot write .*Set BADIA_CACHE"):
        compiled(blocked / "cache")


def test_a_file_that_is_no_index_is_refused(tmp_path):
    path = tmp_path / "gazetteer-x.bin"
    path.write_bytes(b"something else entirely")
    with pytest.raises(GazetteerError, match="is not a gazetteer index"):
        module.Gazetteer(path)


@given(st.text(max_size=40))
def test_folding_never_fails_and_is_stable(name):
    assert plain(plain(name)) == plain(name)
    assert isinstance(fold(name), str)
    gazetteer().lookup(name)
