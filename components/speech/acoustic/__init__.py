"""Frames become log-likelihoods of states: the models that say how each sound sounds."""
