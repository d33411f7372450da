"""The page on the architecture is that of the code: its picture is drawn anew, its files are there."""

import re

from tests.draw_rooms import PICTURE, picture
from tests.rooms import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def test_the_picture_is_drawn_from_the_code_as_it_is():
    assert PICTURE.read_text(encoding="utf-8") == picture(), "run: python -m tests.draw_rooms"


def test_every_file_and_folder_that_the_page_names_is_there():
    named = [name for name in re.findall(r"`([\w/]+(?:\.py|/))`", PAGE) if "/" in name]
    named += re.findall(r"`((?:study|speech|neural|report|features|decoding)/[\w/]+)`", PAGE)
    assert len(named) > 15
    for name in named:
        folders = (ROOT, ROOT / "components", ROOT / "components" / "speech")
        assert any((folder / name).exists() or (folder / f"{name}.py").exists() for folder in folders), name


def test_the_two_ways_are_told_in_ten_lines_each():
    for heading in ("One clip's way", "One trial's way"):
        way = PAGE.partition(f"## {heading}")[2].partition("\n## ")[0]
        assert len(re.findall(r"^\d+\. ", way, re.M)) == 10
