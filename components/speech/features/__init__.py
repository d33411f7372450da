"""Waveforms become frames, frames become better frames: stages, and the store that shares their output."""
