"""The datasets of Badia, each defined once.

Terms: dates and places with their precisions follow UCDP GED; attribution follows MUC-3/4; claims of responsibility GTD;
grading Airwars; custody of evidence the Berkeley Protocol.
"""

import pyarrow as pa

from include import settings
from include.datasets.schema import CAUSES, COUNT, DAY, EFFECTS, EVIDENCE, GROUPS, INSTANT, TEXT, TEXTS, Column, Dataset, bounds

OUTCOMES = ("captured", "not_modified", "held", "blocked", "empty", "failed")
SCRAPE_OUTCOMES = ("done", "failed")
WAYS = ("live", "archive")
CLEAN_OUTCOMES = ("cleaned", "no_text", "not_html", "failed")
MENTION_ROLES = ("main_event", "background_reference")
ATTRIBUTIONS = (
    "reported_as_fact",
    "claimed_or_admitted",
    "suspected_or_accused",
    "suspected_or_accused_by_authorities",
    "possible",
)
CLAIM_STATUSES = ("claimed", "not_claimed", "unknown")
CLAIM_TYPES = ("cumulative", "perpetrator")
CLAIM_MEASURES = ("killed", "injured", "casualties", "attacks")
VICTIM_CLASSES = (
    "civilians",
    "state_forces",
    "pro_government_militia",
    "rebels",
    "extremist_group",
    "external_forces",
    "mixed",
    "unknown",
)
EVENT_TYPES = (
    "airstrike",
    "shelling",
    "explosion",
    "shooting",
    "armed_attack",
    "clash",
    "assassination",
    "execution",
    "kidnapping",
    "unknown",
)
COVERAGE_STATUSES = ("usual", "low", "interrupted", "silent", "in_progress", "too_new")
TIERS = ("exact", "vague", "background", "republished")
NARROWED = {
    "no_day": "it tells no day, and is compared with its own sentence only",
    "no_place": "it names neither country nor a point on the map, and must agree in the name of its place or the "
    "exact number of killed",
    "long_period": "its period is too long for what it knows of the place, and the exact number of killed must agree",
    "vague_place": "it knows no more than the governorate, country or region, and must agree in a party, a figure, the sound "
    "of the place's name or its sentence",
}
"""Why a report was compared with less than all reports of its days and place, by name."""
GRADINGS = ("weak", "fair", "contested", "confirmed", "discounted")
INCIDENT_FLAGS = {
    "background_only": "only background references tell of it: it may be here already under another date or place",
    "contradictory_dates": "reports that date it to a week or better have no day in common",
    "toll_fell": "an origin's later toll is lower than its earlier one: a correction, or two incidents in one",
    "two_perpetrators": "its reports name different known perpetrators",
    "dated_after_publication": "a report of it was published before the day that it gives",
    "republished": "a report of it repeats news that was published more than a month before",
}
"""What is odd about an incident and wants a look, by name."""
COUNT_RULES = (
    "latest_trusted",
    "latest_trusted_majority",
    "latest_trusted_lowest",
    "majority",
    "majority_lowest",
    "lowest",
    "no_best_stated",
    "perpetrator_claim_only",
    "not_stated",
)
CHANGES = ("added", "changed", "removed")
CAUSE_KINDS = ("report_joined", "report_left", "decision", "rules")
RECONCILIATION_STATUSES = ("consistent", "over", "under", "scope_mismatch", "superseded")
MISMATCHES = (
    "victims_not_counted_apart",
    "area_unknown",
    "period_unknown",
    "period_before_ledger",
    "country_not_covered",
)
GROWTHS = ("fits", "more_than_found", "less_than_found", "fell", "not_comparable")
ARITHMETICS = ("ok", "parts_exceed", "parts_short", "not_checkable")
DATE_REASONS = ("not_stated", "no_publication_date", "unresolved_phrase")
VERDICTS = ("same", "different", "unsure", "withdrawn")
DOUBT_KINDS = ("unsure", "conflict")
DECIDED_BY = ("person", "rule")
PUBLISHED_SOURCES = ("json_ld", "meta", "time_element", "url", "feed", "text", "given")

_ARTICLE = (
    Column("article_id", TEXT, "Id of the article: hash of its canonical URL.", required=True),
    Column("source", TEXT, "Id of the source in sources.yaml.", required=True),
    Column("outlet", TEXT, "Name of the outlet that published the article."),
    Column("url", TEXT, "Canonical URL of the article."),
)
_VIA = Column("via", TEXT, "How the page came: fetched live (null, too), or imported from an archive.", values=WAYS)
_KNOWN = Column(
    "recorded_at",
    INSTANT,
    "When it came into the lake, from when on the ledger can know of it: live when it was fetched, from an archive when the "
    "import began.",
)
_PUBLISHED_ON = Column("published_on", DAY, "Calendar day of publication at the outlet; null: the page states none.")
_RECORDED = (
    Column("document_id", TEXT, "The captured document that it was read from; null: a text given without its page."),
    Column("captured_at", INSTANT, "When that page was captured: of an article's captures the last one speaks."),
    Column("recorded_at", INSTANT, "When that page came into the lake: from then on the ledger can know of it."),
)
_PUBLISHED_MONTH = Column("published_month", TEXT, "Month of publication, YYYY-MM; undated: the page states none.")

_COUNT_MODE = Column(
    "count_mode",
    TEXT,
    "Codebook by which vague numbers were read (BADIA_COUNT_MODE); null: not known, or more than one.",
    values=settings.COUNT_MODES,
)

_WHEN = (
    Column("date_start", DAY, "First day on which it can have happened; null: see date_reason."),
    Column("date_end", DAY, "Last day on which it can have happened."),
    Column("date_prec", pa.int32(), "UCDP: 1 exact day, 2 within 2-6 days, 3 a week, 4 a month, 5 longer."),
)
_WHERE = (
    Column("place", TEXT, "Place as written."),
    Column("place_name", TEXT, "Name of the gazetteer entry that matched; null: the place is not in the gazetteer."),
    Column("admin1", TEXT, "Governorate, province or state."),
    Column("country", TEXT, "Country, ISO 3166-1 alpha-3."),
    Column("latitude", pa.float64(), "Latitude of the matched place, WGS 84.", "degrees"),
    Column("longitude", pa.float64(), "Longitude of the matched place, WGS 84.", "degrees"),
    Column(
        "where_prec",
        pa.int32(),
        "UCDP: 1 exact, 2 within about 25 km of a known point, 3 district, 4 governorate, 5 linear or region, 6 country.",
    ),
)
_COUNTS = (
    *bounds("killed", "people killed"),
    *bounds("injured", "people injured"),
    *bounds("casualties", "people killed or injured, where the words do not separate them"),
)
BREAKDOWN = {
    "killed_civilians": "civilians among the killed",
    "killed_women": "women among the killed",
    "killed_children": "children among the killed, girls and boys",
    "injured_women": "women among the injured",
    "injured_children": "children among the injured, girls and boys",
    "attackers_killed": "attackers killed, who are not in killed",
    "attackers_injured": "attackers injured, who are not in injured",
}
"""Stems of the columns that tell who was hurt, as far as that is stated, and what they count."""

_WHO = (
    *(column for stem, what in BREAKDOWN.items() for column in bounds(stem, what)),
    Column(
        "groups",
        GROUPS,
        "The people hurt by side: measure, victim_class, attackers (they are the attackers' own), low, best, high. Without the "
        "attackers' own they add up to the counts, except where only attackers were hurt: then the counts are theirs.",
    ),
)
_PARTIES = (
    Column("perpetrator", TEXT, "Perpetrator as written; null: the text names none."),
    Column("perpetrator_id", TEXT, "Id of the perpetrator in the actor table; null: not in it."),
    Column("target", TEXT, "Whom or what was attacked, as written."),
    Column("target_id", TEXT, "Id of the target in the actor table; null: not in it."),
    Column("victim_class", TEXT, "Class of the victims.", values=VICTIM_CLASSES),
    Column(
        "attribution",
        TEXT,
        "How the text ties the perpetrator to the incident (MUC-3/4); null: it names none.",
        values=ATTRIBUTIONS,
    ),
    Column("claim_status", TEXT, "Claim of responsibility (GTD).", required=True, values=CLAIM_STATUSES),
    Column("claimed_by", TEXT, "Who claimed responsibility, as written."),
    Column("event_type", TEXT, "What kind of incident it was.", required=True, values=EVENT_TYPES),
)

DOCUMENTS = Dataset(
    name="documents",
    grain="one attempt to fetch a page, failures too, or one page taken from an archive",
    columns=(
        Column(
            "document_id", TEXT, "Hash of URL and content; for an attempt that brought none, of URL and time.", required=True
        ),
        Column("outlet", TEXT, "Name of the outlet in sources.yaml at the time of the fetch."),
        Column("url", TEXT, "URL as listed by the source.", required=True),
        Column("final_url", TEXT, "URL that answered, after redirects."),
        Column(
            "outcome",
            TEXT,
            "What came of the attempt. held: it was captured and goes no further, for its source breaks its bounds.",
            required=True,
            values=OUTCOMES,
        ),
        Column(
            "error_class",
            TEXT,
            "Kind of failure, such as timeout, private_address, http_404, robots, bounds; null where there was none.",
        ),
        Column("error", TEXT, "What went wrong, in words."),
        Column("http_status", pa.int32(), "HTTP status of the last response; null: there was none."),
        Column("content_type", TEXT, "Content-Type header as received."),
        Column("size", pa.int64(), "Length of the body as received.", "bytes"),
        Column("sha256", TEXT, "SHA-256 of the body as received, hex."),
        Column("warc_file", TEXT, "WARC file that holds the response, relative to the lake's root."),
        Column("warc_offset", pa.int64(), "Offset of the response record in that file.", "bytes"),
        Column("etag", TEXT, "ETag header, for conditional requests."),
        Column("last_modified", TEXT, "Last-Modified header, for conditional requests."),
        Column("listed_title", TEXT, "Title in the feed or sitemap that listed the page."),
        Column("listed_published", TEXT, "Publication time in that listing, as written."),
        Column(
            "listing", pa.bool_(), "True: it is no article, but a feed, sitemap or page that lists them and could not be read."
        ),
        Column("requests", pa.int32(), "HTTP requests made, retries and redirects included."),
        Column(
            "fetched_at",
            INSTANT,
            "When the capture was made; for an archive that does not say, when the import began.",
            required=True,
        ),
        _VIA,
        _KNOWN,
        Column("site", TEXT, "Id of the source whose page it is, where it was imported and its partition does not say so."),
    ),
    key=("document_id", "fetched_at"),
    partitions=(
        Column("fetch_date", TEXT, "Day on which the fetch or import began, in UTC, YYYY-MM-DD."),
        Column("source", TEXT, "Id of the source in sources.yaml; archive for an import that names none."),
    ),
    written="append; one file per batch",
    sort=("url", "fetched_at"),
    caveats=("A source without rows in a period was not fetched then; that is not the same as no news.",),
)

SCRAPES = Dataset(
    name="scrapes",
    grain="one visit to a source, quiet ones too",
    columns=(
        Column("started_at", INSTANT, "When it began.", required=True),
        Column("ended_at", INSTANT, "When it ended.", required=True),
        Column(
            "outcome",
            TEXT,
            "Whether the source failed as a whole; single pages may have failed all the same.",
            required=True,
            values=SCRAPE_OUTCOMES,
        ),
        Column("error_class", TEXT, "Why it failed, in the terms of documents; bounds: it brought less than is expected."),
        Column("error", TEXT, "Why it failed, in words."),
        Column("n_requests", COUNT, "HTTP requests made, those for robots.txt and listings too.", "requests", required=True),
        Column(
            "n_listed",
            COUNT,
            "Articles on the listings that were read; 0 where they had not changed.",
            "articles",
            required=True,
        ),
        Column("n_new", COUNT, "Articles listed for the first time.", "articles", required=True),
        Column("n_captured", COUNT, "Pages captured, new versions of known articles too.", "pages", required=True),
        Column("n_not_modified", COUNT, "Pages asked for again that had not changed.", "pages", required=True),
        Column("n_held", COUNT, "Pages captured and held, for the source breaks its bounds; null: older than this.", "pages"),
        Column("n_failed", COUNT, "Pages that failed, were blocked or empty.", "pages", required=True),
        Column("errors", TEXTS, "Their kinds with their numbers, the most frequent first."),
        Column("n_left", COUNT, "Articles left for the next visit.", "articles", required=True),
        Column("problems", TEXTS, "What a person should look at, in words."),
    ),
    key=("started_at",),
    partitions=(
        Column("scrape_month", TEXT, "Month of the visit in UTC, YYYY-MM."),
        Column("source", TEXT, "Id of the source in sources.yaml."),
    ),
    written="one file per source and month, replaced whole with a row more",
    sort=("started_at",),
)

ARTICLES = Dataset(
    name="articles",
    grain="one captured page, cleaned; pages that gave no text too",
    columns=(
        *_ARTICLE,
        Column("document_id", TEXT, "The captured document that it was cleaned from.", required=True),
        Column("captured_at", INSTANT, "When that was captured.", required=True),
        _VIA,
        _KNOWN,
        Column("clean_outcome", TEXT, "What cleaning made of the page.", required=True, values=CLEAN_OUTCOMES),
        Column("clean_error", TEXT, "Why the page gave no text; for a cleaned one, which publication dates were not believed."),
        Column("title", TEXT, "Headline."),
        Column("authors", TEXTS, "Authors as printed."),
        _PUBLISHED_ON,
        Column("published_at", INSTANT, "Instant of publication; null: the page states no time with a zone."),
        Column("published_tz", TEXT, "UTC offset that the page states, such as +03:00."),
        Column("published_source", TEXT, "Where the publication date was read.", values=PUBLISHED_SOURCES),
        Column("language", TEXT, "ISO 639-1 code of the text's language."),
        Column("text", TEXT, "Main text as published; spans of evidence count in it."),
        Column("text_sha256", TEXT, "SHA-256 of the text in UTF-8, hex."),
        Column("syndicated_from", TEXT, "Outlet or agency that the page names as its origin, as written."),
        Column("fingerprint", pa.list_(pa.uint32()), "MinHash of the text's word 5-grams, 64 permutations; null: no text."),
    ),
    key=("article_id", "document_id"),
    partitions=(_PUBLISHED_MONTH,),
    written="one file per batch of documents and month",
    sort=("article_id",),
)

REPORTS = Dataset(
    name="reports",
    grain="what one article says of one incident",
    columns=(
        Column("report_id", TEXT, "Hash of the article's canonical URL, the sentence and its occurrence.", required=True),
        *_ARTICLE,
        *_RECORDED,
        _PUBLISHED_ON,
        Column(
            "mention_role",
            TEXT,
            "main_event, or background_reference to an earlier incident.",
            required=True,
            values=MENTION_ROLES,
        ),
        Column("sentence", TEXT, "The sentence that the report rests on, as published.", required=True),
        *_WHEN,
        Column("date_phrase", TEXT, "The words that give the date."),
        Column("date_reason", TEXT, "Why there is no date.", values=DATE_REASONS),
        *_WHERE,
        *_COUNTS,
        *_WHO,
        Column("victims", TEXT, "The victims as written."),
        *_PARTIES,
        Column("hedge", TEXT, "The words that hedge the attribution, as written ('alleged')."),
        Column("attributed_by", TEXT, "Who attributes the incident to the perpetrator, as written."),
        Column("monitor", TEXT, "Monitor or official cited for the figures, canonical name; null: none cited."),
        Column("origin", TEXT, "Where the report comes from: the monitor cited, else the syndicating outlet, else the outlet."),
        Column("event_clarity", pa.int32(), "UCDP: 1 an identifiable incident, 2 the source already lumped several."),
        Column("unit", TEXT, "What the counts count.", values=("person", "family")),
        _COUNT_MODE,
        Column(
            "confidence",
            pa.float64(),
            "Probability that the count of killed (else of injured) is what the article tells, 0 to 1; null: it has no count.",
        ),
        Column("evidence", EVIDENCE, "The words behind each value, with their span and rule."),
    ),
    key=("report_id",),
    partitions=(_PUBLISHED_MONTH,),
    written="one file per batch of articles and month",
    sort=("article_id", "report_id"),
)

CLAIMS = Dataset(
    name="claims",
    grain="one figure that covers a period: a monitor's cumulative toll or a perpetrator's claim",
    columns=(
        Column("claim_id", TEXT, "Hash of the article's canonical URL, the sentence and its occurrence.", required=True),
        *_ARTICLE,
        *_RECORDED,
        _PUBLISHED_ON,
        Column(
            "claim_type", TEXT, "A monitor's cumulative toll, or a perpetrator's own claim.", required=True, values=CLAIM_TYPES
        ),
        Column("measure", TEXT, "What is counted.", required=True, values=CLAIM_MEASURES),
        *bounds("value", "what is counted", "people or attacks"),
        _COUNT_MODE,
        Column("victims", TEXT, "The victims as written."),
        Column("victim_class", TEXT, "Class of the victims.", values=VICTIM_CLASSES),
        Column("perpetrator", TEXT, "Perpetrator as written; null: the text names none."),
        Column("perpetrator_id", TEXT, "Id of the perpetrator in the actor table."),
        Column("attribution", TEXT, "How the text ties the perpetrator to the figure (MUC-3/4).", values=ATTRIBUTIONS),
        Column("hedge", TEXT, "The words that hedge the attribution, as written."),
        Column("area", TEXT, "Area that the figure covers, as written."),
        Column("area_name", TEXT, "Name of the gazetteer entry that matched; null: the area is not in the gazetteer."),
        Column("admin1", TEXT, "Governorate, province or state of the area."),
        Column("country", TEXT, "Country of the area, ISO 3166-1 alpha-3."),
        Column("where_prec", pa.int32(), "UCDP precision of the area, as in reports; null: not in the gazetteer."),
        Column("period_start", DAY, "First day that the figure covers."),
        Column("period_end", DAY, "Last day that the figure covers."),
        Column("period_phrase", TEXT, "The words that give the period."),
        Column("as_of_start", DAY, "First day on which the figure can have been stated."),
        Column("as_of", DAY, "Last day on which the figure can have been stated."),
        Column("as_of_phrase", TEXT, "The words that say when it was stated ('last month')."),
        Column("monitor", TEXT, "Who states the figure, canonical name."),
        Column("part_of", TEXT, "The claim whose figure this one is a part of, in a list below it or after its colon."),
        Column("sentence", TEXT, "The sentence that states it, as published.", required=True),
        Column(
            "confidence", pa.float64(), "How sure the rules are of this claim, 0 to 1; for an order of doubt, no probability."
        ),
        Column("evidence", EVIDENCE, "The words behind each value, with their span and rule."),
    ),
    key=("claim_id",),
    partitions=(_PUBLISHED_MONTH,),
    written="one file per batch of articles and month",
    sort=("article_id", "claim_id"),
    caveats=("Claims are never summed, not with each other and not with incidents.",),
)

DECISIONS = Dataset(
    name="decisions",
    grain="one act of judging whether reports tell of one incident",
    columns=(
        Column("decision_id", TEXT, "Id of the decision: hash of all but score and reasons.", required=True),
        Column(
            "verdict",
            TEXT,
            "same: all named reports are one incident; different: none of reports_a is one incident with one of reports_b; "
            "unsure: whether they are is open; withdrawn: takes back another decision.",
            required=True,
            values=VERDICTS,
        ),
        Column("reports_a", TEXTS, "The reports on one side."),
        Column("reports_b", TEXTS, "The reports on the other side."),
        Column("withdraws", TEXT, "The decision that is taken back; null: none is."),
        Column("by", TEXT, "The person or the rule that decided.", required=True),
        Column("by_kind", TEXT, "A person's decision outranks a rule's.", required=True, values=DECIDED_BY),
        Column("rule_version", TEXT, "Version of the rule; null: a person decided."),
        Column("why", TEXT, "The reason given.", required=True),
        Column("decided_at", INSTANT, "When it was decided.", required=True),
        Column("score", pa.int32(), "Score of the most alike reports across the sides at that time; null: they cannot be one."),
        Column("reasons", TEXTS, "The named reasons of that score, or why they cannot be one."),
    ),
    key=("decision_id",),
    partitions=(Column("decided_month", TEXT, "Month of the decision in UTC, YYYY-MM."),),
    written="append; one file per act, named by its content",
    sort=("decided_at", "decision_id"),
    caveats=(
        "Nothing is edited or deleted: what stands is what no standing withdrawal takes back.",
        "Decisions are between reports. One that names reports that are no longer there stays and holds between the others.",
    ),
)

_INCIDENT_YEAR = Column("year", pa.int32(), "Year of the incident's date_start; 0: no date.")
_INCIDENT_MONTH = Column("month", pa.int32(), "Month of the incident's date_start; 0: no date.")
_YEAR = Column("year", pa.int32(), "Year of date_start; 0: no date.")
_MONTH = Column("month", pa.int32(), "Month of date_start; 0: no date.")

MEMBERSHIPS = Dataset(
    name="memberships",
    grain="one report, and the incident that it tells of",
    columns=(
        Column("report_id", TEXT, "Id of the report.", required=True),
        Column("incident_id", TEXT, "Id of its incident.", required=True),
        Column(
            "tier",
            TEXT,
            "How it was placed: exact reports make the incidents; vague ones, background references, old news reprinted join.",
            required=True,
            values=TIERS,
        ),
        Column("joined_to", TEXT, "Report of the incident that it fits best; null: founding report, or alone."),
        Column("score", pa.int32(), "Score of the two; null likewise.", "points of match.yaml"),
        Column("reasons", TEXTS, "The reasons that make up the score, by their names in match.yaml."),
        Column("flags", TEXTS, "What is odd about the report."),
        Column("first_day", DAY, "First day on which it can have happened, as compared; null: no day is known."),
        Column("last_day", DAY, "Last day on which it can have happened, as compared."),
        Column("country", TEXT, "Country that the report names, ISO 3166-1 alpha-3."),
        Column("sentence_key", pa.uint64(), "Hash of its sentence, the same for the same words; null: too short to tell."),
        Column(
            "narrowed",
            TEXT,
            "Why it was compared with less than all reports of its days and place; null: with all of them.",
            values=tuple(NARROWED),
        ),
        Column("article_id", TEXT, "Id of the report's article.", required=True),
        _PUBLISHED_ON,
        Column("recorded_at", INSTANT, "When the report became known: its first capture."),
        Column("copy", TEXT, "Group of near-duplicate texts that the article is in, by its least article_id; null: alone."),
        Column("copied_on", DAY, "Day on which that text was first published."),
        Column("syndicated_from", TEXT, "Outlet or agency that the article names as its origin."),
        Column("text_keys", pa.list_(pa.uint64()), "Keys of the article's text: copies far apart in time share one."),
        Column("file", TEXT, "File of reports that holds it, relative to the lake's root.", required=True),
        Column("other_files", TEXTS, "Files that hold it too, from other captures of the page; null: none."),
        Column("digest", TEXT, "Hash of what the report says; it changes with the report.", required=True),
    ),
    key=("report_id",),
    partitions=(_INCIDENT_YEAR, _INCIDENT_MONTH),
    written="one file per month of the incident, replaced where it differs",
    sort=("incident_id", "report_id"),
    caveats=(
        "Join reports to incidents with it. Every report is in exactly one incident, those without casualties too.",
        "narrowed: " + "; ".join(f"`{name}`, {meaning}" for name, meaning in NARROWED.items()) + ". Such a report can stay "
        "apart from an incident that it tells of.",
    ),
)

CANDIDATE_PAIRS = Dataset(
    name="candidate_pairs",
    grain="two reports that were compared and come close to being one incident, or are",
    columns=(
        Column("report_a", TEXT, "Id of the one report, the lesser.", required=True),
        Column("report_b", TEXT, "Id of the other.", required=True),
        Column("score", pa.int32(), "How alike they are; null: they cannot be one.", "points of match.yaml"),
        Column("reasons", TEXTS, "The reasons that make up the score, by their names in match.yaml."),
        Column("linked", pa.bool_(), "Whether the score reaches the threshold, or the one changes the other.", required=True),
    ),
    key=("report_a", "report_b"),
    partitions=(
        Column("year", pa.int32(), "Year in which the later of their windows begins; 0: they have no time in common."),
        Column("month", pa.int32(), "Month in which the later of their windows begins; 0: they have no time in common."),
    ),
    written="one file per month, replaced where it differs; made anew from the reports when it is deleted",
    caveats=("That two reports link does not make them one incident: what else is known of both decides, see memberships.",),
)

INCIDENTS = Dataset(
    name="incidents",
    grain="one incident, resolved across the articles that report it",
    columns=(
        Column("incident_id", TEXT, "Id of the incident, from its founding report; it never changes.", required=True),
        *_WHEN,
        *_WHERE,
        *_COUNTS,
        *_WHO,
        Column(
            "count_rule",
            TEXT,
            "Rule that chose best (BADIA_COUNT_RULE, and what decided): that of the first of killed, injured, casualties that "
            "is stated.",
            required=True,
            values=COUNT_RULES,
        ),
        _COUNT_MODE,
        *_PARTIES,
        Column("event_clarity", pa.int32(), "UCDP: 1 an identifiable incident, 2 the source already lumped several."),
        Column("grading", TEXT, "Airwars: weak, fair, contested, confirmed or discounted.", required=True, values=GRADINGS),
        Column("n_reports", COUNT, "Reports it rests on.", "reports", required=True),
        Column("n_outlets", COUNT, "Outlets that published them.", "outlets", required=True),
        Column("n_independent_origins", COUNT, "Independent origins among them.", "origins", required=True),
        Column("origins", TEXTS, "The independent origins."),
        Column("report_ids", TEXTS, "The reports, founding report first."),
        Column("first_published_on", DAY, "Day of the first report."),
        Column("last_published_on", DAY, "Day of the last report."),
        Column(
            "confidence",
            pa.float64(),
            "Highest confidence among its reports, 0 to 1; halved where all of them mention it in passing.",
        ),
        Column(
            "flags",
            TEXTS,
            "What is odd about the incident and wants a look; see above.",
            values=tuple(INCIDENT_FLAGS),
        ),
    ),
    key=("incident_id",),
    partitions=(_YEAR, _MONTH),
    written="one file per month of date_start, replaced whole",
    sort=("date_start", "incident_id"),
    caveats=(
        "Incidents without a date are in year=0/month=0, and tallied there.",
        "flags: " + "; ".join(f"`{name}`, {meaning}" for name, meaning in INCIDENT_FLAGS.items()) + ".",
        "groups are those of the one report that fits best, never a sum over reports. Civilians, women, children and attackers "
        "are counted by the same rules as killed.",
        "perpetrator and target have the name of the actor table where the actor is in it, else the words of a report.",
    ),
)

REVISIONS = Dataset(
    name="revisions",
    grain="one incident as it became in one month and at one instant: added, changed or removed",
    columns=(
        Column("revision", COUNT, "Number of the month's revision, from 1; all rows of one file have the same.", required=True),
        Column("recorded_at", INSTANT, "Instant of the run that recorded it; it never goes back.", required=True),
        Column("change", TEXT, "What became of the incident in this month.", required=True, values=CHANGES),
        Column("changed", TEXTS, "Columns that have another value than before; null: added or removed."),
        Column(
            "because",
            CAUSES,
            f"Why, as kind ({', '.join(CAUSE_KINDS)}) and id: the reports that joined or left, the decisions that name one of "
            "them, the rules where they are others than before. Null: the same reports by the same rules, but a page was "
            "captured again and says something else, or articles turned out to be copies.",
        ),
        Column("merged_into", TEXT, "Of a removed incident: the one that holds its founding report now; null: none does."),
        Column("moved_to", TEXT, "Of a removed incident whose date changed: the month that it is in now, YYYY-MM or undated."),
        Column("rules", TEXT, "Version and settings of the rules by which it was recorded.", required=True),
        *INCIDENTS.columns,
    ),
    key=("incident_id", "revision"),
    partitions=(_YEAR, _MONTH),
    written="append; one file per month of date_start and run that changes it, named by the number of the revision",
    sort=("incident_id",),
    caveats=(
        "An incident as it was at an instant is its last row of that month recorded by then, unless that row is removed.",
        "A removed row has the values that the incident had last.",
        "If its founding report is gone, merged_into is the incident that holds the first of its other reports.",
    ),
)

MONTHLY_TALLIES = Dataset(
    name="monthly_tallies",
    grain="month x country x admin1 x perpetrator x victim class",
    columns=(
        Column("month", pa.int32(), "Month of the incidents' date_start; 0: no date.", required=True),
        Column("country", TEXT, "Country, ISO 3166-1 alpha-3; null: unlocated."),
        Column("admin1", TEXT, "Governorate, province or state; null: not known."),
        Column("perpetrator", TEXT, "Perpetrator's name in the actor table, else as written; null: none named."),
        Column("victim_class", TEXT, "Class of the victims.", values=VICTIM_CLASSES),
        Column("n_incidents", COUNT, "Incidents.", "incidents", required=True),
        *bounds("killed", "people killed"),
        *bounds("injured", "people injured"),
        *bounds("casualties", "people killed or injured, where the words do not separate them"),
        *(column for stem, what in BREAKDOWN.items() for column in bounds(stem, what)),
        Column("n_open_ended", COUNT, "Incidents with a count that has no stated upper bound.", "incidents", required=True),
        Column("n_weak", COUNT, "Incidents graded weak (one origin).", "incidents", required=True),
        Column("n_unlocated", COUNT, "Incidents without coordinates.", "incidents", required=True),
        Column(
            "n_imprecise", COUNT, "Incidents dated no better than to a week (date_prec 3 or more).", "incidents", required=True
        ),
        Column("n_across_months", COUNT, "Incidents whose days reach into another month.", "incidents", required=True),
        Column("n_background_only", COUNT, "Incidents that only background references tell of.", "incidents", required=True),
        Column(
            "n_in_doubt", COUNT, "Incidents of which a decision leaves open if they are one or two.", "incidents", required=True
        ),
        *(
            Column(
                f"{m}_doubt_{bound}",
                COUNT,
                f"By how much {m}_best would {change} at most if those doubts went one way or the other; null: no doubt.",
                "people",
            )
            for m in ("killed", "injured")
            for bound, change in (("low", "fall (0 or less)"), ("high", "rise (0 or more)"))
        ),
        Column(
            "groups",
            GROUPS,
            "The people of killed, injured and casualties by side, as in incidents: they add up to those counts.",
        ),
        Column(
            "silent_sources",
            TEXTS,
            "Sources that told of incidents in the country before and fell silent in that month (see coverage); null: none.",
        ),
        _COUNT_MODE,
    ),
    key=("month", "country", "admin1", "perpetrator", "victim_class"),
    partitions=(Column("year", pa.int32(), "Year of the incidents' date_start; 0: no date."),),
    written="one file per year, replaced whole",
    sort=("month", "country", "admin1", "perpetrator", "victim_class"),
    caveats=(
        "low sums the lows. best sums the bests, an incident without best counting its low. high sums the highs and is null "
        "where one incident has no stated upper bound (n_open_ended says how many).",
        "An incident whose days reach into another month (n_across_months) counts in the month in which it starts, whole.",
        "An incident counts in one row, under its own victim class (mixed where it hit several). groups splits the row's "
        "people by side where an incident's own groups add up to its counts; else they are all of the incident's victim class. "
        "Attackers who are not in the counts are not in groups either.",
        "A month and country in which sources fell silent and no incident is known has one row with n_incidents 0: no news "
        "there is not no violence.",
        "What is in doubt stands beside low and high: those tell how sources count, this if an incident is one or two.",
        "Cumulative and perpetrator's claims are not in here; see claims.",
        "Civilians, women, children and attackers are summed where they are stated: there may be more.",
    ),
)

DOUBTS = Dataset(
    name="doubts",
    grain="one open question between reports: a decision unsure, or one that contradicts others",
    columns=(
        Column("decision_id", TEXT, "The decision: unsure, or a same that is not applied.", required=True),
        Column("kind", TEXT, "What leaves it open.", required=True, values=DOUBT_KINDS),
        Column("against", TEXTS, "The decisions that it contradicts."),
        Column("report_ids", TEXTS, "The reports that it names, as far as they are there."),
        Column("incident_ids", TEXTS, "The incidents that they are in now, the oldest first."),
        *bounds("killed", "people killed in these incidents as they are now"),
        *bounds("injured", "people injured in these incidents as they are now"),
        Column("n_if_same", COUNT, "Incidents that they would be if the answer were same.", "incidents", required=True),
        *bounds("killed_if_same", "people killed if the answer were same"),
        *bounds("injured_if_same", "people injured if the answer were same"),
        Column(
            "n_if_different", COUNT, "Incidents that they would be if the answer were different.", "incidents", required=True
        ),
        *bounds("killed_if_different", "people killed if the answer were different"),
        *bounds("injured_if_different", "people injured if the answer were different"),
        Column("by", TEXT, "The person or the rule that decided.", required=True),
        Column("by_kind", TEXT, "Person or rule.", required=True, values=DECIDED_BY),
        Column("why", TEXT, "The reason given.", required=True),
        Column("decided_at", INSTANT, "When it was decided.", required=True),
        Column(
            "effects",
            EFFECTS,
            "What it means for rows of monthly_tallies: the row's key, its incidents in doubt, and by how much its killed and "
            "injured would fall (low) or rise (high).",
        ),
    ),
    key=("decision_id",),
    partitions=(
        Column("year", pa.int32(), "Year of the oldest of the incidents; 0: no date."),
        Column("month", pa.int32(), "Month of the oldest of the incidents; 0: no date."),
    ),
    written="one file per month, replaced whole",
    sort=("decided_at", "decision_id"),
    caveats=(
        "Figures are sums over the incidents by the rules of monthly_tallies.",
        "Doubts that share an incident have their effects together, if all were answered the same way, on the first of them.",
    ),
)

COVERAGE = Dataset(
    name="coverage",
    grain="one source in one month: what it published against what its own past lets expect",
    columns=(
        Column("month", pa.int32(), "Month of publication (of capture, where the page states none).", required=True),
        Column("source", TEXT, "Id of the source in sources.yaml.", required=True),
        Column("outlet", TEXT, "Name of the outlet."),
        Column("status", TEXT, "How the month stands against the source's past.", required=True, values=COVERAGE_STATUSES),
        Column("n_articles", COUNT, "Articles seen.", "articles", required=True),
        Column(
            "n_expected",
            COUNT,
            "Articles expected: the median of the source's last twelve whole months that were not flagged, for the month in "
            "which the lake ends its share of that; null: fewer than three such months.",
            "articles",
        ),
        Column("lowest_before", COUNT, "Fewest articles in one of those months.", "articles"),
        Column("silent_days", COUNT, "Most days in a row without an article.", "days", required=True),
        Column("n_reporting", COUNT, "Articles seen that a report was read out of.", "articles", required=True),
        Column("countries", TEXTS, "Countries of the incidents that it told of in the twelve months before."),
        Column("n_attempts", COUNT, "Fetches tried in the month.", "fetches", required=True),
        Column("n_failed", COUNT, "Fetches that failed, were blocked or are held.", "fetches", required=True),
        Column("errors", TEXTS, "Their kinds with their numbers, the most frequent first."),
    ),
    key=("source", "month"),
    partitions=(Column("year", pa.int32(), "Year of publication."),),
    written="one file per year, replaced whole",
    sort=("source", "month"),
    caveats=(
        "silent: nothing seen; interrupted: a stretch of silence over twice as long as any before; low: fewer than half of "
        "the least month before; each only where chance does not explain it. in_progress: the month in which the lake ends.",
        "What is expected comes from the lake alone: a source that is added late, or from an archive, begins with few.",
    ),
)

COVERAGE_DAYS = Dataset(
    name="coverage_days",
    grain="one source on one day: visited, listed, fetched, cleaned, failed",
    columns=(
        Column("day", DAY, "Day of the visits and fetches, in UTC.", required=True),
        Column("source", TEXT, "Id of the source in sources.yaml.", required=True),
        Column("n_visits", COUNT, "Visits, quiet ones too.", "visits", required=True),
        Column("n_visits_failed", COUNT, "Visits in which the source failed as a whole.", "visits", required=True),
        Column("n_requests", COUNT, "HTTP requests made.", "requests", required=True),
        Column("n_listed", COUNT, "Articles listed for the first time.", "articles", required=True),
        Column("n_captured", COUNT, "Pages captured, new versions of known articles too.", "pages", required=True),
        Column("n_not_modified", COUNT, "Pages asked for again that had not changed.", "pages", required=True),
        Column("n_held", COUNT, "Pages captured and held, for the source breaks its bounds.", "pages", required=True),
        Column("n_cleaned", COUNT, "Captured pages in which cleaning found a text.", "pages", required=True),
        Column("n_failed", COUNT, "Fetches of pages that failed, were blocked or empty.", "fetches", required=True),
        Column(
            "errors",
            TEXTS,
            "Kinds of failed fetches, and after `visit` of failed visits, with their numbers, the most frequent first.",
        ),
        Column("n_left", COUNT, "Articles that the day's last visit left for the next one.", "articles", required=True),
    ),
    key=("source", "day"),
    partitions=(Column("year", pa.int32(), "Year of the day."), Column("month", pa.int32(), "Month of the day.")),
    written="one file per month, replaced whole",
    sort=("source", "day"),
    caveats=("A day without a row was not visited; that is not the same as no news.",),
)

RECONCILIATION = Dataset(
    name="reconciliation",
    grain="one figure that a monitor or party states for a period, against the incidents that it covers",
    columns=(
        Column("claim_id", TEXT, "The claim that stands for all that quote the figure.", required=True),
        Column("claim_ids", TEXTS, "All claims that quote it, that one first.", required=True),
        Column("n_outlets", COUNT, "Outlets that quote it.", "outlets", required=True),
        Column(
            "series_id",
            TEXT,
            "Id of the series: this monitor's figures for this area, period start and these victims.",
            required=True,
        ),
        Column("part_of", TEXT, "The row whose figure this one is a part of."),
        Column("monitor", TEXT, "Who states the figure: monitor, outlet or party, one name however claims write it."),
        Column(
            "claim_type", TEXT, "A monitor's cumulative toll, or a perpetrator's own claim.", required=True, values=CLAIM_TYPES
        ),
        Column("measure", TEXT, "What is counted.", required=True, values=CLAIM_MEASURES),
        *bounds("value", "what is counted", "people or attacks"),
        Column("victims", TEXT, "The victims as written."),
        Column("victim_classes", TEXTS, "The classes of victims that these words name; null: everybody."),
        Column("perpetrator", TEXT, "Perpetrator's name in the actor table, else as written; null: any."),
        Column("area", TEXT, "Area by its name in the gazetteer, else as written; null: the sentence names none."),
        Column("admin1", TEXT, "Governorate, province or state of the area."),
        Column("country", TEXT, "Country of the area, ISO 3166-1 alpha-3."),
        Column("period_start", DAY, "First day that the figure covers."),
        Column("period_end", DAY, "Last day that the figure covers."),
        Column("as_of_start", DAY, "First day on which the figure can have been stated."),
        Column("as_of", DAY, "Last day on which the figure can have been stated."),
        Column("url", TEXT, "The article of the claim that stands for it."),
        *bounds("explained", "what the covered incidents count", "people or attacks"),
        Column(
            "residual_low",
            COUNT,
            "Least that the incidents leave of the figure; below 0: they count more. Null: open.",
            "people or attacks",
        ),
        Column("residual", COUNT, "value_best less explained_best.", "people or attacks"),
        Column("residual_high", COUNT, "Most that the incidents leave of the figure. Null: open.", "people or attacks"),
        Column("n_certain", COUNT, "Incidents certainly covered.", "incidents"),
        Column(
            "n_possible",
            COUNT,
            "Incidents possibly covered: day, place, party or victims are not known well enough.",
            "incidents",
        ),
        Column("incidents_certain", TEXTS, "Their ids; null: more than 1,000, or no comparison."),
        Column("incidents_possible", TEXTS, "Their ids; null: more than 1,000, or no comparison."),
        Column(
            "status",
            TEXT,
            "consistent: the ranges meet; under: the ledger has less; over: it has more; scope_mismatch: see reason; "
            "superseded: the monitor gave a later figure.",
            required=True,
            values=RECONCILIATION_STATUSES,
        ),
        Column("reason", TEXT, "Why it cannot be held against the ledger.", values=MISMATCHES),
        Column("superseded_by", TEXT, "The claim with the monitor's last figure of the series."),
        Column("previous", TEXT, "The claim with the monitor's figure before this one in the series; null: it is the first."),
        Column("delta_low", COUNT, "Least by which the figure rose since; below 0: it fell. Null: open.", "people or attacks"),
        Column("delta_high", COUNT, "Most by which it rose since. Null: open.", "people or attacks"),
        *bounds("since", "what the incidents add that the monitor can have counted since", "people or attacks"),
        Column(
            "growth",
            TEXT,
            "The rise against what the ledger has since: it fits, is more or less than was found, or the total fell.",
            values=GROWTHS,
        ),
        Column(
            "arithmetic",
            TEXT,
            "The total against its parts in the same article; not_checkable: it is not broken down.",
            required=True,
            values=ARITHMETICS,
        ),
        Column("parts_by", TEXT, "What sets the parts apart.", values=("victims", "area", "period")),
        *bounds("parts", "what the parts add up to", "people or attacks"),
        Column("note", TEXT, "What an analyst should know, in a few words."),
    ),
    key=("claim_id",),
    partitions=(Column("year", pa.int32(), "Year of period_end, else of as_of or publication; 0: none is known."),),
    written="one file per year, replaced whole",
    sort=("country", "monitor", "as_of", "series_id"),
    caveats=(
        "Nothing in here is ever summed.",
        "explained_low and _best count the incidents that are certainly covered, explained_high the possible ones too.",
        "A figure that begins before the ledger does is scope_mismatch, unless the ledger has more all the same (over).",
    ),
)

CATALOGUE: dict[str, Dataset] = {
    d.name: d
    for d in (
        SCRAPES,
        DOCUMENTS,
        ARTICLES,
        REPORTS,
        CLAIMS,
        DECISIONS,
        MEMBERSHIPS,
        CANDIDATE_PAIRS,
        INCIDENTS,
        REVISIONS,
        DOUBTS,
        COVERAGE,
        COVERAGE_DAYS,
        MONTHLY_TALLIES,
        RECONCILIATION,
    )
}
"""All datasets by name, in the order in which the pipeline writes them."""
