"""Whole modular recognisers: acoustic model, lexicon, language model and search, joined into pipelines."""
