"""Two trials that ended together both added their corpus to MLflow, and one of them failed on it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from components.study.tracking import Store
from components.study.tracking.trials import log_dataset

AT_ONCE = 8


def test_trials_that_end_together_all_log_their_corpus(store):
    runs = [store.client.create_run(store.experiment()).info.run_id for _ in range(AT_ONCE)]
    together = Barrier(AT_ONCE)

    def log(run_id: str, number: int) -> None:
        corpus = {"name": f"digits {number}", "notice": "", "fingerprint": f"f00d{number}"}
        one = Store(store.address)
        _ = one.client
        together.wait()
        log_dataset(one, run_id, corpus)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number in range(5):
            list(pool.map(log, runs, [number] * AT_ONCE))
    kept = [len(store.client.get_run(run).inputs.dataset_inputs) for run in runs]
    assert kept == [5] * AT_ONCE
