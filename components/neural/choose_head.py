"""Dev clips -> which CTC head of a network decodes, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import ctc_loss

from components.neural.decoding.config import (
    GRAPH,
    GREEDY,
    LEXICON_FREE,
    DecodingConfig,
    choose_decoding,
    clips_to_compare_on,
    fit_calibrator,
    may_be_greedy,
)
from components.neural.decoding.decoder import Decoder
from components.neural.decoding.graph_decoder import PRIOR_CLIPS, fit_graph_decoder
from components.neural.inference import NetworkOutput, forward_heads
from components.neural.model.heads import Targets
from components.neural.model.network import CTC, Network
from components.neural.tokenizer import BLANK, Tokenizer
from components.neural.training.data import TrainingData
from components.study.choices import Choice, simplest_within_luck

CHOICE_CLIPS = 100
STUCK = 4  # times the nats of the first head: one that has taken a sound for silence has eight times and more
DEV_ERRORS = "word errors on dev clips"


def choose_head(
    settings: Any,
    network: Network,
    data: TrainingData,
    texts: Sequence[str],
    tokenizers: Mapping[str, Tokenizer],
) -> tuple[str, DecodingConfig, dict]:
    """The first CTC head whose errors on the dev clips are the fewest, or within their luck of them, how to
    decode it, and the counts; none that is stuck, by which the dev texts are far less likely.

    settings: a CtcRecogniser's. network: trained without the dev clips. texts: of the first clips of the
    data; others, of another corpus, say nothing of how to decode.
    All heads are compared on the same dev clips, few where searches are long: the counts say so as "limit".
    Without dev clips it is the last one, which needs no more than to tell the words of training apart.
    Heads besides the first are left out where a word that may be said cannot be written in their units.
    """
    data = data.of_first(len(texts))
    if settings.decoding in LEXICON_FREE:
        return CTC, DecodingConfig(settings.decoding), {}
    tokenizers = {head: own for head, own in tokenizers.items() if head == CTC or own.can_write_all_words}
    if not len(data.dev):
        return [*tokenizers][-1], DecodingConfig(GRAPH), {}
    dev = data.dev[:CHOICE_CLIPS]
    outputs = forward_heads(network, data.features, dev, tokenizers)
    nats = {head: _nats(outputs[head], [data.targets[head][i] for i in dev]) for head in tokenizers}
    decoders = _fit_decoders(settings, network, data, texts, tokenizers)
    expected = [texts[i] for i in dev]
    taken = min(clips_to_compare_on(decoders[head], outputs[head]) for head in decoders)
    choices = {
        head: choose_decoding(
            decoders[head],
            outputs[head][:taken],
            expected[:taken],
            may_be_greedy(settings, tokenizers[head].units),
        )
        for head in tokenizers
    }
    errors = {head: by_clip for head, (_, _, by_clip) in choices.items()}
    best = simplest_within_luck(
        {head: own for head, own in errors.items() if nats[head] <= STUCK * nats[CTC]}
    )
    decoder, counts, _ = choices[best]
    units = {"units": tokenizers[best].units} if len(choices) > 1 else {}
    others = {f"{tokenizers[head].units}_errors": int(errors[head].sum()) for head in choices if units}
    config = DecodingConfig(
        GREEDY if decoder.search is None else GRAPH,
        counts["search"],
        fit_calibrator(decoder, outputs[best], expected),
    )
    return best, config, {**counts, **units, **others, **_limit(taken, len(data.dev))}


def _nats(outputs: Sequence[NetworkOutput], targets: Targets) -> float:
    """Outputs for clips and token ids -> minus the log-probability of a clip's tokens, mean over clips.

    A head may take a sound for silence, and still tell few words apart.
    """
    losses = [
        _nats_of(torch.tensor(output.log_probs), torch.as_tensor(tokens))
        for output, tokens in zip(outputs, targets, strict=True)
        if tokens is not None
    ]
    return float(np.mean(losses)) if losses else inf


def _nats_of(log_probs: Tensor, tokens: Tensor) -> float:
    lengths = torch.tensor([len(log_probs)]), torch.tensor([len(tokens)])
    return float(ctc_loss(log_probs[:, None], tokens[None], *lengths, BLANK, reduction="sum"))


def _limit(taken: int, clips: int) -> dict[str, str]:
    """On how many dev clips of how many heads were compared -> what bounded that; {} for nothing."""
    return {"limit": f"{taken:,} of {clips:,} dev clips decoded"} if taken < clips else {}


def _fit_decoders(
    settings: Any,
    network: Network,
    data: TrainingData,
    texts: Sequence[str],
    tokenizers: Mapping[str, Tokenizer],
) -> dict[str, Decoder]:
    """A decoder of each CTC head, fitted to training clips without the dev clips."""
    outputs = forward_heads(network, data.features, data.train[:PRIOR_CLIPS], tokenizers)
    known = [texts[i] for i in data.train]
    decoders = {}
    for head, tokenizer in tokenizers.items():
        log_probs = [output.log_probs for output in outputs[head]]
        search = fit_graph_decoder(settings, known, tokenizer, log_probs, {})
        decoders[head] = Decoder(network, tokenizer, search)
    return decoders


def decoding_choices(decoding: str, units: str, counts: Mapping[str, Any]) -> list[Choice]:
    """What was chosen, and the counts of choose_decoding -> the choices, with errors on the dev clips."""
    names = [name for name in counts if name.endswith("_errors")]
    errors = {name.removesuffix("_errors"): counts[name] for name in names}
    keys = {GRAPH: "search", GREEDY: "greedy"}
    ways = {way: errors.pop(key) for way, key in keys.items() if key in errors}
    limit = counts.get("limit", "")
    chosen = [Choice("units", units, DEV_ERRORS, errors, limit)] if errors else []
    return [*chosen, Choice("decoding", decoding, DEV_ERRORS, ways, limit)]
