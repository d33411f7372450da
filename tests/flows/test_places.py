"""Scheduled runs measure what they are asked to, at their deployment's places."""

import pytest
from prefect.client.orchestration import get_client
from prefect.flow_engine import run_flow
from prefect.settings import PREFECT_API_URL, temporary_settings

from components.speech.corpus import is_named
from components.subjects import check_study
from flows.compare import compare
from flows.places import ALLOW, PLACES, as_deployed, serve_places

DEPLOYED = {"corpus": "/corpora/mine.csv", "tracking": "http://127.0.0.1:5000", "draws": 2}


def test_a_run_may_measure_anything_at_its_deployments_places():
    asked = {"corpus": "fsdd", "draws": 5, "recognisers": ["mel-ctc"]}
    assert as_deployed(asked, DEPLOYED) == asked | {"tracking": DEPLOYED["tracking"]}
    assert as_deployed({}, DEPLOYED) == {"corpus": DEPLOYED["corpus"], "tracking": DEPLOYED["tracking"]}
    assert as_deployed(DEPLOYED, DEPLOYED) == DEPLOYED


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tracking", "http://evil.example:5000"),
        ("corpus", "/etc/passwd"),
        ("corpus", "strings:/etc/passwd"),
        ("data", "/etc"),
        ("dask", "tcp://evil.example:8786"),
        ("subject", "evil:SUBJECT"),
        ("grammar", "/etc/passwd"),
        ("lexicon", "/etc/passwd"),
        ("lm_text", "/etc/passwd"),
        ("lm", "/etc/passwd"),
        ("recipe", ["/tmp/evil.toml"]),
        ("plugin", ["/tmp/evil.py"]),
        ("trust", "os"),
    ],
)
def test_a_run_may_not_name_another_store_path_or_command(name, value, monkeypatch):
    with pytest.raises(ValueError) as failure:
        as_deployed({name: value}, DEPLOYED)
    assert str(failure.value) == (
        f"a scheduled run expected its deployment's {name}, got {str(value)!r}; leave it out, or let its "
        f"runs name others: crossover serve --allow {name}, or CROSSOVER_ALLOW={name} where they run."
    )
    monkeypatch.setenv(ALLOW, f"name, {name}")
    assert as_deployed({name: value}, DEPLOYED)[name] == value


def test_a_deployment_that_was_altered_since_it_was_served_is_no_deployment(monkeypatch):
    for name, value in serve_places(check_study({"corpus": "fsdd", "tracking": "here"})).items():
        monkeypatch.setenv(name, value)
    assert as_deployed({}, {"corpus": "fsdd", "tracking": "here"}) == {"tracking": "here"}
    with pytest.raises(ValueError, match="expected its deployment's tracking, got 'there'"):
        as_deployed({}, {"corpus": "fsdd", "tracking": "there"})


def test_what_is_allowed_reaches_the_processes_of_runs():
    variables = serve_places(check_study({"corpus": "fsdd"}), "tracking,corpus")
    assert variables == {PLACES: "{}", ALLOW: "tracking,corpus"}


def test_only_places_can_be_allowed():
    with pytest.raises(ValueError) as failure:
        serve_places(check_study({}), "tracking,draws")
    assert str(failure.value) == (
        "--allow expected names out of corpus, data, recipe, source, source_data, grammar, lexicon, lm_text, "
        "lm, subject, plugin, tracking, trust, dask, got 'draws'."
    )


@pytest.mark.parametrize(
    ("corpus", "named"),
    [
        ("fsdd", True),
        ("speech-commands:yes,no", True),
        ("strings:fsdd", True),
        ("strings:fsdd.csv", False),
        ("strings:strings:x/y", False),
        ("strings", False),
        ("my.csv", False),
    ],
)
def test_a_corpus_is_named_or_a_place(corpus, named):
    assert is_named(corpus) == named


def test_a_run_that_names_another_store_fails_with_the_way_out_and_writes_nothing_there(server, tmp_path):
    parameters = {"study": {"corpus": "fsdd", "tracking": str(tmp_path / "elsewhere")}}
    with temporary_settings({PREFECT_API_URL: server}), get_client(sync_client=True) as client:
        flow = client.create_flow_from_name("compare")
        asked = {"study": {"corpus": "fsdd", "tracking": str(tmp_path / "here")}}
        deployment = client.create_deployment(flow, "places", parameters=asked)
        flow_run = client.create_flow_run_from_deployment(deployment, parameters=parameters)
        state = run_flow(compare, flow_run=flow_run, return_type="state")
        assert client.read_flow_run(flow_run.id).state.message == state.message
    assert state.is_failed()
    assert "ValueError: a scheduled run expected its deployment's tracking, got " in state.message
    assert "crossover serve --allow tracking" in state.message
    assert list(tmp_path.iterdir()) == []
