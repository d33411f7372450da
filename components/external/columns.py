"""Names of columns -> the fields of results that they hold, whatever tool wrote them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from components.errors import unknown
from components.external.rows import Row
from components.speech.corpus.readers.columns import plain_name

IDS = ("id", "utt_id", "uttid", "utt", "utterance_id", "key")
FIELDS = {  # field -> names that its column may have
    "system": (
        *("system", "recogniser", "recognizer", "model", "model_name", "recipe", "asr", "toolkit", "engine"),
        *("classifier", "method", "algorithm", "learner", "estimator", "system_name"),
    ),
    "family": ("family", "kind", "type", "approach", "paradigm"),
    "size": (
        *("size", "n", "n_train", "train_n", "num_train", "train_size", "training_size", "n_labelled"),
        *("n_labeled", "labelled", "labeled", "n_labels", "labels", "n_examples", "train_examples"),
        *("training_examples", "examples", "n_utterances", "train_utterances", "training_utterances"),
        *("utterances", "n_samples", "train_samples", "training_samples", "samples"),
    ),
    "hours": (
        *("hours", "hrs", "h", "train_hours", "hours_train", "training_hours", "n_hours", "labelled_hours"),
        *("labeled_hours", "hours_of_training", "train_h", "size_h", "size_hours", "data_hours"),
    ),
    "minutes": ("minutes", "mins", "train_minutes", "training_minutes", "size_minutes", "size_min"),
    "draw": ("draw", "draw_seed", "data_seed", "subset_seed", "split_seed"),
    "seed": (
        *("seed", "init", "init_seed", "model_seed", "random_state", "run", "rep", "repeat", "repetition"),
        *("replicate", "replication"),
    ),
    "group": (
        *("group", "speaker", "speaker_id", "spk", "spk_id", "client_id", "recording", "session"),
        *("document", "doc", "writer", "patient", "subject", "reader", "fold"),
    ),
    "id": (*IDS, "audio_filepath", "audio", "path", "file"),
    "errors": ("errors", "n_errors", "num_errors", "errs", "error_count", "wrong", "n_wrong", "word_errors"),
    "total": (
        *("total", "n_total", "words", "n_words", "num_words", "ref_words", "reference_words", "n_ref"),
        *("characters", "n_characters", "chars", "tokens", "n_tokens", "n_test", "test_size", "count"),
    ),
    "rate": (
        *("wer", "word_error_rate", "cer", "character_error_rate", "error_rate", "error", "err", "rate"),
        *("test_wer", "wer_test", "test_cer", "test_error", "test_error_rate", "eval_wer", "eval_cer"),
    ),
    "substitutions": ("substitutions", "sub", "subs"),
    "insertions": ("insertions", "ins"),
    "deletions": ("deletions", "del", "dels"),
    "reference": ("reference", "ref", "text", "sentence", "transcript", "ground_truth", "target"),
    "test": ("test", "test_set", "testset", "test_data", "eval", "eval_set"),
    "hypothesis": (
        *("hypothesis", "hyp", "pred_text", "prediction", "predicted", "pred", "recognised", "recognized"),
        "asr_output",
    ),
}
SIZES = ("size", "hours", "minutes")
PARTS = ("substitutions", "insertions", "deletions")
COUNTS = ("errors", "total", "rate", *PARTS)
FIRST_COUNTS = ("id", "reference")  # of several such columns the first name above is taken


def is_known(name: str) -> bool:
    """Whether a column of this name is read."""
    return any(_plain(name) in names for names in FIELDS.values())


def _plain(name: str) -> str:
    """A name in lower case without units: "WER [%]" -> "wer"."""
    return plain_name(name.replace("%", " "))


def names_of(rows: Iterable[Row]) -> list[str]:
    """Rows -> the names of all their columns; one without a name, as pandas' index, is none."""
    return [name for name in dict.fromkeys(name for row in rows for name in row.values) if name.strip()]


def find_columns(rows: Sequence[Row], asked: Mapping[str, str]) -> dict[str, str]:
    """Rows, and the columns that the user names, field -> name -> for each field found its column.

    Raises ValueError for a field or a column that is not there, for two columns of one field, and where
    system, size, or whatever errors can be counted by is missing.
    """
    names = names_of(rows)
    _check_asked(asked, names)
    rest = [name for name in names if name not in asked.values()]
    found = {field: column for field in FIELDS if (column := asked.get(field) or _column(field, rest))}
    _check_sizes(found)
    _check_complete(found, names)
    _check_one_test(rows, found)
    left_out = _not_used(found)
    return {field: column for field, column in found.items() if field not in left_out}


def _not_used(found: Mapping[str, str]) -> set[str]:
    """Fields found -> those that say nothing beside the others."""
    if "hypothesis" in found:
        return set(COUNTS)
    files = _plain(found.get("id", "")) not in IDS  # of a trial's output, or its log
    return {"reference", *(["id"] if files else []), *([] if _parts(found) else PARTS)}


def _check_one_test(rows: Sequence[Row], found: Mapping[str, str]) -> None:
    """Raises ValueError for results of several tests in one table."""
    tests = list(dict.fromkeys(row.text(found["test"]) for row in rows)) if "test" in found else []
    if len(tests) > 1:
        raise ValueError(
            f"results expected one test, got {', '.join(tests)} in column {found['test']!r}; choose one, "
            f"such as --only {found['test']}={tests[0]!r}."
        )


def column_of(field: str, rows: Sequence[Row]) -> str:
    """A field and rows -> its column, "" without one; ValueError for two."""
    return _column(field, names_of(rows))


def _column(field: str, names: Sequence[str]) -> str:
    fitting = [name for name in names if _plain(name) in FIELDS[field]]
    if len(fitting) > 1 and field not in FIRST_COUNTS:
        raise _several(field, fitting)
    return min(fitting, key=lambda name: FIELDS[field].index(_plain(name)), default="")


def _several(field: str, columns: Collection[str]) -> ValueError:
    first = next(iter(columns))
    return ValueError(
        f"results expected one column for the {field}, got {', '.join(columns)}; choose one, such as "
        f"--column {field}={first!r}, or give it one name in all files."
    )


def _check_asked(asked: Mapping[str, str], names: Sequence[str]) -> None:
    for field, column in asked.items():
        if field not in FIELDS:
            raise unknown("field of --column", field, FIELDS)
        if column not in names:
            raise unknown("column", column, names)


def _check_sizes(found: Mapping[str, str]) -> None:
    if len(sizes := [field for field in SIZES if field in found]) > 1:
        columns = [found[field] for field in sizes]
        raise ValueError(
            f"results expected one column for the size, got {', '.join(columns)}; take one of them out, or "
            "give it another name."
        )


def _check_complete(found: Mapping[str, str], names: Sequence[str]) -> None:
    """Raises ValueError that names all that is missing."""
    counted = "hypothesis" in found or "rate" in found or "errors" in found or _parts(found)
    missing = [] if "system" in found else ["the system (system, model, recipe ...)"]
    missing += [] if any(field in found for field in SIZES) else ["the size (n_train, hours, minutes ...)"]
    missing += [] if counted else ["errors (errors and total, or wer, or reference and hypothesis)"]
    if "errors" in found and not {"total", "rate", "hypothesis"} & found.keys():
        missing += ["the total of the errors (total, words ...)"]
    if missing:
        raise ValueError(
            f"results expected columns for {'; '.join(missing)}, got {', '.join(names) or 'none'}; rename "
            "them, or say which is which, such as --column size=labels."
        )


def _parts(found: Mapping[str, str]) -> bool:
    return all(field in found for field in (*PARTS, "total"))


def only(rows: Sequence[Row], wanted: Mapping[str, str]) -> list[Row]:
    """Rows, and the value that some columns are to have -> the rows that have it; ValueError for none."""
    for column, value in wanted.items():
        if column not in names_of(rows):
            raise unknown("column of --only", column, names_of(rows))
        if value not in (values := dict.fromkeys(row.text(column) for row in rows)):
            raise unknown(f"value of {column}", value, values)
        rows = [row for row in rows if row.text(column) == value]
    return list(rows)


def unread(rows: Sequence[Row], found: Mapping[str, str]) -> list[str]:
    """Rows and the columns found -> the names of those that are not read."""
    return [name for name in names_of(rows) if name not in found.values()]
