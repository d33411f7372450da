"""Nothing labelled: what a recogniser that was trained on another corpus answers by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline

from components.contract import Clip
from components.parts import unwrapped
from components.ranges import at_least, check_ranges
from components.speech.acoustic.adapted import AdaptedGmmHmm
from components.speech.decoding.build_lm import MOST_WORDS, LanguageModel, build_lm, is_closed
from components.speech.decoding.build_lm import check_language as check_language_files
from components.speech.lexicon import check_language
from components.speech.lexicon_file import check_lexicon, known_words, look_up, variant_costs
from components.study.saving import check_source, files_of, load


class SourceAlone(BaseEstimator):
    """Clips -> texts, by a recogniser that was trained on another corpus; none of these clips is labelled.

    A grammar, sentences or a language model say what may be said; without any it is what the source says.

    Parameters
    ----------
    source : file of the trained recogniser, recogniser.skops: see study.saving.
    language, lexicon : of pronunciations; text of a file with them, see lexicon_file, "": CMUdict, eSpeak NG.
    grammar : text of a JSGF file with a public rule; "": none.
    lm_text, lm : sentences, one a line, that a language model is learned from; text of an ARPA file.
    lm_vocabulary : words of either that can be recognised, at most, the likeliest ones.

    Attributes
    ----------
    recogniser_ : the source's, which was told what may be said.
    """

    def __init__(
        self,
        source: str = "",
        language: str = "en-us",
        grammar: str = "",
        lexicon: str = "",
        lm_text: str = "",
        lm: str = "",
        lm_vocabulary: int = MOST_WORDS,
    ) -> None:
        self.source = source
        self.language = language
        self.grammar = grammar
        self.lexicon = lexicon
        self.lm_text = lm_text
        self.lm = lm
        self.lm_vocabulary = lm_vocabulary

    def check_settings(self) -> None:
        """Raises ValueError without a source, for broken files, or words that the source cannot write."""
        self._check_files()
        self._told()

    def _check_files(self) -> None:
        check_ranges(self, lm_vocabulary=at_least(0))
        check_source(self, self.source)
        check_language(self.language)
        check_language_files(self.grammar, self.lm_text, self.lm)
        check_lexicon(self.lexicon)
        if self.grammar and not is_closed(self.grammar):
            raise ValueError(
                f"{type(self).__name__} expected a grammar that says all that may be said, got classes of "
                "words alone; give it a public rule, or label some utterances."
            )

    def depends_on(self) -> Sequence[Path]:
        """The files of the source."""
        return files_of(Path(self.source)) if self.source else []

    def fit(self, clips: Sequence[Clip] = (), texts: Sequence[str] = ()) -> SourceAlone:
        """Clips and texts play no part -> the source's recogniser, told what may be said."""
        self._check_files()
        self.recogniser_ = self._told()
        return self

    def predict(self, clips: Sequence[Clip]) -> list[str]:
        """Clips -> one text each, in order."""
        return self.recogniser_.predict(clips)

    def _told(self) -> Any:
        """The source's recogniser as it is loaded, told what may be said."""
        raise NotImplementedError

    def _language_model(self, only: Collection[str] | None = None) -> LanguageModel | None:
        """What may be said; None where nothing says so. only: words that may be, None: any."""
        if not (self.grammar or self.lm_text or self.lm):
            return None
        files = {"lm": self.lm, "most_words": self.lm_vocabulary}
        return build_lm(self._sentences(only), self.grammar, **files, only=only)

    def _sentences(self, only: Collection[str] | None) -> list[str]:
        """The sentences whose words are all among the likeliest."""
        lines = [line for line in self.lm_text.splitlines() if line.strip()]
        counts = Counter(word for line in lines for word in line.split() if only is None or word in only)
        known = {word for word, _ in counts.most_common(self.lm_vocabulary)}
        return [line for line in lines if known.issuperset(line.split())]


class SourcePhones(SourceAlone):
    """Clips -> texts, by phones of another corpus as they are, and pronunciations of what may be said.

    The settings are SourceAlone's. A phone that the source does not have is the mean of all of its phones.
    """

    def _told(self) -> Pipeline:
        recogniser = unwrapped(load(Path(self.source).parent))
        last = recogniser[-1]
        model = self._language_model(known_words(self.lexicon, self.language))
        last.language_model_ = model or last.language_model_
        last.lexicon_ = look_up(last.language_model_.vocabulary_, self.language, self.lexicon)
        last.variant_costs_ = variant_costs(last.lexicon_, self.language, self.lexicon)
        last.acoustic_ = AdaptedGmmHmm(self.source).fit([], [], last.lexicon_)
        return recogniser
