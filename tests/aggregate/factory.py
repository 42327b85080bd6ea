"""Report rows for the tests: news of an attack near As Sukhnah, unless told otherwise."""

from datetime import UTC, date, datetime, time

AL_SUKHNAH = {"place": "al-Sukhna", "place_name": "As Sukhnah", "admin1": "Homs", "country": "SYR"} | {
    "latitude": 34.887,
    "longitude": 38.872,
    "where_prec": 1,
}
PALMYRA = AL_SUKHNAH | {"place": "Palmyra", "place_name": "Tadmur", "latitude": 34.551, "longitude": 38.267}
HOMS_PROVINCE = {"place": "the eastern Homs countryside", "place_name": "Homs", "admin1": "Homs", "country": "SYR"} | {
    "latitude": None,
    "longitude": None,
    "where_prec": 4,
}
BADIA = {"place": "the Badia", "place_name": "Badia", "admin1": None, "country": "SYR"} | {
    "latitude": 34.3,
    "longitude": 38.8,
    "where_prec": 5,
}
SYRIA = HOMS_PROVINCE | {"place": "Syria", "place_name": "Syria", "admin1": None, "where_prec": 6}
BAGHDAD = (
    AL_SUKHNAH
    | {"place": "Baghdad", "place_name": "Baghdad", "admin1": "Baghdad", "country": "IRQ"}
    | {
        "latitude": 33.341,
        "longitude": 44.401,
    }
)
NOWHERE = dict.fromkeys(AL_SUKHNAH)

ISIS = {"perpetrator": "Islamic State", "perpetrator_id": "isis", "attribution": "suspected_or_accused"}


def day(text: str) -> date:
    return date.fromisoformat(text)


def on(first: str, last: str | None = None, prec: int = 1) -> dict:
    """The date columns."""
    return {"date_start": day(first), "date_end": day(last or first), "date_prec": prec}


def killed(low, best="same", high="same") -> dict:
    return _bounds("killed", low, best, high)


def injured(low, best="same", high="same") -> dict:
    return _bounds("injured", low, best, high)


def casualties(low, best="same", high="same") -> dict:
    return _bounds("casualties", low, best, high)


def _bounds(measure, low, best, high) -> dict:
    best, high = (low if v == "same" else v for v in (best, high))
    return {f"{measure}_low": low, f"{measure}_best": best, f"{measure}_high": high}


def report(name: str, *columns: dict, published: str | None = "2022-04-11", **more) -> dict:
    """A row of reports, captured at noon of its day of publication (undated: in 2023). `name` is the report's id and, unless
    given, makes its article, outlet and sentence.
    """
    row = {
        "report_id": name,
        "article_id": f"article of {name}",
        "recorded_at": datetime.combine(day(published or "2023-01-01"), time(12), UTC),
        "source": "source",
        "outlet": f"Outlet {name}",
        "published_on": None if published is None else day(published),
        "mention_role": "main_event",
        "sentence": f"This is the sentence that says what report {name} says.",
        "claim_status": "unknown",
        "event_type": "unknown",
        "confidence": 0.8,
        "event_clarity": 1,
        **on("2022-04-10"),
        **AL_SUKHNAH,
    }
    for part in (*columns, more):
        row |= part
    row.setdefault("document_id", f"capture of {row['article_id']}")
    return row | {"origin": row.get("origin") or row.get("monitor") or row["outlet"]}
