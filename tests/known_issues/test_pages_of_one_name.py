"""Studies "x y" and "X-Y", and the second study on a corpus, wrote over the first one's page."""

from dataclasses import replace

from flows.write_report import make_report
from tests.recorded import made_up, recorded


def test_each_page_is_still_there(store, no_pictures):
    one = replace(made_up(sizes=(180,)), name="x y")
    others = [one, replace(one, name="X-Y"), replace(one, settings={"sizes": [20]})]
    runs = [recorded(store, study, f"v{number}") for number, study in enumerate(others)]
    pages = [make_report(store, run, audio=False).page for run in runs]
    assert len({page.read_bytes() for page in pages}) == 3
