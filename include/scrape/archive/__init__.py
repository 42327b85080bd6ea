"""Archives to documents: WARC and WACZ files, folders of pages, and tables of texts, by the million."""
