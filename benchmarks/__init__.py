"""Speed, memory, growth and accuracy of the extractor, measured; each module prints a table of the docs."""
