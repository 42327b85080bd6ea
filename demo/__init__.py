"""The demo: a fictional newsroom to scrape, and the answer key of what a careful analyst records from it."""
