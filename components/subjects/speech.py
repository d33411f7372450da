"""Speech: what a study of recognisers needs to know of it, bound together.

Heavy parts are imported where they are needed: a study that has nothing to train never needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from components.speech.nouns import SPEECH_NOUNS
from components.speech.score import score
from components.speech.study import SpeechStudy
from components.study.checks import DataCheck
from components.study.dataset import Dataset
from components.study.kept_file import file_name, file_text
from components.study.subject import Evaluation, Progress, Serving, Subject, Training
from components.subjects.source import (
    check_source,
    pretraining,
    source_dataset,
    source_metrics,
    usual_recognisers,
)
from components.subjects.source_language import check_source_language
from components.subjects.speech_recognisers import build, build_without_labels, uses_pronunciations
from components.subjects.tasks import check_learners
from components.toolkits import take_in_recipes

if TYPE_CHECKING:
    import pandas as pd

    from components.contract import Clip
    from components.report.sections import Section
    from components.study.recipe import Recipe

SERVED = Path(__file__).parents[1] / "speech" / "served.py"


def read(study: SpeechStudy, progress: Progress | None = None) -> Dataset:
    """Study -> clips, texts and speakers of its corpus, every recording checked; its recipes can be named."""
    from components.speech.dataset import open_corpus, read_dataset

    take_in_recipes(study.recipe)
    return read_dataset(study, open_corpus(study, progress))


def check(study: SpeechStudy, dataset: Dataset) -> DataCheck:
    """Study and dataset -> what was read and how, and what is worth knowing before the study."""
    from components.speech.check import check_corpus

    return check_corpus(study, dataset)


def recipes(study: SpeechStudy, dataset: Dataset) -> dict[str, Recipe]:
    """Study and dataset -> the recognisers to compare: those asked for, or the usual that fit; in variants.

    Those of recipes in files come after them. Raises ValueError for a recogniser of single words on
    connected speech, for files of the language that no recogniser uses or that do not go together, and for
    words that a lexicon lacks.
    """
    from components.recognisers import recipe
    from components.speech.augmentation.policy import expand_variants

    own = take_in_recipes(study.recipe)
    unfit = [name for name in study.systems if recipe(name).closed_only and not dataset.closed]
    if unfit:
        raise ValueError(
            f"{', '.join(unfit)} expected few words or phrases, each said many times, got "
            f"{len(set(dataset.targets)):,} different texts in {len(dataset):,} recordings of "
            f"{dataset.name}; leave it out of --recognisers."
        )
    names = list(dict.fromkeys([*(study.systems or usual_recognisers(study, dataset)), *own]))
    check_source(study, names)
    check_source_language(study)
    check_learners(study, dataset, names)
    chosen = {
        variant: recipe(variant) for name in names for variant in expand_variants(name, study.augmentation)
    }
    _check_files(study, chosen)
    _check_pronunciations(study, dataset)
    return chosen


FILES = ("grammar", "lexicon", "lm_text", "lm")


def _check_files(study: SpeechStudy, chosen: Mapping[str, Recipe]) -> None:
    """Raises ValueError for files that do not go together, or that no recogniser uses."""
    from components.speech.decoding.build_lm import check_language

    check_language(study.grammar, study.lm_text, study.lm)
    knobs = [recipe.build().get_params(deep=True) for recipe in chosen.values()]
    for name in (name for name in FILES if getattr(study, name)):
        searches = [one for one in knobs if any(knob.split("__")[-1] == name for knob in one)]
        if name == "lexicon" and not any(map(uses_pronunciations, searches)):
            raise ValueError(
                f"lexicon expected a recogniser with pronunciations, got {', '.join(chosen)}; add one such "
                "as mfcc-gmm-hmm or mel-ctc-phonemes to --recognisers."
            )
        if not searches:
            raise ValueError(
                f"{name} expected a recogniser that searches for sentences, got {', '.join(chosen)}; add one "
                "such as mfcc-gmm-hmm or mel-ctc to --recognisers."
            )


def _check_pronunciations(study: SpeechStudy, dataset: Dataset) -> None:
    """Raises ValueError for words that may be trained on and that the study's lexicon cannot pronounce."""
    from components.speech.lexicon_file import look_up

    if not study.lexicon:
        return
    texts = (text for text, part in zip(dataset.targets, dataset.parts, strict=True) if part != "test")
    words = sorted({word for text in texts for word in text.split()})
    try:
        look_up(words, dataset.facts["language"], file_text(study.lexicon))
    except ValueError as error:
        raise ValueError(f"{file_name(study.lexicon)} cannot be used: {error}") from None


def metrics(evaluation: Evaluation) -> dict[str, float]:
    """Evaluation -> numbers of a recogniser beside word errors: other errors, ablations, real-time factor."""
    from components.speech.augmentation.policy import augmented_passes
    from components.speech.inspection.lm_ablation import ablation_metrics, predict_ablated
    from components.speech.scoring import error_metrics

    ablated = predict_ablated(evaluation.system, evaluation.test, evaluation.predictions)
    return {
        **error_metrics(evaluation.scores),
        **ablation_metrics(evaluation.targets, ablated),
        "audio_seconds_per_second": _seconds(evaluation.train) / evaluation.train_seconds,
        "decode_rtf": evaluation.predict_seconds / _seconds(evaluation.test),
        "augmented_passes": augmented_passes(evaluation.system),
    }


def _seconds(clips: Sequence[Clip]) -> float:
    return sum(clip.seconds for clip in clips)


def prepare(
    study: SpeechStudy, dataset: Dataset, names: Sequence[str], progress: Progress | None = None
) -> None:
    """The features that the trials of these recognisers share are computed and stored."""
    from components.parts import stateless_stages
    from components.speech.features.store import compute_features

    for name in names:
        stages = stateless_stages(build(study, dataset, name))
        compute_features(stages, dataset.examples, dataset.folder / "features", _named(progress, name))


def _named(progress: Progress | None, name: str) -> Callable[[int, int], None] | None:
    return progress and (lambda done, total: progress(done, total, f"features of {name}"))


@contextmanager
def surround(dataset: Dataset, trial: str, report_progress: Callable[[Any], None]) -> Iterator[Training]:
    """Inside, trials share features, and a long training is kept on disk and reported."""
    from components.neural.training.checkpoint import checkpointing
    from components.speech.features.store import shared_features

    folder, shared = dataset.folder / "training" / trial, dataset.folder / "pretraining"
    saved = checkpointing(folder, report_progress, shared=shared)
    with saved as kept, shared_features(dataset.folder / "features"):
        yield kept


def sections() -> Sequence[Section]:
    """The parts of a report that only speech has."""
    from components.report.speech_sections import SPEECH_SECTIONS

    return SPEECH_SECTIONS


def flac(clip: Clip) -> bytes:
    """Clip -> a FLAC file, which every browser plays."""
    from components.speech.sound_file import sound_bytes

    return sound_bytes(clip)


def wav_table(clip: Clip) -> pd.DataFrame:
    """Clip -> the table that its model is asked with: a column of WAV files."""
    import pandas as pd

    from components.speech.sound_file import sound_bytes

    return pd.DataFrame({"audio": [sound_bytes(clip, "WAV")]})


def answered(recogniser: Any, clip: Clip) -> dict[str, str]:
    """Trained recogniser and a clip -> the columns that its model answers with, and their types in MLflow."""
    from components.parts import task_answers

    answers = {name: answer for name, (answer,) in task_answers(recogniser, [clip]).items()}
    kinds = {name: "double" if isinstance(answer, float) else "string" for name, answer in answers.items()}
    return {"transcript": "string"} | kinds


def about(clip: Clip) -> dict[str, Any]:
    """Clip -> what a served recogniser must know: its sample rate, Hz."""
    return {"rate": clip.rate}


SERVING = Serving(SERVED, {"audio": "binary"}, answered, wav_table, about)
SPEECH = Subject(
    name="speech",
    nouns=SPEECH_NOUNS,
    read=read,
    recipes=recipes,
    build=build,
    score=score,
    settings=SpeechStudy,
    metrics=metrics,
    drawn=("cer", "sentence_error", "decode_rtf"),
    prepare=prepare,
    surround=surround,
    attachment=flac,
    check=check,
    pretraining=pretraining,
    source=source_dataset,
    source_metrics=source_metrics,
    without_labels=build_without_labels,
    sections=sections,
    serving=SERVING,
    try_it=("transcribe", "your.wav"),
)


def log_recogniser(store: Any, run_id: str, recogniser: Any, example: Clip) -> int:
    """Trained recogniser -> an MLflow model of the run, with an example clip; returns its bytes."""
    from components.study.tracking import log_system

    return log_system(store, run_id, recogniser, example, SERVING)


def load_recogniser(store: Any, run_id: str, trusted: Sequence[str] = ()) -> tuple[Any, int]:
    """Id of a trial's run -> its trained recogniser and the sample rate of its clips, Hz.

    trusted: as study.saving.load takes it.
    Raises ValueError if the run is unknown or kept no recogniser.
    """
    from components.study.tracking import load_system

    recogniser, kept = load_system(store, run_id, trusted)
    return recogniser, int(kept["rate"])
