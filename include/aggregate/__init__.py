"""Reports -> incidents -> monthly tallies: one incident however many outlets tell it, counted once.

`resolve` is the way in: a pure function from reports and decisions to incidents. match/ links the reports of one incident,
decisions.py says what people and rules have decided about them, incident.py says what a group tells, with counts.py for the
figures, groups.py for the sides and origins.py for who it rests on. tallies.py sums, doubts.py says what is open. In the lake,
memberships.py, months.py, cover.py and years.py do what is pending, revisions.py keeps what changed, and check.py proves the
sums.
"""

VERSION = "6"
"""Version of the rules that resolve and count. Months aggregated by another version are aggregated anew."""
