"""Connected strings of real voices."""

import pytest

from components.speech.corpus import read_corpus, spoken_commands


@pytest.fixture(scope="module")
def both(recordings, tmp_path_factory):
    cache = tmp_path_factory.mktemp("cache")
    return read_corpus("fsdd", data=recordings, cache=cache), read_corpus(
        "strings:fsdd", data=recordings, cache=cache
    )


def test_each_clip_is_in_one_string_of_its_own_speaker_and_part(both):
    words, strings = both
    facts = {
        clip.name: (clip.speaker, part, text)
        for clip, part, text in zip(words.clips, words.parts, words.texts, strict=True)
    }
    used = []
    for clip, part, text in zip(strings.clips, strings.parts, strings.texts, strict=True):
        names = clip.tags["clips"].split()
        used += names
        assert [facts[name] for name in names] == [(clip.speaker, part, word) for word in text.split()]
    assert sorted(used) == sorted(facts)


def test_strings_have_1_to_7_words_and_sound_as_long_as_they_are(both):
    words, strings = both
    seconds = {clip.name: clip.seconds for clip in words.clips}
    for clip, text in zip(strings.clips, strings.texts, strict=True):
        count, spoken = len(text.split()), sum(seconds[name] for name in clip.tags["clips"].split())
        assert 1 <= count <= 7 and spoken + 0.019 * count < clip.seconds < spoken + 0.36 * count
    assert {len(text.split()) for text in strings.texts} == set(range(1, 8))
    assert "not spoken in one breath" in strings.notice and "CC BY-SA" in strings.notice


def test_the_seed_decides(both, recordings, tmp_path):
    again = read_corpus("strings:fsdd", data=recordings, cache=tmp_path)
    other = read_corpus("strings:fsdd", data=recordings, cache=tmp_path, seed=1)
    assert again.fingerprint == both[1].fingerprint != other.fingerprint


def test_connected_speech_is_not_joined(monkeypatch, tmp_path):
    monkeypatch.setattr(spoken_commands, "TRAIN", 9)
    monkeypatch.setattr(spoken_commands, "TEST", 3)
    with pytest.raises(
        ValueError,
        match=r"^strings: joins a corpus of single words, but 'spoken-commands' has the text '.+'; use that",
    ):
        read_corpus("strings:spoken-commands", cache=tmp_path)
