import json

import pytest

from include.__main__ import main
from include.datasets.catalogue import DOCUMENTS
from include.datasets.lake import Lake
from tests.scrape.archive.archives import page, record, warc


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "news.warc.gz"
    path.write_bytes(warc([record(n, page(n, "It was quiet.") if n else None) for n in range(4)])[0])
    return str(path)


def test_it_imports_and_says_what_became_of_the_pages(archive, tmp_path, capsys):
    lake = str(tmp_path / "lake")
    assert main(["import", archive, "--lake", lake, "--workers", "1"]) == 0
    assert "4 read, 1 kept, 3 gated out" in capsys.readouterr().out
    assert main(["import", archive, "--lake", lake, "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["counts"] == {"read": 4, "kept": 1, "gated_out": 3}
    assert len(Lake(lake).read(DOCUMENTS)) == 1


def test_without_the_gate_every_page_is_kept(archive, tmp_path, capsys):
    assert main(["import", archive, "--lake", str(tmp_path / "lake"), "--no-gate"]) == 0
    assert "4 read, 4 kept" in capsys.readouterr().out


def test_a_wrong_call_says_what_can_be_imported(tmp_path, capsys):
    assert main(["import", str(tmp_path / "gone.warc.gz"), "--lake", str(tmp_path / "lake")]) == 2
    assert "there is no file or folder" in capsys.readouterr().err


def test_a_damaged_record_is_named(archive, tmp_path, capsys):
    with open(archive, "r+b") as file:
        file.truncate(file.seek(0, 2) - 100)
    assert main(["import", archive, "--lake", str(tmp_path / "lake"), "--workers", "1"]) == 0
    shown = capsys.readouterr()
    assert "3 read" not in shown.out and "1 broken" in shown.out
    assert "news.warc.gz, byte" in shown.err
