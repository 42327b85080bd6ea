"""Badia: conflict news in; incidents and monthly casualty tallies out, every number with the sentence it came from."""
