"""What monitors claim, held against the ledger: each cumulative claim and each perpetrator's claim with the incidents that it
covers, what they explain of it and what is left.

`reconcile` is the way in: a pure function from claims and incidents to rows of `reconciliation`. statements.py makes one
statement of all claims that quote it, and a series of a monitor's statements on one thing; scope.py says which incidents a
statement covers, certainly or possibly; arithmetic.py checks a monitor's own sums; rows.py puts it together; years.py does it
in the lake. The rule table is ../data/reconcile.yaml.
"""
