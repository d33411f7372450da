"""One bad recording never stops a corpus: it is set aside by name, with its reason."""

import shutil

import numpy as np
import pytest
import soundfile

from components.speech.corpus import read_corpus

NOISE = np.random.default_rng(0).normal(0, 0.1, 16000).astype(np.float32)


@pytest.fixture
def folder(tmp_path):
    """A manifest of two good recordings and every kind of bad one."""
    made = tmp_path / "made"
    made.mkdir()
    whole = ("good.wav", "good.flac", "twice.wav", "wordless.wav", "cut.flac", "cut.wav")
    for place, name in enumerate(whole):
        soundfile.write(made / name, NOISE * 0.9**place, 16000)
    for name in ("cut.flac", "cut.wav"):
        (made / name).write_bytes((made / name).read_bytes()[:15000])
    (made / "nothing.wav").touch()
    (made / "letter.wav").write_text("Dear Sir, this is no recording.")
    soundfile.write(made / "nan.wav", np.where(np.arange(16000) % 100, NOISE, np.nan), 16000, subtype="FLOAT")
    soundfile.write(made / "silent.wav", np.full(16000, 0.2), 16000)
    soundfile.write(made / "long.wav", np.tile(NOISE, 60), 16000)
    soundfile.write(made / "short.wav", NOISE[:800], 16000)
    soundfile.write(made / "headonly.wav", NOISE[:0], 16000)
    rows = ["path,text,speaker"]
    rows += [
        f"{path.name},{'...' if path.stem == 'wordless' else 'one two'},ann"
        for path in sorted(made.iterdir())
    ]
    rows += ["twice.wav,one two,ann", "gone.wav,one two,ann"]
    (made / "all.csv").write_text("\n".join(rows))
    return made


def test_each_bad_recording_is_set_aside_with_its_reason(folder, tmp_path):
    corpus = read_corpus(str(folder / "all.csv"), cache=tmp_path)
    assert [clip.name for clip in corpus.clips] == ["good.flac", "good.wav", "twice.wav"]
    assert {(recording.name, recording.reason) for recording in corpus.set_aside} == {
        ("cut.flac", "unreadable or cut off: flac decoder lost sync"),
        ("cut.wav", "truncated: data : 32000 (should be 14956) bytes"),
        ("gone.wav", f"no such file: {folder / 'gone.wav'}"),
        ("headonly.wav", "empty: no samples"),
        ("letter.wav", "text, not sound; it begins 'Dear Sir, this is no recording.'"),
        ("long.wav", "60.0 s long, the limit is 20 s"),
        ("nan.wav", "not finite: 160 samples are NaN or infinite"),
        ("nothing.wav", "empty: the file has no bytes"),
        ("short.wav", "0.050 s long, at least 0.1 s expected"),
        ("silent.wav", "silent: nothing above -80 dB of full scale"),
        ("twice.wav", "another recording has this name"),
        ("wordless.wav", "no word in its text: '...'"),
    }


def test_a_cut_off_opus_file_is_set_aside(recordings, tmp_path):
    whole = next((recordings / "speech_commands" / "go").iterdir())
    for word, content in {"go": whole.read_bytes(), "up": whole.read_bytes()[:1500]}.items():
        (tmp_path / word).mkdir()
        (tmp_path / word / whole.name).write_bytes(content)
    corpus = read_corpus("speech-commands", data=tmp_path, cache=tmp_path / "cache")
    assert corpus.texts == ["go"] and [recording.name for recording in corpus.set_aside] == [
        f"up/{whole.stem}"
    ]


def test_the_limit_is_the_callers(folder, tmp_path):
    corpus = read_corpus(str(folder / "all.csv"), cache=tmp_path, max_seconds=61)
    assert "long.wav" in [clip.name for clip in corpus.clips]


def test_nothing_usable_is_an_error_that_says_why(folder, tmp_path):
    for name in ("good.wav", "good.flac", "twice.wav"):
        shutil.copy(folder / "silent.wav", folder / name)
    with pytest.raises(ValueError) as error:
        read_corpus(str(folder / "all.csv"), cache=tmp_path)
    assert str(error.value) == (
        f"All 15 recordings of the corpus {str(folder / 'all.csv')!r} had to be set aside: silent: nothing "
        "above -80 dB of full scale (4); unreadable or cut off: flac decoder lost sync (1); "
        "truncated: data : 32000 (should be 14956) bytes (1); first 'cut.flac'. "
        "Mend these files or give other ones."
    )


def test_an_empty_manifest_is_an_error(tmp_path):
    (tmp_path / "none.csv").write_text("path,text\n")
    with pytest.raises(ValueError) as error:
        read_corpus(str(tmp_path / "none.csv"), cache=tmp_path)
    assert str(error.value) == (
        f"The corpus {str(tmp_path / 'none.csv')!r} has no recordings; "
        "give a folder or manifest that lists some."
    )


def test_mixed_rates_and_channels_become_the_commonest_rate_and_one_channel(tmp_path):
    tone = np.sin(2 * np.pi * 440 * np.arange(44100) / 44100).astype(np.float32) * 0.5
    for name, rate in {"a": 16000, "b": 16000, "c": 8000}.items():
        level = {"a": 0.5, "b": 0.5001, "c": 0.5}[name]  # of the same samples one would be set aside
        samples = np.sin(2 * np.pi * 440 * np.arange(rate) / rate) * level
        soundfile.write(tmp_path / f"{name}.wav", samples, rate)
    soundfile.write(tmp_path / "d.wav", np.stack([tone, tone], 1), 44100)
    (tmp_path / "all.csv").write_text("path,text\n" + "".join(f"{name}.wav,one\n" for name in "abcd"))
    corpus = read_corpus(str(tmp_path / "all.csv"), cache=tmp_path / "cache")
    assert corpus.rate == 16000 and [len(clip.samples) for clip in corpus.clips] == [16000] * 4
    expected = corpus.clips[0].samples[400:-400]
    for clip in corpus.clips[1:]:
        assert np.abs(clip.samples[400:-400] - expected).max() < 0.002, clip.name
