"""What an earlier version saved -> what this one can load: names that have moved since, in tables.

The tables hold names of commit d1b5641 (version 0.1) and whatever was renamed since. Nothing else in the code
knows an old name.
"""

from __future__ import annotations

import importlib
import io
import json
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

SCHEMA = "schema.json"

# Classes that may be inside a saved recogniser, by their old dotted names.
MOVED_CLASSES = {
    "components.acoustic.gmm_hmm.GmmHmm": "components.speech.acoustic.gmm_hmm.GmmHmm",
    "components.acoustic.hybrid_hmm.HybridHmm": "components.speech.acoustic.hybrid_hmm.HybridHmm",
    "components.acoustic.mixtures.StateMixtures": "components.speech.acoustic.mixtures.StateMixtures",
    "components.acoustic.projected.ProjectedGmmHmm": "components.speech.acoustic.lda_mllt.LdaMlltGmmHmm",
    "components.acoustic.state_classifier.StateClassifier": (
        "components.speech.acoustic.state_classifier.StateClassifier"
    ),
    "components.acoustic.tied.TiedGmmHmm": "components.speech.acoustic.triphone.TriphoneGmmHmm",
    "components.decoding.class_model.ClassModel": "components.speech.decoding.class_lm.ClassModel",
    "components.decoding.grammars.OneWordGrammar": "components.speech.decoding.grammars.OneWordGrammar",
    "components.decoding.knowledge.AnyWords": "components.speech.decoding.word_loop.WordLoop",
    "components.decoding.language_model.NgramModel": "components.speech.decoding.language_model.NgramModel",
    "components.decoding.rule_grammar.RuleGrammar": "components.speech.decoding.rule_grammar.RuleGrammar",
    "components.decoding.sureness.Sureness": "components.speech.decoding.confidence.ConfidenceCalibrator",
    "components.features.cmvn.Cmvn": "components.speech.features.cmvn.Cmvn",
    "components.features.deltas.Deltas": "components.speech.features.deltas.Deltas",
    "components.features.log_mel.LogMel": "components.speech.features.log_mel.LogMel",
    "components.features.mfcc.Mfcc": "components.speech.features.mfcc.Mfcc",
    "components.features.plp.Plp": "components.speech.features.plp.Plp",
    "components.features.splice.Splice": "components.speech.features.splice.Splice",
    "components.features.statistics.Statistics": "components.speech.features.statistics.Statistics",
    "components.features.trim.Trim": "components.speech.features.trim.Trim",
    "components.modular.augmented.Augmented": "components.speech.augmentation.augmented.Augmented",
    "components.modular.chosen.Chosen": "components.speech.modular.model_selection.AcousticModelSelector",
    "components.modular.phone_recogniser.PhoneRecogniser": (
        "components.speech.modular.phone_recogniser.PhoneRecogniser"
    ),
    "components.modular.templates.WordTemplates": "components.speech.modular.dtw_classifier.DtwClassifier",
    "components.modular.whole_words.WholeWordSvm": "components.speech.modular.word_svm.WholeWordSvm",
    "components.neural.alphabet.Spelling": "components.neural.tokenizer.Tokenizer",
    "components.neural.recogniser.CtcRecogniser": "components.neural.recogniser.CtcRecogniser",
    "components.neural.spelling_search.SpellingSearch": (
        "components.neural.decoding.graph_decoder.GraphDecoder"
    ),
}

# Attributes that such a class stored under another name: new class -> {old name: new name}.
RENAMED_ATTRIBUTES: dict[str, dict[str, str]] = {
    "components.speech.decoding.confidence.ConfidenceCalibrator": {"usual": "temperature"},
    "components.speech.decoding.grammars.OneWordGrammar": {"raised": "smoothing"},
    "components.speech.modular.phone_recogniser.PhoneRecogniser": {"sureness_": "confidence_"},
}

# Modules that the script of a model in MLflow imports, and where that which it takes from each is now.
# Those with nothing are packages that only lead to another.
OLD_IMPORTS: dict[str, dict[str, str]] = {
    "components.corpus": {},
    "components.corpus.audio_file": {"resample": "components.speech.corpus.audio_file.resample"},
    "components.saving": {"load": "components.study.saving.load"},
    "components.tracking": {},
    "components.tracking.models": {"read_rate": "components.migrate.read_rate"},
}


def migrated_skops(path: Path) -> bytes:
    """A skops file of any version -> one of this version, as bytes; only names are translated."""
    with ZipFile(path) as before:
        schema = json.loads(before.read(SCHEMA))
        if not _translate(schema):
            return path.read_bytes()
        after = io.BytesIO()
        with ZipFile(after, "w", ZIP_DEFLATED) as new:
            new.writestr(SCHEMA, json.dumps(schema))
            for name in before.namelist():
                if name != SCHEMA:
                    new.writestr(name, before.read(name))
    return after.getvalue()


def _translate(node: Any) -> bool:
    """Puts new names in the place of old ones in a part of a skops schema -> whether there were any."""
    if isinstance(node, list):
        return any([_translate(item) for item in node])
    if not isinstance(node, dict):
        return False
    changed = any([_translate(item) for item in node.values()])
    moved = _move_class(node)
    return _rename_attributes(node) or moved or changed


def _move_class(node: dict[str, Any]) -> bool:
    new = MOVED_CLASSES.get(_class_name(node))
    if new is None or new == _class_name(node):
        return False
    node["__module__"], _, node["__class__"] = new.rpartition(".")
    return True


def _rename_attributes(node: dict[str, Any]) -> bool:
    names = RENAMED_ATTRIBUTES.get(_class_name(node), {})
    state = node["content"].get("content") if names and isinstance(node.get("content"), dict) else None
    if not isinstance(state, dict):
        return False
    old = [name for name in state if name in names and names[name] not in state]
    node["content"]["content"] = {
        names[name] if name in old else name: value for name, value in state.items()
    }
    return bool(old)


def _class_name(node: dict[str, Any]) -> str:
    return f"{node.get('__module__')}.{node.get('__class__')}"


class OldModules:
    """Finds modules by their old names, for scripts that were stored with models; asked last of all."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: Any = None) -> ModuleSpec | None:
        """A module's name -> how to load it, if it is one of OLD_IMPORTS."""
        if name not in OLD_IMPORTS:
            return None
        return ModuleSpec(name, OldModules, is_package=not OLD_IMPORTS[name])

    @staticmethod
    def create_module(spec: ModuleSpec) -> ModuleType | None:
        """None: the import system's own kind of module."""
        return None

    @staticmethod
    def exec_module(module: ModuleType) -> None:
        """Fills an old module with what scripts take from it."""
        for name, place in OLD_IMPORTS[module.__name__].items():
            new, _, new_name = place.rpartition(".")
            setattr(module, name, getattr(importlib.import_module(new), new_name))


def read_rate(folder: Path) -> int:
    """Folder of a recogniser that was stored with such a script -> its sample rate, Hz."""
    return int(json.loads((folder / "about.json").read_text())["rate"])


def install() -> None:
    """From now on old modules are found."""
    if OldModules not in sys.meta_path:
        sys.meta_path.append(OldModules)
