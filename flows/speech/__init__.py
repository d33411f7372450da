"""Commands that only speech has: transcribe, explain, export, listen, ceiling."""
