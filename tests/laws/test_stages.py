"""The laws of parts and stages, on every one found by walking components/."""

import inspect

import pytest

from components.contract import Framed
from components.laws import hook_laws, laws
from tests.laws.parts import CLASSIFIERS, PARTS, STAGES, usable


def test_the_walk_finds_stages_and_recognisers():
    assert {"Mfcc", "Deltas", "Cmvn", "LogMel"} <= {name.rsplit(".")[-1] for name in STAGES}
    assert len(PARTS) > len(STAGES)


@pytest.mark.parametrize("kind", PARTS.values(), ids=PARTS)
def test_it_builds_with_no_arguments_and_its_constructor_only_stores(kind):
    laws.builds_and_only_stores(kind)


@pytest.mark.parametrize("kind", PARTS.values(), ids=PARTS)
def test_a_clone_has_equal_settings(kind):
    laws.clones(kind)


@pytest.mark.parametrize("kind", PARTS.values(), ids=PARTS)
def test_every_part_says_what_becomes_what(kind):
    laws.says_what_becomes_what(kind)


@pytest.mark.parametrize("law", laws.STAGE_LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize("kind", STAGES.values(), ids=STAGES)
def test_every_stage_keeps_the_laws_of_stages(kind, law):
    law(kind)


@pytest.mark.parametrize("law", laws.CLASSIFIER_LAWS, ids=lambda law: law.__name__)
@pytest.mark.parametrize("kind", CLASSIFIERS.values(), ids=CLASSIFIERS)
def test_every_classifier_of_vectors_keeps_the_laws_of_classifiers(kind, law):
    law(kind)


STATELESS = {name: kind for name, kind in STAGES.items() if getattr(kind, "stateless", False)}
FRAMED = {name: kind for name, kind in STAGES.items() if isinstance(kind(), Framed)}


@pytest.mark.parametrize("kind", STATELESS.values(), ids=STATELESS)
def test_a_stateless_stage_learns_nothing(kind):
    hook_laws.learns_nothing(kind)
    hook_laws.can_be_shared(kind)


@pytest.mark.parametrize("kind", FRAMED.values(), ids=FRAMED)
def test_a_framed_stage_makes_a_frame_every_hop(kind):
    hook_laws.makes_frames_so_often(kind)


FROM_COPIES = {name: kind for name, kind in PARTS.items() if getattr(kind, "learns_from_copies", False)}


@pytest.mark.parametrize("kind", FROM_COPIES.values(), ids=FROM_COPIES)
def test_what_learns_from_copies_is_told_how_many_are_none(kind):
    hook_laws.learns_from_copies(kind, usable)


@pytest.mark.parametrize("kind", PARTS.values(), ids=PARTS)
def test_every_acoustic_model_learns_from_copies(kind):
    takes = inspect.signature(kind.fit).parameters
    told = "lexicon" in takes or "n_originals" in takes
    if told and kind not in FROM_COPIES.values():
        laws.broke(
            kind, "acoustic models learn from copies", "say learns_from_copies = True, see contract.py"
        )


FROM_UNLABELLED = {
    name: kind for name, kind in PARTS.items() if vars(kind).get("learns_from_unlabelled") is True
}


@pytest.mark.parametrize("kind", FROM_UNLABELLED.values(), ids=FROM_UNLABELLED)
def test_what_learns_from_unlabelled_items_learns_otherwise_without_them(kind):
    hook_laws.learns_from_unlabelled(kind, usable)


FROM_SOURCE = {name: kind for name, kind in PARTS.items() if getattr(kind, "learns_from_source", False)}


@pytest.mark.parametrize("kind", FROM_SOURCE.values(), ids=FROM_SOURCE)
def test_what_learns_from_a_source_learns_otherwise_without_it(kind):
    hook_laws.learns_from_source(kind, usable)
