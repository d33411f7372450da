"""A network of Hugging Face's, config.json and model.safetensors, as one of torchaudio's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor
from torchaudio.models.wav2vec2.utils.import_huggingface import transform_wavlm_encoder_state

from components.neural.pretrained.weights import (
    PLAIN,
    WAVLM,
    PretrainedWeights,
    read_json,
    refused,
    with_new_names,
)

CONFIG, MODEL = "config.json", "model.safetensors"
MODEL_TYPES = {"wav2vec2": PLAIN, "hubert": PLAIN, "wavlm": WAVLM}
ARGUMENTS = {  # of torchaudio's function -> name in config.json
    "extractor_conv_bias": "conv_bias",
    "encoder_embed_dim": "hidden_size",
    "encoder_projection_dropout": "feat_proj_dropout",
    "encoder_pos_conv_kernel": "num_conv_pos_embeddings",
    "encoder_pos_conv_groups": "num_conv_pos_embedding_groups",
    "encoder_num_layers": "num_hidden_layers",
    "encoder_num_heads": "num_attention_heads",
    "encoder_attention_dropout": "attention_dropout",
    "encoder_ff_interm_features": "intermediate_size",
    "encoder_ff_interm_dropout": "activation_dropout",
    "encoder_dropout": "hidden_dropout",
    "encoder_layer_norm_first": "do_stable_layer_norm",
    "encoder_layer_drop": "layerdrop",
}
WAVLM_ARGUMENTS = {"encoder_num_buckets": "num_buckets", "encoder_max_distance": "max_bucket_distance"}
ONLY = {"hidden_act": "gelu", "feat_extract_activation": "gelu"}  # torchaudio has no other
PARTS = {  # of the network -> where torchaudio has it
    "feature_extractor.": "feature_extractor.",
    "feature_projection.": "encoder.feature_projection.",
    "encoder.": "encoder.transformer.",
}
ANOTHER = "take a wav2vec 2.0, HuBERT or WavLM with gelu, whose config.json is whole"


def read_hugging_face(file: Path) -> PretrainedWeights:
    """A .safetensors file with config.json beside it -> weights; ValueError for another kind of network.

    Heads, quantizers and adapters are left out.
    """
    config = read_json(file.with_name(CONFIG), "copy the whole folder of the network")
    kind = config.get("model_type")
    if kind not in MODEL_TYPES:
        raise refused(f"a model_type of {', '.join(MODEL_TYPES)} in {file.with_name(CONFIG)}", kind, ANOTHER)
    try:
        tensors = load_file(file)
    except (OSError, SafetensorError) as error:
        raise refused(f"tensors in {file}", str(error), "download it again") from error
    arguments = _arguments(file, config, WAVLM_ARGUMENTS if kind == "wavlm" else {})
    own = {_own_name(name, kind): tensor for name, tensor in tensors.items() if _own_name(name, kind)}
    if kind == "wavlm":
        own = _with_joined_projections(file, own, arguments["encoder_num_layers"])
    left_out = tuple(sorted(name for name in tensors if not _own_name(name, kind)))
    return PretrainedWeights(MODEL_TYPES[kind], arguments, with_new_names(own), left_out)


def _arguments(file: Path, config: Mapping[str, Any], more: Mapping[str, str]) -> dict[str, Any]:
    """config.json -> the arguments of torchaudio's function."""
    try:
        odd = next((name for name, usual in ONLY.items() if config.get(name, usual) != usual), None)
        if odd:
            raise refused(f"{odd} {ONLY[odd]} in {file.with_name(CONFIG)}", config[odd], ANOTHER)
        layers = zip(config["conv_dim"], config["conv_kernel"], config["conv_stride"], strict=True)
        return {
            "extractor_mode": f"{config['feat_extract_norm']}_norm",
            "extractor_conv_layer_config": [tuple(layer) for layer in layers],
            **{argument: config[name] for argument, name in (ARGUMENTS | dict(more)).items()},
        }
    except KeyError as error:
        raise refused(f"{error.args[0]} in {file.with_name(CONFIG)}", "none", ANOTHER) from error


def _own_name(name: str, kind: str) -> str:
    """Name of a tensor there -> torchaudio's; "" for what is no part of the network itself."""
    name = name.removeprefix(f"{kind}.")
    part = next((part for part in PARTS if name.startswith(part)), None)
    return "" if part is None else PARTS[part] + name.removeprefix(part)


def _with_joined_projections(file: Path, tensors: Mapping[str, Tensor], layers: int) -> dict[str, Tensor]:
    """Names of a WavLM's tensors -> torchaudio's, whose projections of attention are one tensor."""
    prefix = PARTS["encoder."]
    names = [name for name in tensors if name.startswith(prefix)]
    inside = {name.removeprefix(prefix): tensors[name] for name in names}
    others = {name: tensor for name, tensor in tensors.items() if name not in names}
    try:
        transform_wavlm_encoder_state(inside, layers)
    except KeyError as error:
        raise refused(f"{error.args[0]} in {file}", "none", "download it again") from error
    return others | {prefix + name: tensor for name, tensor in inside.items()}
