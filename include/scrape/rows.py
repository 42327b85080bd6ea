"""Rows of the documents dataset: one for each attempt to fetch a page."""

from datetime import datetime
from typing import Any

from include.datasets.ids import content_id
from include.scrape.archive.pages import Page
from include.scrape.block_pages import block_page
from include.scrape.fetch import FetchFailed, Response
from include.scrape.listed import Listed, ListingError
from include.scrape.warc import Stored


def document_id(url: str, sha256: str) -> str:
    """The id of a capture: the same content at the same URL is the same document."""
    return content_id("doc", url=url, sha256=sha256)


def fetched_row(
    listed: Listed,
    response: Response,
    stored: Stored | None,
    warc_file: str,
    fetched_at: datetime,
    *,
    unchanged: bool = False,
) -> dict[str, Any]:
    """The row of a page that answered: captured, or a block page, or empty. `stored` is null if there was no body. One that is
    `unchanged` since it was captured is not modified, and needs no place of its own.
    """
    row = _row(listed, fetched_at) | {
        "final_url": response.url,
        "http_status": response.status,
        "content_type": response.header("content-type"),
        "size": len(response.body),
        "etag": response.header("etag"),
        "last_modified": response.header("last-modified"),
        "requests": response.requests,
    }
    if stored is not None:
        row |= {
            "document_id": document_id(listed.url, stored.sha256),
            "sha256": stored.sha256,
            "warc_file": warc_file,
            "warc_offset": stored.offset,
        }
    if unchanged:
        return row | {"outcome": "not_modified"}
    if not response.head.strip() and response.decoded_size == len(response.head):
        return row | {"outcome": "empty", "error_class": "no_body", "error": f"{response.url} answered with an empty body"}
    if marked := block_page(response.head):
        error = f"{response.url} serves a block page instead of the article: {marked}"
        return row | {"outcome": "blocked", "error_class": "block_page", "error": error}
    return row | {"outcome": "captured"}


def held_row(row: dict[str, Any], why: str) -> dict[str, Any]:
    """The row of a page that was captured and is not to be published: its source breaks its bounds."""
    return row | {"outcome": "held", "error_class": "bounds", "error": f"{row['url']} is kept and not published: {why}"}


def listing_row(url: str, failure: FetchFailed | ListingError, fetched_at: datetime) -> dict[str, Any]:
    """The row of a listing that could not be fetched or read."""
    return failed_row(Listed(url), failure, fetched_at) | {"listing": True}


def imported_row(page: Page, stored: Stored, warc_file: str, captured_at: datetime) -> dict[str, Any]:
    """The row of a page that an archive holds."""
    row = _row(Listed(page.url, page.title, page.published), captured_at)
    return row | {
        "document_id": document_id(page.url, stored.sha256),
        "final_url": page.url if page.head is not None else None,
        "outcome": "captured",
        "http_status": page.status,
        "content_type": page.content_type,
        "size": len(page.body),
        "sha256": stored.sha256,
        "warc_file": warc_file,
        "warc_offset": stored.offset,
    }


def failed_row(listed: Listed, failure: FetchFailed | ListingError, fetched_at: datetime) -> dict[str, Any]:
    """The row of an attempt that brought no page."""
    row = _row(listed, fetched_at) | {"error_class": failure.error_class, "error": str(failure)}
    if isinstance(failure, ListingError):
        return row | {"outcome": "blocked" if failure.error_class == "block_page" else "failed"}
    return row | {
        "outcome": failure.outcome,
        "final_url": failure.url if failure.status is not None else None,
        "http_status": failure.status,
        "requests": failure.requests,
    }


def _row(listed: Listed, fetched_at: datetime) -> dict[str, Any]:
    return {
        "document_id": content_id("doc", url=listed.url, fetched_at=fetched_at.isoformat()),
        "url": listed.url,
        "error_class": None,
        "listed_title": listed.title,
        "listed_published": listed.published_text,
        "fetched_at": fetched_at,
    }
