"""Lexicon, language model, graphs and the search that turns state scores into words."""
