"""Clean: captured pages become articles.

A page's bytes are decoded, its main text and metadata read, its publication time, canonical URL, language, origin and
fingerprint found. `normalise` gives the form of a text that the extractors read, with the way back to the text as published.
"""

VERSION = "5"
"""Version of the stage. Raise it when the same page would give another row: everything is then cleaned anew."""

STAGE = "clean"
"""The folder of its records."""
