"""Extract a batch: the articles cleaned from one documents file become reports and claims."""

import logging
from collections import defaultdict
from typing import Any

from include.clean import STAGE as CLEAN
from include.datasets import batches
from include.datasets.catalogue import ARTICLES, CLAIMS, REPORTS
from include.datasets.lake import Lake
from include.datasets.schema import month_of
from include.extract import STAGE, VERSION
from include.extract.article import extract_article

log = logging.getLogger(__name__)


class ExtractFailed(RuntimeError):
    """Every article of a batch failed: that is a fault of the installation, and no month without casualties."""


def pending(lake: Lake, mode: str = "range") -> list[str]:
    """Names of the cleaned batches that this version of the stage has not extracted by this codebook, the latest first."""
    cleaned = batches.records(lake, CLEAN)
    inputs = {batch: batches.fingerprint(record) for batch, record in cleaned.items()}
    pending = batches.pending(lake, STAGE, version_by(mode), inputs, [REPORTS.name, CLAIMS.name])
    return sorted(pending, key=lambda batch: cleaned[batch]["input"], reverse=True)


def extract_batch(lake: Lake, batch: str, mode: str = "range") -> dict[str, Any]:
    """Extract the articles of a cleaned batch, write their reports and claims, and return the batch's record.

    `mode` is the codebook for vague numbers (settings.COUNT_MODES). An article on which the extractor fails is named in the
    record's problems; the others go on. Raises ExtractFailed if all of them fail.
    """
    record = lake.read_json(batches.record_path(CLEAN, batch))
    rows = {REPORTS: defaultdict(dict), CLAIMS: defaultdict(dict)}
    counts = {"articles": 0, "reports": 0, "claims": 0}
    problems = []
    for article in _articles(lake, sorted(record["outputs"])):
        counts["articles"] += 1
        try:
            extraction = extract_article(article, mode)
        except Exception as error:  # one article must not stop the batch; it is named below
            log.exception("extract failed on %s", article["url"])
            problems.append(f"{article['url']}: {type(error).__name__}: {error}")
            continue
        counts["reports"] += len(extraction.reports)
        counts["claims"] += len(extraction.claims)
        month = month_of(article["published_on"])
        for dataset, found in ((REPORTS, extraction.reports), (CLAIMS, extraction.claims)):
            if found:  # a sentence that stands in several captures is one report, as the last has it
                rows[dataset][month] |= {row[dataset.key[0]]: row for row in found}
    if problems and len(problems) == counts["articles"]:
        raise ExtractFailed(f"batch {batch}: none of its {len(problems)} articles could be extracted; the first: {problems[0]}")
    outputs = [
        lake.write(dataset, {"published_month": month}, batch, list(found.values()))
        for dataset, months in rows.items()
        for month, found in sorted(months.items())
    ]
    return batches.finish(
        lake,
        STAGE,
        version_by(mode),
        batch,
        source=batches.fingerprint(record),
        outputs=outputs,
        counts=counts,
        problems=problems,
    )


def version_by(mode: str) -> str:
    """The stage's version: figures that were read by another codebook are read anew."""
    return f"{VERSION} {mode}"


def _articles(lake: Lake, paths: list[str]) -> list[dict[str, Any]]:
    """The captures with a text, in order of capture. Of captures of one article with the same text the last counts."""
    rows = lake.read(ARTICLES, paths=paths).to_pylist() if paths else []
    rows = sorted(rows, key=lambda row: (row["captured_at"], row["document_id"]))
    texts = {(row["article_id"], row["text_sha256"]): row for row in rows if row["clean_outcome"] == "cleaned"}
    return list(texts.values())
