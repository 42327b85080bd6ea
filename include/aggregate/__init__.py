"""Reports -> incidents -> monthly tallies: one incident however many outlets tell it, counted once.

`resolve` is the way in: a pure function from reports to incidents. compare.py scores a pair of reports and names its reasons,
blocking.py finds the pairs worth scoring, clusters.py groups them, incident.py says what a group tells, with counts.py for the
figures, groups.py for the sides and origins.py for who it rests on. tallies.py sums; months.py does it in the lake; check.py
proves the sums.
"""

VERSION = "2"
"""Version of the rules that resolve and count. Months aggregated by another version are aggregated anew."""
