"""Which articles print one text, as far as reports rest on them.

What is known of an article is read beside its reports: in the article file of the same batch and month. Of an article captured
more than once, the capture with the greatest document_id that has a text counts.
"""

import polars as pl

from include.clean.copies import WITHIN_DAYS
from include.datasets.catalogue import ARTICLES, REPORTS
from include.datasets.lake import Lake

_COLUMNS = ["article_id", "document_id", "syndicated_from", "fingerprint"]


def read_articles(lake: Lake, reports: pl.DataFrame) -> pl.DataFrame:
    """The articles of some reports (article_id, published_on, file, other_files), sorted by id: article_id, published_on,
    syndicated_from, fingerprint; null where the lake does not have the article.
    """
    captured = (
        reports.select("article_id", file=pl.concat_list(pl.concat_list("file"), pl.col("other_files").fill_null([])))
        .explode("file")
        .unique()
    )
    there = set(lake.files(ARTICLES))
    frames = []
    for (path,), rows in captured.group_by("file"):
        beside = ARTICLES.name + path.removeprefix(REPORTS.name)
        if beside in there:
            frames.append(lake.frame(ARTICLES, _COLUMNS, [beside]).join(rows, on="article_id", how="semi"))
    known = pl.concat(frames) if frames else lake.frame(ARTICLES, _COLUMNS, [])
    latest = known.sort(pl.col("fingerprint").is_not_null(), "document_id").unique("article_id", keep="last")
    articles = reports.group_by("article_id").agg(pl.col("published_on").max())
    return (
        articles.join(latest, on="article_id", how="left")
        .sort("article_id")
        .select("article_id", "published_on", *_COLUMNS[2:])
    )


def around(index: pl.DataFrame, changed: pl.DataFrame, groups: pl.Series) -> pl.DataFrame:
    """Those rows of `index` (article_id, published_on, copy) whose texts have to be compared when articles change: the
    `changed` ones, what was published around them, and what is in one group with any of those, or in one of `groups`.
    """
    near = pl.col("article_id").is_in(changed["article_id"].unique().implode())
    if changed["published_on"].null_count():
        near = pl.lit(True)
    elif len(changed):
        days = changed["published_on"].unique()
        reach = pl.concat([days.dt.offset_by(f"{n}d") for n in range(-WITHIN_DAYS, WITHIN_DAYS + 1)]).unique()
        near = near | pl.col("published_on").is_null() | pl.col("published_on").is_in(reach.implode())
    groups = pl.concat([groups, index.filter(near)["copy"].drop_nulls()]).unique()
    return index.filter(near | pl.col("copy").is_in(groups.implode()).fill_null(False))
