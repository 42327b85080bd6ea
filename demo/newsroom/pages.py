"""What the outlets' sites consist of: article pages, front pages, feeds, sitemaps and robots.txt."""

import json
import re
from dataclasses import dataclass
from email.utils import format_datetime
from html import escape
from string import Template
from xml.etree import ElementTree as ET

from demo.newsroom.articles import HERE, Article, Outlet

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


@dataclass(frozen=True)
class Resource:
    """What one path of a site answers: a body, and how it misbehaves before giving it (see Article)."""

    body: bytes
    content_type: str
    delay: float = 0.0
    fail_first: int = 0


def site(outlet: Outlet, base_url: str) -> dict[str, Resource]:
    """All that an outlet's site answers, by path, when it is served at `base_url` (without a slash at its end)."""
    path, listing = _LISTINGS[outlet.listed_in]
    resources = {outlet.path_of(article): article_page(outlet, article) for article in outlet.articles}
    resources["/robots.txt"] = Resource(robots(outlet, base_url).encode(), "text/plain; charset=utf-8")
    resources["/"] = Resource(front_page(outlet).encode(), "text/html; charset=utf-8")
    if listing is not None:
        resources[path] = Resource(*listing(outlet, base_url))
    return resources


def listing_path(outlet: Outlet) -> str:
    """The path at which the outlet lists its articles."""
    return _LISTINGS[outlet.listed_in][0]


def article_page(outlet: Outlet, article: Article) -> Resource:
    """The page of one article in the outlet's manner."""
    text = Template((HERE / "templates" / f"{outlet.id}.html").read_text(encoding="utf-8")).substitute(
        title=escape(article.title),
        canonical=outlet.canonical_url(article),
        charset=article.declared_charset,
        section=escape(article.section),
        author=escape(article.author or outlet.outlet),
        published=article.published.isoformat() if article.published else "",
        published_words=article.published.strftime("%d %B %Y, %H:%M") if article.published else "",
        json_ld=_json_ld(outlet, article),
        body=_body(article),
        related="\n".join(f'<li><a href="/">{escape(headline)}</a></li>' for headline in article.related),
    )
    body = text.encode(article.encoding, "xmlcharrefreplace")
    return Resource(body, f"text/html; charset={article.declared_charset}", article.delay, article.fail_first)


def front_page(outlet: Outlet) -> str:
    """The front page: links to every article, newest first."""
    items = (
        f'<li><a href="{outlet.path_of(article)}">{escape(article.title)}</a></li>' for article in reversed(outlet.articles)
    )
    link = f'<link rel="alternate" type="application/{outlet.listed_in}+xml" href="{listing_path(outlet)}">'
    return Template((HERE / "templates" / "front.html").read_text(encoding="utf-8")).substitute(
        outlet=escape(outlet.outlet), items="\n".join(items), feed=link if outlet.listed_in in ("rss", "atom") else ""
    )


def robots(outlet: Outlet, base_url: str) -> str:
    """The robots.txt, with the sitemap where there is one."""
    return outlet.robots + (f"Sitemap: {base_url}{listing_path(outlet)}\n" if outlet.listed_in == "sitemap" else "")


def rss(outlet: Outlet, base_url: str) -> tuple[bytes, str]:
    """An RSS 2.0 feed and its content type. An article without a date is an item without pubDate."""
    feed = ET.Element("rss", version="2.0")
    channel = ET.SubElement(feed, "channel")
    for tag, text in (("title", outlet.outlet), ("link", f"{base_url}/"), ("description", "All the news that howls")):
        ET.SubElement(channel, tag).text = text
    for article in reversed(outlet.articles):
        item = ET.SubElement(channel, "item")
        ET.SubElement(item, "title").text = article.title
        ET.SubElement(item, "link").text = base_url + outlet.path_of(article)
        ET.SubElement(item, "guid", isPermaLink="false").text = outlet.canonical_url(article)
        if article.published:
            ET.SubElement(item, "pubDate").text = format_datetime(article.published)
    return _xml(feed), "application/rss+xml; charset=utf-8"


def atom(outlet: Outlet, base_url: str) -> tuple[bytes, str]:
    """An Atom feed and its content type."""
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    ET.SubElement(feed, f"{{{ATOM}}}title").text = outlet.outlet
    ET.SubElement(feed, f"{{{ATOM}}}id").text = f"https://{outlet.host}/"
    ET.SubElement(feed, f"{{{ATOM}}}link", rel="self", href=base_url + listing_path(outlet))
    dated = [a for a in outlet.articles if a.published]
    ET.SubElement(feed, f"{{{ATOM}}}updated").text = dated[-1].published.isoformat()
    for article in reversed(dated):
        entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
        ET.SubElement(entry, f"{{{ATOM}}}title").text = article.title
        ET.SubElement(entry, f"{{{ATOM}}}id").text = outlet.canonical_url(article)
        ET.SubElement(entry, f"{{{ATOM}}}link", rel="alternate", href=base_url + outlet.path_of(article))
        ET.SubElement(entry, f"{{{ATOM}}}published").text = article.published.isoformat()
        ET.SubElement(entry, f"{{{ATOM}}}updated").text = article.published.isoformat()
        author = ET.SubElement(entry, f"{{{ATOM}}}author")
        ET.SubElement(author, f"{{{ATOM}}}name").text = article.author or outlet.outlet
    return _xml(feed), "application/atom+xml; charset=utf-8"


def sitemap(outlet: Outlet, base_url: str) -> tuple[bytes, str]:
    """A sitemap and its content type; it still lists the pages that are gone."""
    ET.register_namespace("", SITEMAP)
    urlset = ET.Element(f"{{{SITEMAP}}}urlset")
    dates = {outlet.path_of(a): a.published.isoformat() if a.published else None for a in outlet.articles}
    for path, modified in (dates | dict.fromkeys(outlet.gone)).items():
        url = ET.SubElement(urlset, f"{{{SITEMAP}}}url")
        ET.SubElement(url, f"{{{SITEMAP}}}loc").text = base_url + path
        if modified:
            ET.SubElement(url, f"{{{SITEMAP}}}lastmod").text = modified
    return _xml(urlset), "application/xml; charset=utf-8"


_LISTINGS = {"rss": ("/feed.xml", rss), "atom": ("/atom.xml", atom), "sitemap": ("/sitemap.xml", sitemap), "page": ("/", None)}


def _xml(root: ET.Element) -> bytes:
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _json_ld(outlet: Outlet, article: Article) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "url": outlet.canonical_url(article),
        "author": [{"@type": "Person", "name": article.author}],
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.outlet},
    }
    if article.published:
        data["datePublished"] = article.published.isoformat()
    return json.dumps(data, ensure_ascii=False).replace("</", "<\\/")


def _body(article: Article) -> str:
    """The paragraphs as HTML; lines that begin with a hyphen are a list, two asterisks make bold."""
    blocks = [_list(p) if p.startswith("- ") else f"<p>{_inline(p)}</p>" for p in article.paragraphs]
    if article.source:
        blocks.append(f"<p>Source: {_inline(article.source)}</p>")
    return "\n".join(blocks)


def _list(paragraph: str) -> str:
    items = (f"<li>{_inline(line.removeprefix('- '))}</li>" for line in paragraph.splitlines())
    return f"<ul>\n{''.join(items)}\n</ul>"


def _inline(text: str) -> str:
    return re.sub(r"\*\*([^*]+)\*\*", r"<strong>\1</strong>", escape(text, quote=False))
