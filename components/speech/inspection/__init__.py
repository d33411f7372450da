"""Inspection: trained recogniser and clip -> outputs of its stages; ceiling analysis and LM ablation."""

from components.speech.inspection.inspect import inspect_recogniser
from components.speech.inspection.records import Band, Inspection, Map, Word

__all__ = ["Band", "Inspection", "Map", "Word", "inspect_recogniser"]
