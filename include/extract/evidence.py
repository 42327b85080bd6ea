"""Receipts: for each value of a row the words as published, their span and the rule that read them."""

from include.extract.figures import Figure
from include.extract.reading import Line


class Evidence:
    """The evidence list of one row (the datasets' column of that name)."""

    def __init__(self) -> None:
        self.rows: list[dict] = []

    def add(self, field: str, line: Line, start: int, end: int, rule: str) -> None:
        """The value of `field` was read from line.text[start:end] by `rule`."""
        phrase, part, start, end = line.receipt(start, end)
        row = {"field": field, "phrase": phrase, "part": part, "start": start, "end": end, "rule": rule}
        if row not in self.rows:
            self.rows.append(row)

    def add_figure(self, stem: str, figure: Figure) -> None:
        """Each bound of a count keeps the quantities that it was made of."""
        for bound, value in (("low", figure.low), ("best", figure.best), ("high", figure.high)):
            if value is None:
                continue
            for receipt in figure.receipts:
                q = receipt.quantity
                self.add(f"{stem}_{bound}", Line(receipt.part, receipt.sentence), q.start, q.end, q.rule)

    @property
    def fields(self) -> set[str]:
        """The fields that have a receipt."""
        return {row["field"] for row in self.rows}
