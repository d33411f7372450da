"""What can be asked for, and what is said of what cannot."""

import pytest

from components.speech.study import SpeechStudy as Study
from components.study.study import read_study_file
from components.subjects import check_study


def test_all_bad_settings_are_named_at_once_with_the_nearest_known_one():
    with pytest.raises(ValueError) as error:
        check_study({"corpsu": "fsdd", "draws": 0, "sizes": [20, "many"]})
    said = str(error.value)
    assert said.splitlines()[0] == "the study's settings cannot be used:"
    assert (
        "  corpsu: no such setting; did you mean 'corpus'? known: corpus, data, recipe, augmentation," in said
    )
    assert "  draws: input should be greater than or equal to 1, got 0." in said
    assert (
        "  sizes.1: input should be a valid integer, unable to parse string as an integer, got 'many'."
        in said
    )


def test_json_and_toml_say_the_same(tmp_path):
    (tmp_path / "a.json").write_text(
        '{"corpus": "fsdd", "sizes": [20], "settings": {"mel-ctc": {"seed": 3}}}'
    )
    (tmp_path / "a.toml").write_text('corpus = "fsdd"\nsizes = [20]\n[settings.mel-ctc]\nseed = 3\n')
    assert read_study_file(tmp_path / "a.json") == read_study_file(tmp_path / "a.toml")


def test_a_broken_study_file_says_where(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text("corpus = \n")
    with pytest.raises(
        ValueError, match=r"a.toml expected TOML, got: Invalid value \(at line 1, column 10\)"
    ):
        read_study_file(path)


def test_a_missing_study_file_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"none.json cannot be read: No such file or directory"):
        read_study_file(tmp_path / "none.json")


def test_a_study_survives_json():
    study = Study(corpus="fsdd", sizes=[20, 50], settings={"mel-ctc": {"channels": 8}})
    assert check_study(study.model_dump(mode="json")) == study


def test_a_grammar_is_kept_as_its_text(tmp_path):
    file = tmp_path / "digits.jsgf"
    file.write_text("#JSGF V1.0;\npublic <digit> = one | two;\n")
    study = Study(grammar=str(file))
    assert study.grammar == file.read_text()
    file.unlink()
    assert check_study(study.model_dump(mode="json")) == study


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cannot be read: No such file or directory."),
        (
            "#JSGF V1.0;\npublic <a> = <b>;\n",
            "cannot be used: unknown rule on line 2 of the grammar 'b'; known: a.",
        ),
    ],
)
def test_a_grammar_that_cannot_be_used_is_named_with_its_line(tmp_path, text, said):
    file = tmp_path / "digits.jsgf"
    if text:
        file.write_text(text)
    with pytest.raises(ValueError) as error:
        check_study({"grammar": str(file)})
    assert str(error.value) == f"the study's settings cannot be used:\n  grammar: {file} {said}"
