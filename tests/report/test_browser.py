"""The report opened in headless Chromium: it works, is quiet, fits a phone, obeys the keyboard."""

from dataclasses import replace

import pytest

from components.report import write_page
from components.report.study_diff import compare_studies, write_study_diff
from tests.report.fake_study import TRUTH, fake_study
from tests.report.pages import REPLICATIONS, findings_of, page_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def record():
    study = fake_study(utterances=60)
    table = study.trials[-1].scores
    texts = table.assign(reference=["<script>window.hurt = 1</script>", *table["reference"][1:]])
    return replace(study, trials=[*study.trials[:-1], replace(study.trials[-1], scores=texts)])


@pytest.fixture(scope="module")
def address(record, tmp_path_factory):
    return write_page(page_of(record), tmp_path_factory.mktemp("report")).as_uri()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_first_screen_is_the_sentence_and_the_picture(visit, record, width, height):
    page = visit(width, height)
    assert page.inner_text("h1") == findings_of(record).sentence
    box = page.locator("svg.chart:visible").first.bounding_box()
    assert box["y"] + box["height"] < height


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground_in_light_and_in_dark(visit, scheme):
    page = visit(scheme=scheme)
    shades = page.evaluate(
        """names => names.map(name => {
            const probe = document.body.appendChild(document.createElement('i'));
            probe.style.color = `var(${name})`;
            return getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map(Number);
        })""",
        ["--ink", "--soft", "--accent", "--l0", "--l1", "--l2", "--l3", "--paper", "--card"],
    )
    *inks, paper, card = [luminance(shade) for shade in shades]
    for place, ink in enumerate(inks):
        for ground in (paper, card):
            ratio = (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05)
            assert ratio >= (4.5 if place < 3 else 3.0)


def luminance(shade):
    linear = [
        c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in (part / 255 for part in shade)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("width", [320, 390, 768])
def test_the_page_never_scrolls_sideways(visit, width):
    page = visit(width=width, height=800)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("svg.chart:visible").count() >= 4


def test_pointing_at_the_picture_reads_all_recognisers_there(visit, record):
    page = visit()
    chart = page.locator("svg.chart:visible").first
    chart.hover(position={"x": 600, "y": 200})
    tip = page.inner_text(".tip")
    assert "labelled utterances" in tip and all(name in tip for name in TRUTH)


def test_arrow_keys_step_through_the_sizes_and_say_them(visit):
    page = visit()
    page.locator("svg.chart:visible").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.inner_text(".tip").startswith("30 labelled utterances")
    page.keyboard.press("ArrowRight")
    assert page.inner_text(".tip").startswith("75 labelled utterances")
    assert "75 labelled utterances" in page.text_content("#live")
    page.keyboard.press("Escape")
    assert page.locator(".tip").count() == 0


def test_a_recogniser_can_be_hidden_and_shown_again(visit):
    page = visit()
    button, line = page.locator(".legend button").first, page.locator("svg.chart:visible g.line").first
    assert line.is_visible()
    button.click()
    assert button.get_attribute("aria-pressed") == "false" and not line.is_visible()
    button.click()
    assert line.is_visible()


def test_a_transcript_with_a_script_is_text_and_does_not_run(visit):
    page = visit()
    assert page.evaluate("window.hurt") is None
    assert page.locator("script").count() == 1


def test_every_control_and_table_can_be_reached_and_has_a_name(visit):
    page = visit()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, a, [tabindex="0"], summary')].filter(element =>
            !(element.textContent.trim() || element.getAttribute('aria-label'))).length"""
    )
    assert nameless == 0
    assert page.evaluate("[...document.querySelectorAll('[tabindex]')].every(e => e.tabIndex === 0)")


def test_a_study_that_failed_altogether_opens_quietly(visit, tmp_path):
    record = fake_study({"mel-ctc": TRUTH["mel-ctc"]}, (30,), 1, failing=lambda *_: True)
    page = visit(at=write_page(page_of(record), tmp_path).as_uri())
    assert "the only trial failed" in page.inner_text("h1")


@pytest.mark.parametrize("scheme, width", [("light", 1100), ("dark", 390)])
def test_a_study_with_and_without_augmentation_fits_and_names_its_parts(visit, tmp_path, scheme, width):
    truth = {f"mel-ctc:{how}": TRUTH["mel-ctc"] for how in ("plain", "augmented")}
    file = write_page(page_of(fake_study(truth, utterances=36)), tmp_path)
    page = visit(width=width, scheme=scheme, at=file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert "faster or slower" in page.inner_text("section[aria-labelledby=augmentation]")


@pytest.mark.parametrize("scheme, width", [("light", 1100), ("dark", 390)])
def test_two_studies_side_by_side_fit_and_are_read_by_arrow_keys(visit, record, tmp_path, scheme, width):
    other = replace(fake_study(utterances=60), name="another")
    comparison = compare_studies(record, other, REPLICATIONS)
    page = visit(width=width, scheme=scheme, at=write_study_diff(comparison, tmp_path).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.inner_text("h1") == comparison.verdict
    page.locator("svg.chart:visible").focus()
    page.keyboard.press("ArrowRight")
    assert "mel-ctc, A: " in page.inner_text(".tip") and "mel-ctc, B: " in page.inner_text(".tip")


def test_it_prints(visit, tmp_path):
    assert len(visit().pdf(path=str(tmp_path / "report.pdf"))) > 20_000
