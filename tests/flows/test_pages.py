"""Where written pages lie: a folder for each study, the same one whenever it is run again."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from flows.pages import owned_folder, report_folder
from flows.study_diff import make_study_diff
from flows.write_report import make_report
from tests.recorded import made_up, recorded
from tests.study.tracking.small_study import STUDY


def names(store, *studies):
    return [report_folder(store, one).relative_to(store.folder).as_posix() for one in studies]


def test_a_study_run_again_on_other_days_and_code_keeps_its_page(store):
    again = replace(STUDY, fingerprint="s2", dataset={**STUDY.dataset, "fingerprint": "beef"})
    told_otherwise = replace(STUDY, settings={**STUDY.settings, "audio": False, "workers": 1})
    assert names(store, STUDY, again, told_otherwise) == ["reports/digits"] * 3


def test_studies_whose_names_look_alike_have_pages_of_their_own(store):
    first, second = names(store, replace(STUDY, name="x y"), replace(STUDY, name="X-Y"))
    assert first == "reports/x-y" and second.startswith("reports/x-y-") and len(second) == len(first) + 7
    assert names(store, replace(STUDY, name="X-Y"), replace(STUDY, name="x y")) == [second, first]


def test_two_studies_of_one_corpus_without_a_name_have_pages_of_their_own(store):
    first, second = names(store, STUDY, replace(STUDY, settings={"sizes": [20, 80]}))
    assert first == "reports/digits" and second.startswith("reports/digits-")


def test_a_page_on_two_studies_takes_nobodys_place(store, no_pictures):
    recorded(store, made_up(), "v1")
    recorded(store, replace(made_up(sizes=(180,)), name="small"), "v2")
    recorded(store, replace(made_up(), name="First light beside small"), "v3")
    pages = [make_report(store, "First light beside small").page]
    pages.append(make_study_diff(store, "first-light", "small")[1])
    assert len(set(pages)) == 2 and all(page.is_file() for page in pages)


def test_a_name_that_is_too_long_for_a_folder_is_cut(store):
    first, second = names(store, *(replace(STUDY, name="n" * 300 + end) for end in "ab"))
    assert first != second and max(len(first), len(second)) < 100


def test_studies_that_are_written_at_once_all_get_a_folder(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        folders = list(pool.map(lambda owner: owned_folder(tmp_path, "x", f"{owner:032d}"), range(8)))
    assert len(set(folders)) == 8
