"""A package of one's own with a stage, a recogniser or a corpus: small, whole, and within the laws."""

from components.scaffold.write import KINDS, Written, write_package

__all__ = ["KINDS", "Written", "write_package"]
