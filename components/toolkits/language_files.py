"""What a study knows of the language -> files as toolkits read them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from components.speech.decoding.arpa_text import arpa_text, build_ngrams
from components.speech.decoding.backoff_model import BackoffModel
from components.speech.decoding.build_lm import is_closed
from components.speech.decoding.jsgf import read_rules
from components.speech.decoding.jsgf_rules import words_in
from components.speech.decoding.jsgf_text import grammar_of, jsgf_text
from components.speech.lexicon_file import look_up


@dataclass(frozen=True)
class LanguageFiles:
    """texts: of the training clips. The rest is as of ToolkitRecogniser."""

    texts: Sequence[str]
    language: str
    lexicon: str
    lm_text: str
    grammar: str
    lm: str
    lm_vocabulary: int

    @property
    def makers(self) -> Mapping[str, Callable[[Path], Path]]:
        """Placeholder -> writes its file into a folder."""
        return {
            "text": lambda folder: _write(folder / "text.txt", self.sentences),
            "lm_text": lambda folder: _write(folder / "lm_text.txt", self.lm_text.splitlines()),
            "lm": lambda folder: _write(folder / "lm.arpa", arpa_text(self._ngrams()).splitlines()),
            "grammar": lambda folder: _write(folder / "grammar.jsgf", self._grammar()),
            "lexicon": lambda folder: _write(folder / "lexicon.txt", self._lexicon()),
            "dictionary": lambda folder: _write(folder / "words.dict", self._dictionary()),
        }

    @property
    def sentences(self) -> list[str]:
        """The training texts, and sentences that the study has besides."""
        return [*self.texts, *self.lm_text.splitlines()]

    def _ngrams(self) -> BackoffModel:
        """The n-grams of the sentences, or of the study's own ARPA file."""
        return build_ngrams(self.texts, self.lm_text, self.lm, self.lm_vocabulary)

    def _grammar(self) -> list[str]:
        """JSGF: the study's rules, else one of all sentences, each as likely as it is frequent."""
        rules = read_rules(self.grammar) if self.grammar else grammar_of(self.sentences)
        return jsgf_text(rules).splitlines()

    def _pronunciations(self) -> Iterator[tuple[str, int, str]]:
        """Each pronunciation of each word that may be said: the word, 1 for its first, the phones."""
        words = {word for text in self.sentences for word in text.split()}
        words |= set(self._ngrams().vocabulary_) if self.lm else set()
        words |= set(words_in(read_rules(self.grammar))) if self.grammar else set()
        for word, variants in look_up(sorted(words), self.language, self.lexicon).items():
            for place, phones in enumerate(variants, 1):
                yield word, place, " ".join(phones)

    def _lexicon(self) -> list[str]:
        """Kaldi's lexicon.txt."""
        return [f"{word} {phones}" for word, _, phones in self._pronunciations()]

    def _dictionary(self) -> list[str]:
        """Sphinx's dictionary, as CMUdict is written: the second pronunciation is that of word(2)."""
        return [
            f"{word}({place}) {phones}" if place > 1 else f"{word} {phones}"
            for word, place, phones in self._pronunciations()
        ]


def check_grammar(what: str, grammar: str) -> None:
    """Raises ValueError for a grammar that does not say all that may be said; "" is none."""
    if grammar and not is_closed(grammar):
        raise ValueError(
            f"{what} asks for {{grammar}} and expected a grammar with a public rule, got word classes alone; "
            "write public before the rule of the sentences, or leave --grammar out."
        )


def _write(path: Path, lines: Iterable[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path
