"""A recogniser of another toolkit: fit and predict run the commands of a recipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError

from components.clip_checks import check_clips
from components.contract import Clip
from components.ranges import at_least, check_ranges
from components.speech.corpus.transcripts import write_alike
from components.speech.decoding.build_lm import MOST_WORDS, check_language
from components.toolkits.hypotheses import read_hypotheses
from components.toolkits.language_files import LanguageFiles, check_grammar
from components.toolkits.manifests import ids_of, write_manifest
from components.toolkits.model_folder import ModelFolder
from components.toolkits.placeholders import OF_THE_LANGUAGE, filled, placeholders
from components.toolkits.process import run
from components.toolkits.recipe import ToolkitRecipe, files_of, read_recipe

# knob -> the placeholders that it is for: without any of them it changes nothing, and is none
ASKED_BY = {
    "seed": {"seed"},
    "device": {"device"},
    "lexicon": {"lexicon", "dictionary"},
    "lm_text": {*OF_THE_LANGUAGE},
    "grammar": {"grammar"},
    "lm": {"lm"},
    "lm_vocabulary": {"lm"},
}
KNOWN = ("language", "lexicon", "lm_text", "grammar", "lm", "lm_vocabulary")  # of the language
MOST_OUTPUT = 200_000  # characters that are kept, the last ones


class ToolkitRecogniser(BaseEstimator):
    """Clips -> texts, by the commands of a recipe.

    Parameters
    ----------
    recipe : path of its file, see ToolkitRecipe.
    seed, device, language : of the training.
    lexicon : text of a lexicon in place of CMUdict and eSpeak NG, see speech.lexicon_file.
    lm_text : sentences, one a line, in {lm_text} and behind those of the training in {text}.
    grammar : text of a JSGF file whose public rule says all that may be said, in place of the sentences.
    lm : text of an ARPA file, in place of n-grams of the sentences.
    lm_vocabulary : words of lm_text or lm besides those of the training that {lm} has at most.

    Attributes
    ----------
    output_ : what its training printed.

    Knobs that the recipe does not ask for are none of its parameters.
    """

    def __init__(
        self,
        recipe: str = "",
        seed: int = 0,
        device: Literal["cpu", "cuda"] = "cpu",
        language: str = "en",
        lexicon: str = "",
        lm_text: str = "",
        grammar: str = "",
        lm: str = "",
        lm_vocabulary: int = MOST_WORDS,
    ) -> None:
        self.recipe = recipe
        self.seed = seed
        self.device = device
        self.language = language
        self.lexicon = lexicon
        self.lm_text = lm_text
        self.grammar = grammar
        self.lm = lm
        self.lm_vocabulary = lm_vocabulary

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Its settings that can change what it does."""
        known = isinstance(self.recipe, str) and self.recipe
        asked = self._recipe().asks_for if known else frozenset().union(*ASKED_BY.values())
        hidden = {name for name, askers in ASKED_BY.items() if not askers & asked}
        return {name: value for name, value in super().get_params(deep).items() if name not in hidden}

    def check_settings(self) -> None:
        """Raises ValueError for a recipe's file that could not run, or what it cannot use of the language."""
        recipe = self._recipe()
        check_ranges(self, lm_vocabulary=at_least(0))
        check_language(lm=self.lm)
        if "grammar" in recipe.asks_for:
            check_grammar(recipe.name, self.grammar)

    def depends_on(self) -> Sequence[Path]:
        """The recipe's file, and those that it names."""
        return files_of(Path(self.recipe), self._recipe()) if self.recipe else []

    def fit(self, clips: Sequence[Clip], texts: Sequence[str]) -> ToolkitRecogniser:
        """Run the recipe's train on the clips and their texts."""
        check_clips(self, clips)
        recipe, self._model, self.output_ = self._recipe(), ModelFolder(), ""
        if recipe.train:
            makers = {
                "train": lambda folder: write_manifest(recipe.manifest, folder / "train", clips, texts),
                "size": lambda folder: len(clips),
                **LanguageFiles(texts, **{name: getattr(self, name) for name in KNOWN}).makers,
            }
            with TemporaryDirectory(prefix="crossover-") as folder:
                self.output_ = self._run("train", Path(folder), clips, makers)[-MOST_OUTPUT:]
        return self

    def predict(self, clips: Sequence[Clip]) -> list[str]:
        """Run the recipe's transcribe on the clips -> their transcripts, in order.

        Raises ValueError, naming them, for clips without a hypothesis, and for hypotheses of no clip.
        """
        if not clips:
            return []
        check_clips(self, clips)
        recipe = self._recipe()
        with TemporaryDirectory(prefix="crossover-") as name:
            file = Path(name) / recipe.hypotheses
            makers = {
                "test": lambda folder: write_manifest(recipe.manifest, folder / "test", clips, None),
                "hypotheses": lambda folder: file,
            }
            self._run("transcribe", Path(name), clips, makers)
            texts = read_hypotheses(recipe.name, file, ids_of(clips), clips)
        return [write_alike([text], self.language).texts[0] if text else "" for text in texts]

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "output_")

    def __getstate__(self) -> dict[str, Any]:
        state = dict(super().__getstate__())
        folder = state.pop("_model", None)
        if folder is not None and self._recipe().keep:
            state["model_"] = folder.packed()
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        archive = state.pop("model_", None)
        super().__setstate__(state)
        if archive is not None:
            self._model = ModelFolder.unpacked(archive)

    def _recipe(self) -> ToolkitRecipe:
        if not self.recipe:
            raise ValueError("ToolkitRecogniser expected a recipe's file, got none; name one in recipe.")
        return read_recipe(Path(self.recipe))

    def _run(
        self, what: str, folder: Path, clips: Sequence[Clip], makers: Mapping[str, Callable[[Path], Any]]
    ) -> str:
        """One of the recipe's commands, with what its placeholders stand for -> what it printed."""
        recipe, command = self._recipe(), getattr(self._recipe(), what)
        shared = {
            "python": sys.executable,
            "model": self._model_folder(),
            "seed": self.seed,
            "device": self.device,
            "language": self.language,
            "rate": clips[0].rate,
        }
        asked = placeholders(command)
        made = {name: make(folder) for name, make in makers.items() if name in asked}
        words = filled(command, {name: str(value) for name, value in (shared | made).items()}, recipe.shell)
        return run(
            f"{what} of {recipe.name}",
            words,
            Path(self.recipe).parent,
            recipe.environment,
            recipe.timeout_minutes,
            folder / f"{what}.log",
        )

    def _model_folder(self) -> Path:
        if not self.__sklearn_is_fitted__():
            raise NotFittedError("ToolkitRecogniser expected to be trained, got no model; call fit first.")
        if not hasattr(self, "_model"):
            raise ValueError(
                f"the model of {self._recipe().name} expected to be kept with its trial, got none; set "
                f"keep = true in {self.recipe} and train again."
            )
        return self._model.path
