"""The parts of a recogniser: its steps, those whose output trials share, what it wraps, what takes copies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.contract import Clip, LearnsFromSource, LearnsTasks, SharesStages, Wrapper


def pipeline_steps(recogniser: Any) -> list[tuple[str, Any]]:
    """A Pipeline -> its steps by name; none for any other part."""
    from sklearn.pipeline import Pipeline  # takes a while to import, and not all that import this need it

    return recogniser.steps if isinstance(recogniser, Pipeline) else []


def stateless_stages(recogniser: Any) -> list[Any]:
    """Recogniser -> its stages of clips that learn nothing, so that their output can be shared.

    Of a Pipeline the first step, if it is a StatelessStage (stages behind it take frames, not clips, and are
    cheap). Any other recogniser may name them: see SharesStages.
    """
    if steps := pipeline_steps(recogniser):
        first = steps[0][1]
        return [first] if getattr(first, "stateless", False) else []
    return list(recogniser.stateless_stages()) if isinstance(recogniser, SharesStages) else []


def unwrapped(recogniser: Any) -> Any:
    """A trained recogniser -> itself, or the one that its Wrapper trained, to the innermost."""
    while isinstance(recogniser, Wrapper):
        recogniser = recogniser.recogniser_
    return recogniser


def task_answers(recogniser: Any, clips: Sequence[Clip]) -> dict[str, list[Any]]:
    """Trained recogniser and clips -> task -> one answer a clip; {} for one that answers with words alone."""
    return recogniser.predict_tasks(clips) if isinstance(recogniser, LearnsTasks) else {}


def learns_from_unlabelled(part: Any) -> bool:
    """Whether a part's fit takes items without texts as well: see LearnsFromUnlabelled."""
    return bool(getattr(part, "learns_from_unlabelled", False))


def learns_from_a_source(system: Any) -> bool:
    """Whether a system is given the examples of a source, with their targets or without."""
    return isinstance(system, LearnsFromSource) or learns_from_unlabelled(system)


def copies_parameter(recogniser: Any, n_originals: int | None) -> dict[str, int]:
    """The parameter that tells fit how many items are no copies; {} if None or the part does not learn so.

    Of a Pipeline it is the last step that is told: {"step__n_originals": ...}.
    """
    name, last = (pipeline_steps(recogniser) or [("", recogniser)])[-1]
    if n_originals is None or not getattr(last, "learns_from_copies", False):
        return {}
    return {f"{name}__n_originals" if name else "n_originals": n_originals}
