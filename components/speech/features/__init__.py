"""Features: stages from waveforms to frames and from frames to frames, endpointing, a store."""
