"""Several corpora as one: their recordings side by side, each named after its corpus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from components.speech.corpus.manifest import Entry, Manifest

JOIN = " + "  # between the names of corpora that are pooled


def pool(manifests: Mapping[str, Manifest]) -> Manifest:
    """Name of each corpus -> its manifest -> one manifest of all.

    Recordings and speakers are called by the name of their corpus and their own: nobody speaks in two. Where
    any corpus declares a split, those that declare none are trained on. Raises ValueError for corpora of
    several languages, whose words no one dictionary pronounces.
    """
    languages = list(dict.fromkeys(one.language for one in manifests.values()))
    if len(languages) > 1:
        raise ValueError(
            f"{JOIN.join(manifests)} expected corpora of one language, got {', '.join(languages)}; pool "
            "those of one language alone."
        )
    all_of = list(manifests.values())
    split = any(entry.part for one in all_of for entry in one.entries)
    return Manifest(
        title=JOIN.join(one.title for one in all_of),
        notice=" ".join(dict.fromkeys(one.notice for one in all_of)),
        language=languages[0],
        rate=min((one.rate for one in all_of if one.rate), default=None),
        entries=[entry for name, one in manifests.items() for entry in _entries(name, one, split)],
        synthetic=all(one.synthetic for one in all_of),
        published=all(one.published for one in all_of),
        unit=all_of[0].unit,
        checks=[check for one in all_of for check in one.checks],
    )


def _entries(name: str, manifest: Manifest, split: bool) -> Iterator[Entry]:
    for entry in manifest.entries:
        yield replace(
            entry,
            name=f"{name}/{entry.name}",
            speaker=entry.speaker and f"{name}/{entry.speaker}",
            part=entry.part or ("train" if split else ""),
            phonemes=None,  # corpora differ in the phones that they write
        )
