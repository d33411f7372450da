"""A study speaks of its subject in the subject's own nouns: what is generic names nothing of speech."""

import re

import pytest

from tests.rooms import ROOT

SPEECH = re.compile(
    r"(?<![a-z])(clips?|utterances?|wer|cer|speech|spoken|speakers?|transcri\w+|audio|sounds?|waveforms?"
    r"|phon(e|eme)s?|hear[ds]?|heard|recordings|listen\w*)(?![a-z])",
    re.IGNORECASE,
)
FILES = sorted((ROOT / "components" / "study").rglob("*.py"))
OLD_NAMES = ROOT / "components" / "study" / "tracking" / "migrate.py"  # of version 0.1, all about speech


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_word_of_speech_is_in_the_code_of_any_study(path):
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    named = [f"line {number}: {line.strip()}" for number, line in lines if SPEECH.search(line)]
    assert path == OLD_NAMES or named == []
