"""Augmentation: which alterations of training clips there are, how far they go, how waveforms are altered."""
