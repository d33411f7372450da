"""The laws: what every part promises, tried on parts of this project by its tests, and on those of packages.

`examples` has what parts are given; `laws`, `hook_laws`, `recogniser_laws` and `corpus_laws` say in one
sentence which part broke which promise; `package` finds the parts of a package and which laws are theirs.
"""

from components.laws.laws import BrokenLaw
from components.laws.package import Law, laws_of

__all__ = ["BrokenLaw", "Law", "laws_of"]
