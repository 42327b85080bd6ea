"""Sources and times for the tests."""

from datetime import UTC, datetime, timedelta

from include.scrape.sources import ListedBy, Source

NOW = datetime(2022, 4, 11, 9, 30, tzinfo=UTC)


class Clock:
    """A time of day that goes on by a second each time it is read."""

    def __init__(self, start: datetime = NOW):
        self.instant = start

    def __call__(self) -> datetime:
        self.instant += timedelta(seconds=1)
        return self.instant

    def pass_hours(self, hours: float) -> None:
        """Let so much time pass."""
        self.instant += timedelta(hours=hours)


def outlet(listing_url: str, kind: str = "feed", **fields: object) -> Source:
    """A source with that listing, without delay, on this machine; `more` are further listings."""
    of_listing = ("links", "following", "pages", "most_pages")
    listing = ListedBy(kind, listing_url, **{name: fields.pop(name) for name in of_listing if name in fields})
    more = fields.pop("more", ())
    values = {
        "id": "herald",
        "outlet": "Desert Herald",
        "kind": "newspaper",
        "languages": ("en",),
        "delay_seconds": 0.0,
        "private_addresses": True,
    } | fields
    return Source(**values, base_url=listing_url, listings=(listing, *more))
