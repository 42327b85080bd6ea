"""Read a document that was fetched as a listing: by the kind that the source says it is."""

from include.scrape.block_pages import block_page
from include.scrape.feeds import read_feed
from include.scrape.fetch import Response
from include.scrape.listed import ListingError
from include.scrape.listings import read_page
from include.scrape.sitemaps import Sitemap, read_sitemap
from include.scrape.sources import ListedBy


def read_listing(response: Response, spec: ListedBy) -> Sitemap:
    """What a document lists; of a feed or page, articles only. Raises ListingError, with the class `block_page` where a guard
    answered in its place.
    """
    try:
        body, content_type = response.decoded(), response.header("content-type")
        if not body.strip():
            raise ListingError("no_entries", f"{response.url} answered with an empty body")
        if spec.kind == "sitemap":
            return read_sitemap(body, response.url)
        if spec.kind == "feed":
            return Sitemap(read_feed(body, response.url, content_type))
        return Sitemap(read_page(body, response.url, spec.links, content_type, spec.following))
    except ListingError as error:
        if marked := block_page(response.head):
            raise ListingError("block_page", f"{response.url} serves a block page instead: {marked}") from error
        raise
