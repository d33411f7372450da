"""Spotters of every kind on real recordings: the same in pieces and as a whole, saved, and beside others."""

from itertools import pairwise

import numpy as np
import pytest
from sklearn.base import clone

from components.keywords import stream as streams_of
from components.keywords.recipes import RECIPES
from components.keywords.scoring import metrics, score
from components.keywords.stream import halves, in_rooms
from components.keywords.track import threshold_for
from components.speech.features.store import shared_features
from components.study.saving import load, save
from components.study.subject import Evaluation

QUICK = {"detector__steps": 30, "detector__channels": 16, "detector__filler_components": 8, "copies": 2}


def built(name):
    spotter = RECIPES[name].build()
    known = spotter.get_params(deep=True)
    return spotter.set_params(**{knob: value for knob, value in QUICK.items() if knob in known})


def side(dataset, part):
    rows = [row for row, own in enumerate(dataset.parts) if own == part]
    return rows, *dataset.labelled(rows)


@pytest.fixture(scope="module", params=RECIPES)
def trained(request, wake_words):
    _, streams, said = side(wake_words, "train")
    return built(request.param).fit(streams[:10], said[:10], wake_words.background[:4])


def test_a_stream_in_pieces_has_the_scores_of_the_whole(trained, wake_words):
    stream = wake_words.examples[0]
    (whole,) = trained.predict([stream])
    listener, samples = trained.listen(), stream.samples
    cuts = np.cumsum(np.random.default_rng(0).integers(1, 6000, 200))
    parts = [listener.scores(piece) for piece in np.split(samples, cuts[cuts < len(samples)])]
    np.testing.assert_allclose(np.concatenate(parts), whole.scores, atol=2e-3)


def test_it_is_heard_in_the_stream_when_the_track_says_so(trained, wake_words):
    stream = wake_words.examples[0]
    (track,) = trained.predict([stream])
    trained = clone_with_threshold(trained, float(np.sort(track.scores)[-5]))
    (track,), listener = trained.predict([stream]), trained.listen()
    heard = [one for piece in np.array_split(stream.samples, 9) for one in listener.push(piece)]
    assert heard[0][0] == pytest.approx(track.seconds(int(np.flatnonzero(track.scores >= 0)[0])), abs=0.05)
    assert all(later[0] - one[0] >= 1 for one, later in pairwise(heard))


def clone_with_threshold(trained, higher):
    other = clone(trained)
    other.__dict__.update({**trained.__dict__, "threshold_": trained.threshold_ + higher})
    return other


def test_scores_depend_on_no_stream_beside_it(trained, wake_words):
    alone = trained.predict(wake_words.examples[:1])[0]
    beside = trained.predict([wake_words.background[0], wake_words.examples[0]])[1]
    np.testing.assert_allclose(beside.scores, alone.scores, atol=2e-3)


def test_saved_and_loaded_it_hears_the_same(trained, wake_words, tmp_path):
    save(trained, tmp_path)
    (before,), (after,) = (one.predict(wake_words.examples[:1]) for one in (trained, load(tmp_path)))
    np.testing.assert_array_equal(after.scores, before.scores)


def test_its_metrics_say_what_was_missed_and_what_was_heard_by_mistake(trained, wake_words):
    rows, streams, said = side(wake_words, "test")
    tracks = trained.predict(streams)
    table = score([wake_words.ids[row] for row in rows], [""] * len(rows), said, tracks)
    measured = metrics(Evaluation(trained, [], streams, said, tracks, table, 1.0, 1.0))
    assert len(table) == 6 and set(table["errors"]) <= {0, 1} and (table["total"] == 1).all()
    assert (table["errors"] == (table["peak"] < 0)).all()
    low, rate, high = (measured[f"false_alarms_per_hour{end}"] for end in ("_low", "", "_high"))
    assert low <= rate == measured["false_alarms"] / measured["background_hours"] <= high
    assert high - low >= 3.6 / measured["background_hours"]


def test_one_seed_gives_one_spotter(wake_words):
    _, streams, said = side(wake_words, "train")
    spotters = [built("mel-gru").fit(streams[:3], said[:3], wake_words.background[:2]) for _ in range(2)]
    one, other = (spotter.predict(wake_words.examples[:1])[0].scores for spotter in spotters)
    np.testing.assert_array_equal(one, other)


def test_the_background_that_sets_the_threshold_is_not_learned_from(wake_words):
    learned, held_out = halves(wake_words.background)
    assert learned and held_out and not {s.name for s in learned} & {s.name for s in held_out}
    before = {s.pieces[0].name for s in wake_words.examples if s.room is None}
    assert not before & {piece.name for stream in held_out for piece in stream.pieces}


def test_what_is_heard_in_rooms_is_computed_once_for_all_trials(wake_words, tmp_path, monkeypatch):
    _, streams, said = side(wake_words, "train")
    rooms, rendered = [], streams_of.in_room
    monkeypatch.setattr(streams_of, "in_room", lambda *some: rooms.append(some) or rendered(*some))

    def trial(name, size):
        spotter = built(name).fit(streams[:size], said[:size], wake_words.background[:4])
        return spotter.predict(wake_words.examples[-3:])

    alone = trial("query-dtw", 4)
    with shared_features(tmp_path):
        first = trial("query-dtw", 4)
        rooms.clear()
        again = trial("query-dtw", 4)
        assert not rooms, "streams were put into their rooms again"
        trial("keyword-hmm", 5)
        assert len(rooms) == 2, "one more recording of the keyword, in two rooms"
    for one, other, third in zip(alone, first, again, strict=True):
        np.testing.assert_array_equal(one.scores, other.scores)
        np.testing.assert_array_equal(one.scores, third.scores)


def test_the_threshold_is_set_in_several_rooms(trained, wake_words):
    held_out = halves(wake_words.background[:4])[1]
    rooms = in_rooms(held_out, 4, 10.0)
    assert len({(one.name, one.room) for one in rooms}) == 4 * len(held_out)
    hours = sum(one.seconds for one in held_out) / 3600
    assert trained.calibration_hours_ == pytest.approx(hours)
    assert trained.threshold_ == threshold_for(trained.tracks(rooms), int(0.5 * 4 * hours))
