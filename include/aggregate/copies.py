"""What is known of the articles that reports are from: which print one text, and where it came from.

An article is looked up beside its reports: in the article file of the same batch and month. Of an article captured more than
once, the capture with the greatest document_id that has a text counts.
"""

import polars as pl

from include.clean.copies import WITHIN_DAYS, copies, quarters
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


def around(lake: Lake, index: pl.DataFrame, before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Those rows of `index` whose copies have to be looked at again when reports that were `before` are as they are `now`: of
    their articles, of texts that are copies of theirs now, and of what is in one group with any of those.

    All have article_id, published_on, text_keys, file and other_files; `copy` in `index` is that of before.
    """
    columns = ["article_id", "published_on", "file", "other_files"]
    near = pl.concat([now.select(columns), _within_reach(index, now).select(columns)])
    groups = copies(read_articles(lake, near))
    joined = groups.filter(pl.col("article_id").is_in(now["article_id"].unique().implode()))["copy"].unique()
    partners = groups.filter(pl.col("copy").is_in(joined.implode()))["article_id"]
    articles = pl.concat([before["article_id"], now["article_id"], partners]).unique()
    of_them = pl.col("article_id").is_in(articles.implode())
    were = index.filter(of_them)["copy"].drop_nulls().unique()
    return index.filter(of_them | pl.col("copy").is_in(were.implode()).fill_null(False))


def _within_reach(index: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """The rows whose texts can be copies of those `now`: published around them, or with a key in common; and of the same
    articles.
    """
    keys = now["text_keys"].explode().drop_nulls().unique()
    near = pl.col("text_keys").list.eval(pl.element().is_in(keys.implode())).list.any().fill_null(False)
    near = near | pl.col("article_id").is_in(now["article_id"].unique().implode())
    days = now["published_on"].unique()
    if days.null_count():
        return index
    if len(days):
        reach = pl.concat([days.dt.offset_by(f"{n}d") for n in range(-WITHIN_DAYS, WITHIN_DAYS + 1)]).unique()
        near = near | pl.col("published_on").is_null() | pl.col("published_on").is_in(reach.implode())
    return index.filter(near)
