"""A subject whose systems learn and answer in no time: whatever a study of it takes is the study's own."""

from __future__ import annotations

from components.study.recipe import Recipe
from components.study.subject import Subject, catalogue
from tests.subjects.digits import NOUNS, score
from tests.subjects.waiting import Constant, read

RECIPES = {"constant": Recipe(Constant, "modular"), "constant-too": Recipe(Constant, "end-to-end")}
TRIVIAL = Subject("trivial", NOUNS, read, catalogue(RECIPES, NOUNS.system), score)
