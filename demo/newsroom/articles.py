"""The outlets and their articles, as data."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Article:
    """One article: its text, and how its page misbehaves.

    `published` carries the time zone that the outlet prints; null: the page and the feed state no date. `source` is the agency
    that it was taken from. `encoding` is how the page is encoded, `declared_charset` what it says of that. The page answers
    500 to the first `fail_first` requests and keeps each reader waiting for `delay` seconds. A `private` article stands
    where robots.txt lets no robot in. A `late` one, whatever its date, appears on the site after the others.
    """

    slug: str
    title: str
    paragraphs: tuple[str, ...]
    section: str
    related: tuple[str, ...]
    published: datetime | None = None
    author: str | None = None
    source: str | None = None
    encoding: str = "utf-8"
    declared_charset: str = "utf-8"
    delay: float = 0.0
    fail_first: int = 0
    private: bool = False
    late: bool = False


@dataclass(frozen=True)
class Outlet:
    """One outlet: how it publishes (see outlets.yaml), and its articles, oldest first and undated ones last."""

    id: str
    outlet: str
    kind: str
    host: str
    port: int
    path: str
    listed_in: str
    robots: str
    articles: tuple[Article, ...]
    country: str | None = None
    timezone: str | None = None
    private_path: str | None = None
    gone: tuple[str, ...] = ()

    def path_of(self, article: Article) -> str:
        """The path of an article's page on this outlet's site."""
        pattern = self.private_path if article.private and self.private_path else self.path
        return pattern.format(slug=article.slug)

    def canonical_url(self, article: Article) -> str:
        """The address that the page gives as its own. It does not depend on where the demo is served, and so neither do ids."""
        return f"https://{self.host}{self.path_of(article)}"


def load_outlets() -> tuple[Outlet, ...]:
    """All outlets with their articles. Raises ValueError, naming the file, for an article that cannot be read."""
    entries = yaml.safe_load((HERE / "outlets.yaml").read_text(encoding="utf-8"))
    return tuple(
        Outlet(**entry | {"gone": tuple(entry.get("gone", ()))}, articles=_articles(HERE / entry["id"])) for entry in entries
    )


def _articles(folder: Path) -> tuple[Article, ...]:
    articles = [read_article(path) for path in sorted(folder.glob("*.md"))]
    return tuple(sorted(articles, key=lambda a: (a.published is None, a.published and a.published.timestamp(), a.slug)))


def read_article(path: Path) -> Article:
    """The article in a Markdown file. Raises ValueError, naming the file, if it cannot be read."""
    try:
        _, front_matter, body = path.read_text(encoding="utf-8").split("---\n", 2)
        fields = yaml.safe_load(front_matter)
        published = datetime.fromisoformat(fields.pop("published")) if "published" in fields else None
        if published is not None and published.tzinfo is None:
            raise ValueError("published has no time zone")
        related = tuple(fields.pop("related"))
        paragraphs = tuple(p.strip() for p in body.split("\n\n") if p.strip())
        return Article(slug=path.stem, paragraphs=paragraphs, published=published, related=related, **fields)
    except (ValueError, TypeError, KeyError, yaml.YAMLError) as error:
        raise ValueError(
            f"{path}: not an article (front matter between two lines of '---', then paragraphs): {error}"
        ) from error
