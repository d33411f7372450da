"""The settings of a study of speech recognisers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationInfo, field_validator

from components.speech.source_settings import (
    StudyWithSource,
    source_data_setting,
    source_setting,
    speaker_pattern_setting,
)
from components.study.kept_file import file_name, file_text, keep_file
from components.study.setting import Size, setting


class SpeechStudy(StudyWithSource):
    """One comparison: recognisers x training sizes x seeds on one corpus."""

    corpus: str = setting("spoken-commands", "a corpus by name, or the path of your own manifest", place=True)
    data: str = setting(
        "",
        "the folder of the corpus's recordings; empty: CROSSOVER_DATA, else download",
        run=True,
        metavar="PATH",
        place=True,
    )
    systems: list[str] = setting(
        [],
        "names from `crossover recognisers`, also as mel-ctc:plain, mel-ctc:speed+noise, or with a setting "
        "and its values as mel-ctc:channels=64/128; empty: the usual ones that fit",
        alias="recognisers",
        metavar="A,B",
    )
    recipe: list[str] = setting(
        [],
        "TOML files that say by which commands recognisers of other toolkits are trained and asked; they are "
        "compared, too",
        metavar="FILE,...",
        place=True,
    )
    augmentation: str = setting(
        "usual",
        "altering training clips: usual, as each recogniser does; plain, none; augmented, with "
        "speed+vtlp+noise+gain+masking; both, to compare these two; or such kinds, and room",
    )
    tasks: list[str] = setting(
        [],
        "what is answered besides the words: speaker, gender, age, age_group, accent, phones, or any column "
        "of your manifest, also as NAME:KIND with class, number or text; permuted-NAME has the labels of "
        "NAME in a random order; recognisers that learn several tasks are compared with those that learn one",
        metavar="A,B",
    )
    source: list[str] = source_setting(
        "a further corpus, by name or path: recognisers are trained on it before, and others start from "
        "them; those that learn from clips without texts take its sound; named again for each further one, "
        "and then all are taken together"
    )
    source_data: str = source_data_setting()
    source_text: bool = setting(
        False,
        "whether recognisers that start from the source learn language from its training texts as well",
    )
    source_pronunciations: bool = setting(
        False,
        "whether recognisers that start from the source pronounce the words that it has as it does",
    )
    language: str = setting(
        "",
        "language of the corpus, such as de or zh-CN; none: words are read letter by letter; empty: as the "
        "corpus says",
        metavar="CODE",
    )
    speaker_pattern: str = speaker_pattern_setting()
    grammar: str = setting(
        "",
        "a JSGF file: its public rule says all that may be said; "
        "without one, its rules are classes of words that stand for one another",
        metavar="FILE",
        place=True,
    )
    lexicon: str = setting(
        "",
        "a file of pronunciations in Kaldi's form (lexicon.txt, lexiconp.txt) or CMUdict's, in place of "
        "CMUdict and eSpeak NG; probabilities count in the search",
        metavar="FILE",
        place=True,
    )
    lm_text: str = setting(
        "",
        "a file of sentences, one a line, that the language model learns from as well; their words can be "
        "recognised",
        metavar="FILE",
        place=True,
    )
    lm: str = setting(
        "",
        "a language model in ARPA form, in place of one learned from training texts",
        metavar="FILE",
        place=True,
    )
    lm_vocabulary: int = setting(
        5000,
        "most words of --lm-text or --lm that can be recognised besides those of the training texts, the "
        "likeliest ones",
        ge=0,
        metavar="WORDS",
    )
    rate: int = setting(0, "samples a second, Hz; 0: the corpus's own", ge=0)
    max_seconds: float = setting(20.0, "longer recordings are set aside", gt=0)
    audio: bool = setting(
        True,
        "whether the report carries the test recordings that the families differ on most, for "
        "whoever gets the page to listen to",
        run=True,
    )
    split: str = setting("auto", "who is tested: auto, declared, speakers, leave-one-speaker-out, clips")
    sizes: list[Size] = setting(
        [],
        "labelled utterances to train on, all: the whole training side, 0: none, which asks what starts from "
        "a source to answer from it alone; empty: eight from 20 to all",
        metavar="20,100,...",
    )
    label_price: float = setting(
        0.0,
        "what it costs to label one utterance, in any money: for the report's trades",
        **{"run": True, "metavar": "MONEY", "ge": 0},
    )

    @field_validator("recipe")
    @classmethod
    def _are_files_of_recipes(cls, recipe: list[str]) -> list[str]:
        """Whole paths, for processes that run elsewhere."""
        paths = [Path(file).expanduser().resolve() for file in recipe]
        for path in paths:
            if not path.is_file():
                raise ValueError(f"expected a TOML file, got {path}, which is not there; correct its path.")
        return [str(path) for path in paths]

    @field_validator("tasks")
    @classmethod
    def _are_tasks(cls, tasks: list[str]) -> list[str]:
        from components.speech.tasks import parse_task  # slow to import, and seldom needed

        for asked in tasks:
            parse_task(asked)
        return tasks

    @field_validator("variants")
    @classmethod
    def _are_no_augmentation(cls, variants: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        from components.speech.augmentation.policy import is_augmentation  # as slow

        for name in filter(is_augmentation, variants):
            raise ValueError(f"expected another name than that of an augmentation, got {name!r}; rename it.")
        return variants

    @field_validator("grammar")
    @classmethod
    def _grammar_text(cls, grammar: str) -> str:
        """The file's text in the place of its path, so that no machine and no later day needs the file."""
        return grammar_text(grammar) if grammar else ""

    @field_validator("lexicon", "lm_text", "lm")
    @classmethod
    def _file_in_place_of_its_path(cls, path: str, field: ValidationInfo) -> str:
        """A file's name and text in the place of its path, checked; as of a grammar."""
        return checked_file(path, str(field.field_name)) if path else ""

    @property
    def about(self) -> str:
        """The corpus."""
        return self.corpus

    @classmethod
    def places(cls, values: Mapping[str, Any]) -> dict[str, Any]:
        """Settings by name -> those that name a store, a path or a command; a corpus by its name does not."""
        from components.speech.corpus import is_named  # knows every reader: slow to import

        source = values.get("source") or []
        corpora = {
            "corpus": [values.get("corpus") or ""],
            "source": [source] if isinstance(source, str) else source,
        }
        paths = {
            name: [one for one in map(str, some) if one and not is_named(one)]
            for name, some in corpora.items()
        }
        return super().places({**values, **paths, "corpus": "".join(paths["corpus"])})


def grammar_text(grammar: str) -> str:
    """Path of a grammar file, or its text -> its text, checked; ValueError that says where it breaks."""
    from components.speech.decoding.build_lm import check_grammar  # slow to import, and seldom needed

    if grammar.lstrip("\ufeff \n").startswith("#JSGF"):
        check_grammar(grammar)
        return grammar
    path = Path(grammar).expanduser()
    try:
        text = path.read_text(encoding="utf-8-sig")
        check_grammar(text)
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise ValueError(f"{path} cannot be used: {error}") from None
    return text


def checked_file(path: str, what: str) -> str:
    """Path of a lexicon, lm_text or lm, or what keep_file gave -> the latter; ValueError with its line."""
    kept = keep_file(path)
    try:
        _check(file_text(kept), what)
    except ValueError as error:
        raise ValueError(f"{file_name(kept)} cannot be used: {error}") from None
    return kept


def _check(text: str, what: str) -> None:
    from components.speech.decoding.arpa_model import read_arpa  # slow to import, and seldom needed
    from components.speech.lexicon_file import check_lexicon

    if not text.strip():
        raise ValueError("expected lines, got an empty file; give another one.")
    if what == "lexicon":
        check_lexicon(text if text.endswith("\n") else f"{text}\n")
    if what == "lm":
        read_arpa(text)
