"""Files of the language in a study: kept by what they say, refused by line."""

import pytest

from components.speech.lexicon_file import read_lexicon
from components.speech.study import SpeechStudy
from components.study.kept_file import file_name, file_text
from components.study.repeat import repeat_command
from components.subjects import check_study

FILES = {
    "lexicon": "one W AH1 N\n",
    "lm_text": "one two\n",
    "lm": "\\data\\\nngram 1=2\n\\1-grams:\n-0.3 </s>\n-0.3 one\n\\end\\\n",
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_kept_as_its_text_and_named(tmp_path, name):
    path = tmp_path / "my.txt"
    path.write_text(FILES[name])
    study = SpeechStudy(**{name: str(path)})
    path.unlink()
    assert check_study(study.model_dump(mode="json")) == study
    assert file_text(getattr(study, name)) == FILES[name] and file_name(getattr(study, name)) == "my.txt"
    assert repeat_command(study) == f"crossover compare --{name.replace('_', '-')} my.txt"


def test_a_lexicon_of_one_line_is_one(tmp_path):
    path = tmp_path / "my.txt"
    path.write_text("one W AH1 N")
    assert read_lexicon(file_text(SpeechStudy(lexicon=str(path)).lexicon)) == {"one": {("W", "AH", "N"): 1.0}}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "lexicon",
            "one W\ntwo\n",
            "my.txt cannot be used: line 2 expected a word and its phones, got 'two'",
        ),
        ("lm", "one\n", "my.txt cannot be used: line 2 expected \\data\\, the beginning of an ARPA file"),
        ("lm_text", "\n", "my.txt cannot be used: expected lines, got an empty file"),
        ("lm_text", None, "cannot be read: No such file or directory."),
        ("lexicon", b"\xe9t\xe9 e t e\n", "expected UTF-8, got another encoding at byte 0"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_its_line(tmp_path, name, text, said):
    path = tmp_path / "my.txt"
    if text is not None:
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ValueError) as error:
        check_study({name: str(path)})
    assert said in str(error.value)


def test_all_is_a_size():
    study = check_study({"sizes": ["20", "all"]})
    assert study.sizes == [20, "all"] and check_study(study.model_dump(mode="json")) == study


@pytest.mark.parametrize("pattern", ["(.+", ".+_", "(.)(.)"])
def test_a_pattern_of_speakers_has_one_group(pattern):
    with pytest.raises(ValueError, match="speaker_pattern"):
        SpeechStudy(speaker_pattern=pattern)
    assert SpeechStudy(speaker_pattern="(.+)_").speaker_pattern == "(.+)_"
