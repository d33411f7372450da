"""The settings of a network that is trained in a second."""

QUICK = {"channels": 48, "layers": 2, "steps": 12, "batch_seconds": 8.0, "device": "cpu"}
