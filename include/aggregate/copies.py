"""What is known of the articles that reports are from: which print one text, and where it came from.

An article is looked up beside its reports: in the article file of the same batch and month. Of an article captured more than
once, the capture with the greatest document_id that has a text counts.
"""

import polars as pl

from include.clean.copies import WITHIN_DAYS, quarters
from include.datasets.catalogue import ARTICLES, REPORTS
from include.datasets.lake import Lake

_COLUMNS = ["article_id", "document_id", "syndicated_from", "fingerprint"]


def read_articles(lake: Lake, reports: pl.DataFrame) -> pl.DataFrame:
    """The articles of some reports (article_id, published_on, file, other_files), sorted by id: article_id, published_on,
    syndicated_from, fingerprint, and text_keys (see quarters); null where the lake does not have the article.
    """
    files = pl.concat_list(pl.concat_list("file"), pl.col("other_files").fill_null([]))
    captured = reports.select("article_id", at=files).explode("at").unique()
    captured = captured.with_columns(at=ARTICLES.name + pl.col("at").str.strip_prefix(REPORTS.name))
    there = set(lake.files(ARTICLES)) & set(captured["at"])
    known = lake.frame(ARTICLES, _COLUMNS, sorted(there), file="at").join(captured, on=["article_id", "at"], how="semi")
    latest = known.sort(pl.col("fingerprint").is_not_null(), "document_id").unique("article_id", keep="last")
    articles = reports.group_by("article_id").agg(pl.col("published_on").max())
    articles = articles.join(latest, on="article_id", how="left").sort("article_id").drop("document_id", "at")
    return articles.with_columns(text_keys=quarters(articles["fingerprint"]))


def around(index: pl.DataFrame, changed: pl.DataFrame) -> pl.DataFrame:
    """Those rows of `index` whose texts have to be compared when articles change: of the `changed` ones, of what was published
    around them or has a key in common with them, and of what is in one group with any of those. Both have article_id,
    published_on, copy and text_keys; `changed` holds the rows of before and of now.
    """
    near = pl.col("article_id").is_in(changed["article_id"].unique().implode())
    days = changed["published_on"].unique()
    if days.null_count():
        near = pl.lit(True)
    elif len(days):
        reach = pl.concat([days.dt.offset_by(f"{n}d") for n in range(-WITHIN_DAYS, WITHIN_DAYS + 1)]).unique()
        near = near | pl.col("published_on").is_null() | pl.col("published_on").is_in(reach.implode())
    keys = changed["text_keys"].explode().drop_nulls().unique()
    alike = index.select("article_id", "text_keys").explode("text_keys").filter(pl.col("text_keys").is_in(keys.implode()))
    near = near | pl.col("article_id").is_in(alike["article_id"].unique().implode())
    groups = pl.concat([changed["copy"], index.filter(near)["copy"]]).drop_nulls().unique()
    articles = index.filter(near | pl.col("copy").is_in(groups.implode()).fill_null(False))["article_id"].unique()
    return index.filter(pl.col("article_id").is_in(articles.implode()))
