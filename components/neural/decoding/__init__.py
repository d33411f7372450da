"""Decoding: log-probabilities of tokens -> text, words with times, n-best lists."""
