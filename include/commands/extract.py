"""Read casualties out of text: JSON lines in, JSON lines out.

  extract FILE ...      each a text or an HTML file
  extract               JSON lines {"id", "title", "text", "published_at"} on standard input; a text may be an HTML page
  extract --pending     the articles in the lake that have not been extracted

For each input, in order, one line is printed: {"id", "reports": [...], "claims": [...], "not_counted": [...]}. The keys of a
report and a claim are the columns in docs/DATA_DICTIONARY.md. A bad input gives {"id", "error": {...}} on its own line; the
others go on, and the exit status is 1 at the end.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from include import settings
from include.commands import progress
from include.commands.lake import add_lake, lake_of
from include.datasets.catalogue import CLAIMS, REPORTS

_START = 512
"""Characters at the start of an input that show whether it is an HTML page."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", nargs="*", type=Path, help="text or HTML file; without any, JSON lines on standard input")
    parser.add_argument("--published", type=day, metavar="DATE", help="day of publication, YYYY-MM-DD; dates count from it")
    parser.add_argument("--title", help="headline, where the file does not carry it")
    parser.add_argument(
        "--mode", choices=settings.COUNT_MODES, help="codebook for vague numbers (default: BADIA_COUNT_MODE, else range)"
    )
    parser.add_argument("--pending", action="store_true", help="extract what is pending in the lake")
    add_lake(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command; 1 if an input was bad."""
    mode = args.mode or settings.count_mode()
    if args.pending:
        return _pending(args, mode)
    articles = _from_files(args) if args.file else _from_lines(sys.stdin.buffer)
    status = 0
    for article in progress.shown(articles, "extract"):
        answer = answered(article, mode)
        status = status or int("error" in answer)
        print(json.dumps(answer, ensure_ascii=False, default=_plain), flush=True)
    return status


def answered(article: dict[str, Any], mode: str) -> dict[str, Any]:
    """The output line for one input: its extraction, or the error that it is or gave."""
    from include.extract.article import extract_article

    if "error" in article:
        return article
    try:
        found = extract_article(article, mode)
    except Exception as error:  # noqa: BLE001 one bad input must not stop the others; it is named in its own line
        return _error(article["id"], type(error).__name__, str(error))
    return {
        "id": article["id"],
        "reports": [REPORTS.whole(row) for row in found.reports],
        "claims": [CLAIMS.whole(row) for row in found.claims],
        "not_counted": found.not_counted,
    }


def read_article(path: Path, *, published: date | None = None, title: str | None = None) -> dict[str, Any]:
    """The article in a text or HTML file, as a row of `articles`. Raises OSError, or ValueError for what is no text."""
    body = path.read_bytes()
    if path.suffix.lower() in (".html", ".htm") or _is_page(body[:_START].decode("ascii", "replace")):
        article = _cleaned(body, "text/html", path.resolve().as_uri(), str(path))
    else:
        try:
            article = {"text": body.decode("utf-8-sig")}
        except UnicodeDecodeError as error:
            raise ValueError(f"{path} is not UTF-8 text ({error}); convert it, or name it .html if it is a page") from error
    return article | {
        "id": str(path),
        "article_id": article.get("article_id") or str(path),
        "title": title or article.get("title"),
        "published_on": published or article.get("published_on"),
    }


def _is_page(text: str) -> bool:
    return text[:_START].lstrip("\ufeff\ufffd \t\r\n").lower().startswith(("<!doctype html", "<html", "<?xml"))


def _cleaned(body: bytes, content_type: str, url: str, name: str) -> dict[str, Any]:
    from include.clean.page import clean_page

    article = clean_page(body, url=url, content_type=content_type, fetched_at=datetime.now(UTC))
    if article["clean_outcome"] != "cleaned":
        raise ValueError(f"{name}: {article['clean_outcome']}: {article['clean_error']}")
    return article


def _from_files(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    for path in args.file:
        try:
            yield read_article(path, published=args.published, title=args.title)
        except (OSError, ValueError) as error:
            yield _error(str(path), type(error).__name__, str(error))


def _from_lines(stream) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(stream, 1):
        if line.strip():
            yield _from_line(line, number)


def _from_line(line: bytes, number: int) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:  # also UnicodeDecodeError
        return _error(None, "bad_json", f"line {number} is not JSON: {error}")
    if not isinstance(row, dict):
        return _error(None, "bad_json", f"line {number} is a JSON {type(row).__name__}; want an object with id and text")
    name = row.get("id")
    for key, kinds in (("text", str), ("title", (str, type(None))), ("published_at", (str, type(None)))):
        if not isinstance(row.get(key), kinds):
            return _error(name, "bad_input", f"line {number}: {key} is {row.get(key)!r}; want a string")
    try:
        published = _published(row.get("published_at"))
    except ValueError:
        return _error(name, "bad_input", f"line {number}: published_at is {row['published_at']!r}; want YYYY-MM-DD or ISO 8601")
    article = {"text": row["text"]}
    if _is_page(row["text"]):
        body = row["text"].encode("utf-8", "replace")
        try:
            article = _cleaned(body, "text/html; charset=utf-8", "about:blank", f"line {number}")
        except ValueError as error:
            return _error(name, "bad_input", str(error))
    return article | {
        "id": name,
        "article_id": str(name if name is not None else number),
        "url": None,
        "title": row.get("title") or article.get("title"),
        "published_on": published or article.get("published_on"),
    }


def _published(text: str | None) -> date | None:
    """The calendar day of an ISO 8601 date or time, as printed; None for none."""
    if not text:
        return None
    return datetime.fromisoformat(text).date()


def _pending(args: argparse.Namespace, mode: str) -> int:
    from include.extract import batch

    lake = lake_of(args)
    names = progress.shown(batch.pending(lake, mode), "extract")
    return max((progress.tell(name, batch.extract_batch(lake, name, mode)) for name in names), default=0)


def _error(name: Any, kind: str, message: str) -> dict[str, Any]:
    return {"id": name, "error": {"type": kind, "message": message}}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be printed as JSON")


def day(text: str) -> date:
    """The day that an argument gives, YYYY-MM-DD. Raises argparse.ArgumentTypeError for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; want YYYY-MM-DD, such as 2022-04-11") from None
