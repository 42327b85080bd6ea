"""Clean a batch: the captured pages of one documents file become articles."""

from collections import defaultdict
from pathlib import PurePosixPath
from typing import Any

from include.clean import STAGE, VERSION
from include.clean.page import clean_page, clean_text, unreadable
from include.datasets import batches
from include.datasets.catalogue import ARTICLES, DOCUMENTS
from include.datasets.lake import Lake, partition_of
from include.datasets.schema import month_of
from include.scrape.warc import EvidenceError, read_body


class CleanFailed(RuntimeError):
    """Every page of a batch failed: that is a fault of the installation or of the evidence, and no quiet month."""


def pending(lake: Lake) -> list[str]:
    """Paths of the documents files that this version of the stage has not cleaned, the latest fetched first."""
    paths = {PurePosixPath(p).stem: p for p in lake.files(DOCUMENTS)}
    return sorted((paths[b] for b in batches.pending(lake, STAGE, VERSION, paths, [ARTICLES.name])), reverse=True)


def clean_batch(lake: Lake, path: str) -> dict[str, Any]:
    """Clean the captured documents of the file at `path`, write their articles, and return the batch's record.

    Every captured document becomes a row, with its `clean_outcome`; one that cannot be read costs the others nothing.
    Raises CleanFailed if all of them fail.
    """
    batch, source = PurePosixPath(path).stem, partition_of(path)["source"]
    by_month = defaultdict(list)
    counts = {"documents": 0, "articles": 0}
    problems = []
    for document in lake.read_file(path).to_pylist():
        counts["documents"] += 1
        if document["outcome"] != "captured":
            continue
        article = _clean(lake, document)
        article |= {"source": document["site"] or source, "outlet": document["outlet"]}
        article |= {"document_id": document["document_id"], "captured_at": document["fetched_at"]}
        article |= {"via": document["via"] or "live", "recorded_at": document["recorded_at"] or document["fetched_at"]}
        counts["articles"] += article["clean_outcome"] == "cleaned"
        if article["clean_outcome"] == "failed":
            problems.append(f"{document['url']}: {article['clean_error']}")
        by_month[month_of(article["published_on"])].append(article)
    tried = sum(len(rows) for rows in by_month.values())
    if problems and len(problems) == tried:
        raise CleanFailed(f"{path}: none of its {tried} captured pages could be cleaned; the first: {problems[0]}")
    outputs = [lake.write(ARTICLES, {"published_month": month}, batch, rows) for month, rows in sorted(by_month.items())]
    return batches.finish(lake, STAGE, VERSION, batch, source=path, outputs=outputs, counts=counts, problems=problems)


def _clean(lake: Lake, document: dict[str, Any]) -> dict[str, Any]:
    try:
        captured = read_body(lake, document["warc_file"], document["warc_offset"], document["sha256"])
    except EvidenceError as error:
        return unreadable(document["final_url"] or document["url"], str(error))
    if captured.http_status is None and (captured.content_type or "").startswith("text/plain"):
        return clean_text(
            captured.body,
            url=document["url"],
            title=document["listed_title"],
            published=document["listed_published"],
            fetched_at=document["fetched_at"],
        )
    return clean_page(
        captured.body,
        url=document["final_url"] or document["url"],
        content_type=document["content_type"],
        listed_title=document["listed_title"],
        listed_published=document["listed_published"],
        fetched_at=document["fetched_at"],
    )
