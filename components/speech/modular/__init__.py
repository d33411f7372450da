"""Whole modular recognisers: acoustic model, lexicon, language model and search in one pipeline."""
