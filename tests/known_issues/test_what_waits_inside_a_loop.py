"""Inside a running event loop, Prefect's logs and events were not waited for: a coroutine nobody awaited."""

import asyncio
import gc
from concurrent.futures import ThreadPoolExecutor

from prefect.logging.handlers import APILogWorker

from flows.server import send_what_waits


def test_what_prefect_has_to_send_is_waited_for_where_a_loop_runs(monkeypatch, recwarn):
    returned, drain = [], APILogWorker.drain_all

    def watched(**settings):
        returned.append(drain(**settings))
        return returned[-1]

    monkeypatch.setattr(APILogWorker, "drain_all", watched)

    async def within_a_loop():
        send_what_waits()

    with ThreadPoolExecutor(1) as thread:  # a browser of other tests may have a loop in this one
        thread.submit(asyncio.run, within_a_loop()).result()
    gc.collect()
    assert [type(one).__name__ for one in returned] == ["DoneAndNotDoneFutures"]
    assert [str(one.message) for one in recwarn if "never awaited" in str(one.message)] == []
