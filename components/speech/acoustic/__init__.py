"""Acoustic models: frames -> log-likelihoods of HMM states."""
