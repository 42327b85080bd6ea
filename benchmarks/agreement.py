"""How well groups of reports agree with the true ones."""

import polars as pl


def agreement(groups: pl.DataFrame) -> dict[str, float]:
    """Precision and recall of groups found against true ones, from a row a report with the columns `true`, `found`.

    `precision` and `recall` count pairs of reports: of the pairs together in a group found, the share that is together in
    truth, and the other way round. `bcubed_precision` and `bcubed_recall` are means over the reports: of the reports in its
    group found, the share that belongs there, and of those in its true group the share that was found (Bagga and Baldwin 1998).
    A group weighs in pairs with the square of its size, in B-cubed with its size.
    """
    cells = groups.group_by("true", "found").agg(n=pl.len().cast(pl.Int64))
    cells = cells.with_columns(of_true=pl.col("n").sum().over("true"), of_found=pl.col("n").sum().over("found"))
    n = pl.col("n")
    sums = cells.select(
        together=(n * (n - 1)).sum(),
        in_truth=(n * (pl.col("of_true") - 1)).sum(),
        in_found=(n * (pl.col("of_found") - 1)).sum(),
        bcubed_precision=(n * n / pl.col("of_found")).sum() / n.sum(),
        bcubed_recall=(n * n / pl.col("of_true")).sum() / n.sum(),
    ).row(0, named=True)
    return {
        "precision": sums["together"] / sums["in_found"] if sums["in_found"] else 1.0,
        "recall": sums["together"] / sums["in_truth"] if sums["in_truth"] else 1.0,
        "bcubed_precision": sums["bcubed_precision"],
        "bcubed_recall": sums["bcubed_recall"],
    }
