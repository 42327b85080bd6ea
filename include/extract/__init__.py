"""Articles -> reports and claims: what each article says of which incident, with the words that say it.

`extract_article` in article.py is the way in. One module per thing that is extracted: quantities, casualties, dates, places,
actors, attribution; roles and claims decide what a number is, merge brings together what one article says of one incident.
"""

VERSION = "6"
"""Version of the extraction rules. Batches extracted by another version are pending again."""

STAGE = "extract"
"""The folder of its records."""
