"""Corpora with one file of prompts for many recordings."""

import pytest

from components.speech.corpus.readers import prompts


def write(path, text, encoding="utf-8"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding=encoding)


def found(path):
    assert prompts.matches(path)
    return [(r.path, r.text, r.speakers, r.part) for r in prompts.read(path).recordings]


def test_ljspeech(put, tmp_path, spoken):
    put("wavs/LJ001-0001.wav")
    put("wavs/LJ001-0002.wav", 2)
    write(tmp_path / "metadata.csv", 'LJ001-0001|in 1 "year|in one "year\nLJ001-0002|two, "three"|\n')
    assert found(tmp_path) == [
        ("wavs/LJ001-0001.wav", 'in one "year', (), ""),
        ("wavs/LJ001-0002.wav", 'two, "three"', (), ""),
    ]
    listing = prompts.read(tmp_path)
    assert (listing.recordings[1].source.read(20)[0] == spoken(2)).all()
    assert listing.recordings[1].where.endswith("metadata.csv, line 2")
    assert listing.reading["layout"] == "LJSpeech, M-AILABS: id|text|normalised text"


@pytest.mark.parametrize(
    "table", ["path|text|speaker\na.wav|one two|anna\n", "a|one two|anna\n", "file_name,text\na.wav,one\n"]
)
def test_another_table_called_metadata_is_not_ljspeech(put, tmp_path, table):
    put("a.wav")
    write(tmp_path / "metadata.csv", table)
    assert not prompts.matches(tmp_path)


def test_m_ailabs_has_speakers_but_for_its_mixed_books(put, tmp_path):
    for folder in ("by_book/female/ada/sea_wolf", "by_book/male/ben/emma", "by_book/mix/tales"):
        put(f"{folder}/wavs/f_01.wav")
        write(tmp_path / folder / "metadata.csv", "f_01|It is 5.|it is five\n")
    assert found(tmp_path) == [
        ("by_book/female/ada/sea_wolf/wavs/f_01.wav", "it is five", ("ada",), ""),
        ("by_book/male/ben/emma/wavs/f_01.wav", "it is five", ("ben",), ""),
        ("by_book/mix/tales/wavs/f_01.wav", "it is five", (), ""),
    ]


def test_css10_has_paths(put, tmp_path):
    put("a/x_01.wav")
    put("b/x_01.wav", 2)
    write(tmp_path / "transcript.txt", "a/x_01.wav|Eins.|eins|1.2\nb/x_01.wav|Zwei.|zwei|0.8\n")
    assert found(tmp_path) == [("a/x_01.wav", "eins", (), ""), ("b/x_01.wav", "zwei", (), "")]


def test_mls(put, tmp_path):
    for part, name in (("train", "10148_10119_000000"), ("dev", "20_30_000001")):
        speaker, book, _ = name.split("_")
        put(f"{part}/audio/{speaker}/{book}/{name}.flac")
        write(tmp_path / part / "transcripts.txt", f"{name}\tso sprach er\n")
    assert found(tmp_path) == [
        ("dev/audio/20/30/20_30_000001.flac", "so sprach er", ("20",), "dev"),
        ("train/audio/10148/10119/10148_10119_000000.flac", "so sprach er", ("10148",), "train"),
    ]


def test_voxforge_counts_anonymous_people_one_by_one(put, tmp_path):
    for folder in (
        "Aaron-20080318-kdl",
        "Aaron-20080319-abc",
        "anonymous-20080318-aaa",
        "anonymous-20080319-bbb",
    ):
        put(f"{folder}/wav/a0001.wav")
        write(tmp_path / folder / "etc" / "PROMPTS", f"{folder}/mfc/a0001 AUTHOR OF THE DANGER\n")
    assert {(text, speakers) for _, text, speakers, _ in found(tmp_path)} == {
        ("AUTHOR OF THE DANGER", ("Aaron",)),
        ("AUTHOR OF THE DANGER", ("anonymous-20080318-aaa",)),
        ("AUTHOR OF THE DANGER", ("anonymous-20080319-bbb",)),
    }
    assert len({path for path, *_ in found(tmp_path)}) == 4


def test_voxforge_with_two_files_of_prompts_is_read_once(put, tmp_path):
    put("ada-2008-x/wav/a0001.wav")
    put("ben-2008-y/wav/b0001.wav")
    write(tmp_path / "ada-2008-x/etc/PROMPTS", "ada-2008-x/mfc/a0001 ONE\n")
    write(tmp_path / "ada-2008-x/etc/prompts-original", "a0001 One.\n")
    write(tmp_path / "ben-2008-y/etc/prompts-original", "b0001 Two.\n")
    assert [(text, who) for _, text, who, _ in found(tmp_path)] == [("ONE", ("ada",)), ("Two.", ("ben",))]


def test_a_line_index_of_more_columns_is_another_form(put, tmp_path):
    put("khm_0001.wav")
    write(tmp_path / "line_index.tsv", "khm_0001\towner\t17\ttext\n")
    assert not prompts.matches(tmp_path)


def test_festvox(put, tmp_path):
    for voice in ("cmu_us_bdl_arctic", "cmu_us_slt_arctic"):
        put(f"{voice}/wav/arctic_a0001.wav")
        write(tmp_path / voice / "etc" / "txt.done.data", '( arctic_a0001 "Author, \\"etc\\"." )\n')
    assert found(tmp_path) == [
        ("cmu_us_bdl_arctic/wav/arctic_a0001.wav", 'Author, "etc".', ("cmu_us_bdl_arctic",), ""),
        ("cmu_us_slt_arctic/wav/arctic_a0001.wav", 'Author, "etc".', ("cmu_us_slt_arctic",), ""),
    ]


def test_an4(put, tmp_path):
    put("wav/an4_clstk/fash/an251-fash-b.sph")
    put("wav/an4test_clstk/fcaw/an406-fcaw-b.sph")
    write(tmp_path / "etc" / "an4_train.transcription", "<s> YES </s> (an251-fash-b)\n")
    write(tmp_path / "etc" / "an4_test.transcription", "RUBOUT G M E F (an406-fcaw-b)\n")
    assert found(tmp_path) == [
        ("wav/an4test_clstk/fcaw/an406-fcaw-b.sph", "RUBOUT G M E F", ("fcaw",), "test"),
        ("wav/an4_clstk/fash/an251-fash-b.sph", "YES", ("fash",), "train"),
    ]


def test_aishell_1_has_its_parts_in_folders_of_audio(put, tmp_path):
    put("wav/train/S0002/BAC009S0002W0122.wav")
    put("wav/test/S0764/BAC009S0764W0121.wav")
    lines = "BAC009S0002W0122 而 对 楼市\nBAC009S0764W0121 甚至 出现\n"
    write(tmp_path / "transcript" / "aishell_transcript_v0.8.txt", lines)
    assert found(tmp_path) == [
        ("wav/train/S0002/BAC009S0002W0122.wav", "而 对 楼市", ("S0002",), "train"),
        ("wav/test/S0764/BAC009S0764W0121.wav", "甚至 出现", ("S0764",), "test"),
    ]


def test_aidatatang_is_written_as_aishell_1(put, tmp_path):
    put("corpus/train/G0013/T0055G0013S0001.wav")
    put("corpus/dev/G0002/T0055G0002S0002.wav")
    lines = "T0055G0013S0001 以后 你 是\nT0055G0002S0002 我要 做\n"
    write(tmp_path / "transcript" / "aidatatang_200_zh_transcript.txt", lines)
    assert found(tmp_path) == [
        ("corpus/train/G0013/T0055G0013S0001.wav", "以后 你 是", ("G0013",), "train"),
        ("corpus/dev/G0002/T0055G0002S0002.wav", "我要 做", ("G0002",), "dev"),
    ]


def test_mucs_has_audio_beside_its_transcription(put, tmp_path):
    for part in ("train", "test"):
        put(f"Hindi/{part}/audio/{part}_01.wav")
        write(tmp_path / "Hindi" / part / "transcription.txt", f"{part}_01 एक दो\n")
    assert found(tmp_path) == [
        ("Hindi/test/audio/test_01.wav", "एक दो", (), "test"),
        ("Hindi/train/audio/train_01.wav", "एक दो", (), "train"),
    ]
    (tmp_path / "Hindi" / "train" / "audio").rename(tmp_path / "Hindi" / "train" / "sound")
    (tmp_path / "Hindi" / "test" / "audio").rename(tmp_path / "Hindi" / "test" / "sound")
    assert not prompts.matches(tmp_path)


def test_magicdata_and_openslr_name_speakers_in_columns(put, tmp_path):
    put("magic/train/38_5716/38_5716_1.wav")
    write(
        tmp_path / "magic/train/TRANS.txt",
        "UtteranceID\tSpeakerID\tTranscription\n38_5716_1.wav\t38_5716\t六六年\n",
    )
    assert found(tmp_path / "magic") == [("train/38_5716/38_5716_1.wav", "六六年", ("38_5716",), "")]
    put("jv/data/00/0001.flac")
    write(tmp_path / "jv" / "utt_spk_text.tsv", "0001\tspk9\tSiji loro\n")
    assert found(tmp_path / "jv") == [("data/00/0001.flac", "Siji loro", ("spk9",), "")]
    put("tts/jvf_00264_0001.wav")
    write(tmp_path / "tts" / "line_index.tsv", "jvf_00264_0001\tSiji loro\n")
    assert found(tmp_path / "tts") == [("jvf_00264_0001.wav", "Siji loro", ("jvf_00264",), "")]


def test_jsut_is_one_voice_and_jvs_a_hundred(put, tmp_path):
    for folder in ("basic5000", "jvs001/parallel100", "jvs002/parallel100"):
        put(f"{folder}/wav/A_0001.wav")
        name = "transcript_utf8.txt" if folder == "basic5000" else "transcripts_utf8.txt"
        write(tmp_path / folder / name, "A_0001:水をマレーシア\n")
    assert [speakers for _, _, speakers, _ in found(tmp_path)] == [(), ("jvs001",), ("jvs002",)]


def test_missing_audio_is_set_aside_by_its_name(put, tmp_path):
    put("wav/a0001.wav")
    write(tmp_path / "etc" / "PROMPTS", "x/mfc/a0001 ONE\nx/mfc/a0002 TWO\n")
    recordings = prompts.read(tmp_path).recordings
    assert [recording.text for recording in recordings] == ["ONE", "TWO"]
    with pytest.raises(ValueError, match=r"no such file: .*a0002\.wav"):
        recordings[1].source.read(20)


def test_a_line_of_another_form_is_named(put, tmp_path):
    put("wav/arctic_a0001.wav")
    write(tmp_path / "etc" / "txt.done.data", '( arctic_a0001 "One." )\narctic_a0002 Two.\n')
    with pytest.raises(
        ValueError, match=r"txt\.done\.data, line 2: expected '\( id \"text\" \)' as in Festvox"
    ):
        prompts.read(tmp_path)


def test_an_empty_folder_is_refused(tmp_path):
    assert not prompts.matches(tmp_path)
    with pytest.raises(ValueError, match="has no file of prompts; expected one file of prompts"):
        prompts.read(tmp_path)
