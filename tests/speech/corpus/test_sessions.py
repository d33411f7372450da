"""Names with a session, date or number: whose they are, and where a number is the person."""

import pytest

from components.speech.corpus.sessions import maybe_people, people_of, say_no_name

PEOPLE = ("anna", "ben", "carl")


def each(form, people=PEOPLE, numbers=(1, 2)):
    return [form.format(who, number) for who in people for number in numbers]


@pytest.mark.parametrize(
    "form",
    [
        *("{}_{}", "{} {}", "{}-s{}", "{}_000{}", "{}{}", "{}#{}", "{} ({}", "{}_{}a", "{1}_{0}", "{1}-{0}"),
        *("{}_sess{}", "{} session {}", "{}-mic{}", "{}_day_{}", "{}_utt000{}", "mic{1}_{0}", "train{1}_{0}"),
        *("{}-2020010{}", "{}_2020-01-0{}", "{} 0{}.01.2020", "2020010{1}_{0}", "{} 2020-01-01 10:{}0:00"),
        *("{}-2008042{}-xyz", "{0}_s{1}_mic{1}", "{0}_{1}_000{1}"),
    ],
)
def test_sessions_of_three_people(form):
    names = each(form)
    assert people_of(names) == dict(zip(names, (who for who in PEOPLE for _ in (1, 2)), strict=True))


def test_what_stands_before_a_name_stays():
    assert set(people_of(each("en_{}_{:04d}")).values()) == {"en_anna", "en_ben", "en_carl"}


@pytest.mark.parametrize(
    ("names", "people"),
    [
        (["spk1_1", "spk1_2", "spk2_1", "spk2_2"], {"spk1", "spk2"}),
        (["p225_001", "p225_002", "p226_001", "p226_002"], {"p225", "p226"}),
        (["1234-5678", "1234-5679", "84-121123", "84-121550"], {"1234", "84"}),
        (["anna", "anna_2", "ben", "ben_2", "carl", "carl_2"], set(PEOPLE)),
        (["田中_1", "田中_2", "佐藤_1", "佐藤_2", "鈴木_1", "鈴木_2"], {"田中", "佐藤", "鈴木"}),
        (["spk1_train", "spk1_test", "spk2"], {"spk1"}),
    ],
)
def test_numbered_people_in_sessions(names, people):
    assert set(people_of(names).values()) == people


@pytest.mark.parametrize(
    "names",
    [
        [f"spk_{number}" for number in range(9)],
        [f"speaker{number}" for number in range(9)],
        ["f01", "f02", "m01", "m02", "cf01", "cf02"],
        ["female_1", "female_2", "male_1", "male_2", "child_1", "child_2"],
        ["s001", "s002", "s003"],
        ["1234", "5678", "1235"],
        each("{}{}", ("english", "french", "arabic", "german")),
        each("{}_{}", ("de", "fr", "it", "es")),
        each("site{}_spk{}", (1, 2, 3)),
        each("site{}_{}", (1, 2, 3)),
        each("room_{}_{}", (1, 2, 3)),
        ["fcjf0", "mdab0", "mdab1", "fjsp0", "mtbr0", "fabc0"],
        ["3f2b-1", "99c1-2", "07ab-3"],
        ["sw02001-a", "sw02001-b", "sw02002-a", "sw02002-b"],
        ["anna 1", "anna 2", "ben", "carl", "dora"],
        [],
    ],
)
def test_numbers_that_are_people(names):
    assert people_of(names) == maybe_people(names) == {}


@pytest.mark.parametrize("names", [each("{}_{}", ("young", "anna")), each("{}_{}", ("anna", "ben"))])
def test_a_person_or_one_of_two_kinds(names):
    assert people_of(names) == {}
    assert "anna_1" in maybe_people(names) or "ben_1" in maybe_people(names)


def test_numbers_that_nobody_shares_are_those_of_a_list_of_people():
    names = ["berlin_248", "berlin_251", "hamburg_431", "hamburg_432", "bonn_613", "bonn_704"]
    assert people_of(names) == {}
    assert maybe_people(names)["berlin_248"] == "berlin"  # which is asked, and not decided


def test_one_name_of_all_is_no_person_for_sure():
    assert people_of(["anna_s1", "anna_s2"]) == people_of(["anna_mic1", "anna_mic2"]) == {}
    assert maybe_people(["anna_s1", "anna_s2"]) == {"anna_s1": "anna", "anna_s2": "anna"}


def test_names_that_are_times_or_devices():
    assert say_no_name({"session 1", "session 2"}) and say_no_name({"2020-01-01", "2020-01-02_2"})
    assert (
        not say_no_name({"session 1", "anna"}) and not say_no_name({"session 1"}) and not say_no_name(set())
    )
