"""The report for everyone: read aloud, by keyboard alone, with ears, on paper, in light and in dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from components.report import write_page
from tests.report.fake_study import fake_sounds, full_study
from tests.report.pages import html_of, page_of, text

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def study():
    return full_study()


@pytest.fixture(scope="module")
def address(study, tmp_path_factory):
    return write_page(page_of(study), tmp_path_factory.mktemp("report"), fake_sounds(study)).as_uri()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_no_barrier_on_a_page_with_every_section(visit, scheme, width):
    page = visit(width, 800, scheme)
    sections = "table crossovers augmentation knowledge costs errors ceiling aside failed settings try repeat"
    assert [name for name in sections.split() if not page.locator(f"h2#{name}").count()] == []
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert len(found.response["passes"]) > 20


def test_every_control_is_reached_by_tab_and_shows_that_it_is(visit):
    page = visit()
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a, button, summary, audio, [tabindex="0"]')]
            .filter(each => each.checkVisibility()).map((each, place) => each.dataset.stop = place).length"""
    )
    seen = set()
    while True:
        page.keyboard.press("Tab")
        stop, outline = page.evaluate(
            """() => {
                const now = document.activeElement;
                return [now.dataset.stop ?? null, parseFloat(getComputedStyle(now).outlineWidth)];
            }"""
        )
        if stop is None:
            break
        assert outline >= 2, page.evaluate("document.activeElement.outerHTML")[:200]
        seen.add(stop)
    assert len(seen) == wanted > 40


def test_a_player_has_the_length_of_its_clip_and_a_name(visit, study):
    page = visit()
    players = page.locator("audio")
    seconds = players.evaluate_all(
        """all => Promise.all(all.map(each => new Promise((done, failed) => {
            each.onloadedmetadata = () => done(each.duration);
            each.onerror = () => failed(each.error.message);
            each.preload = 'metadata'; each.load();
        })))"""
    )
    assert seconds == pytest.approx([0.5 + 0.1 * place for place in range(len(fake_sounds(study)))], abs=0.01)
    names = players.evaluate_all("all => all.map(each => each.ariaLabel)")
    assert len(set(names)) == len(names) and all(name.startswith("Listen to test-") for name in names)


def test_a_page_without_sounds_has_no_player_and_says_nothing_of_recordings_in_it(study):
    page = html_of(study)
    assert "<audio" not in page and "--no-audio" not in page and "Where the two differ most" in text(page)


def test_paper_has_all_tables_whole_and_nothing_to_press(visit):
    page = visit(width=690)
    page.emulate_media(media="print")
    assert page.locator("nav:visible, audio:visible, .screen:visible").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 690
    wide = "all => all.filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.ariaLabel)"
    assert page.locator(".scroll:visible").evaluate_all(wide) == []
