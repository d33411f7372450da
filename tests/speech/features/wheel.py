"""The wheel with the weights of Google's speech embedding: beside the recordings, where somebody put it."""

import os
from pathlib import Path

WHEEL = Path(os.environ.get("CROSSOVER_DATA", ".")) / "openwakeword-0.4.0-py3-none-any.whl"
