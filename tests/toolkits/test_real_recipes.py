"""The recipes of docs/recipes, on real digits."""

import shutil
from pathlib import Path

import pytest

from components.toolkits.recogniser import ToolkitRecogniser
from tests.fsdd import digits

RECIPES = Path(__file__).parents[2] / "docs" / "recipes"


def right(recogniser, recordings, speakers=("jackson", "nicolas")) -> int:
    """How many of 20 digits by two speakers a recogniser knows that was trained on 40 others by them."""
    test, texts = digits(recordings, (0,), speakers)
    heard = recogniser.fit(*digits(recordings, (5, 6), speakers)).predict(test)
    return sum(one == text for one, text in zip(heard, texts, strict=True))


@pytest.mark.parametrize("name", ["pocketsphinx-grammar", "pocketsphinx-lm"])
def test_pocketsphinx_with_the_texts_knows_most_digits(name, recordings):
    pytest.importorskip("pocketsphinx")
    recogniser = ToolkitRecogniser(str(RECIPES / f"{name}.toml"), language="en-us")
    assert right(recogniser, recordings) >= 10  # 2 are chance


def test_pocketsphinx_takes_probabilities_of_single_words(recordings):
    pytest.importorskip("pocketsphinx")
    own = "\\data\\\nngram 1=3\n\\1-grams:\n-0.3 </s>\n-0.3 NINE\n-1 STOP\n\\end\\\n"
    recogniser = ToolkitRecogniser(str(RECIPES / "pocketsphinx-lm.toml"), language="en-us", lm=own)
    assert right(recogniser, recordings, ["jackson"]) >= 3  # of 10


@pytest.mark.slow
def test_plain_torch_learns_and_its_kept_network_answers(recordings, tmp_path):
    shutil.copytree(RECIPES, tmp_path / "recipes")
    path = tmp_path / "recipes" / "torch-ctc.toml"
    path.write_text(path.read_text().replace("--steps 400", "--steps 21"))
    recogniser = ToolkitRecogniser(str(path), seed=1)
    right(recogniser, recordings)
    losses = [float(line.rpartition(" ")[2]) for line in recogniser.output_.splitlines() if "loss" in line]
    assert len(losses) == 2 and losses[1] < losses[0] / 2
    assert [path.name for path in recogniser._model.path.iterdir()] == ["network.pt"]
