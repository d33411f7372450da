"""Networks of a few numbers in the architectures of large ones, and files of them in every layout."""

import json
from functools import partial

import torch
import torchaudio
from safetensors.torch import save_file

SIZES = {
    "extractor_mode": "group_norm",
    "extractor_conv_layer_config": [(16, 10, 5), *[(16, 3, 2)] * 4, *[(16, 2, 2)] * 2],
    "extractor_conv_bias": False,
    "encoder_embed_dim": 16,
    "encoder_projection_dropout": 0.0,
    "encoder_pos_conv_kernel": 8,
    "encoder_pos_conv_groups": 2,
    "encoder_num_layers": 2,
    "encoder_num_heads": 2,
    "encoder_attention_dropout": 0.0,
    "encoder_ff_interm_features": 32,
    "encoder_ff_interm_dropout": 0.1,
    "encoder_dropout": 0.1,
    "encoder_layer_norm_first": False,
    "encoder_layer_drop": 0.05,
}
LARGE = {"extractor_mode": "layer_norm", "extractor_conv_bias": True, "encoder_layer_norm_first": True}
WAVLM = {"encoder_num_buckets": 8, "encoder_max_distance": 16}
KINDS = {"wav2vec2": {}, "hubert": LARGE, "wavlm": WAVLM}

# as Hugging Face's config.json has them
NAMES = {
    "extractor_conv_bias": "conv_bias",
    "encoder_embed_dim": "hidden_size",
    "encoder_projection_dropout": "feat_proj_dropout",
    "encoder_pos_conv_kernel": "num_conv_pos_embeddings",
    "encoder_pos_conv_groups": "num_conv_pos_embedding_groups",
    "encoder_num_layers": "num_hidden_layers",
    "encoder_num_heads": "num_attention_heads",
    "encoder_num_buckets": "num_buckets",
    "encoder_max_distance": "max_bucket_distance",
    "encoder_attention_dropout": "attention_dropout",
    "encoder_ff_interm_features": "intermediate_size",
    "encoder_ff_interm_dropout": "activation_dropout",
    "encoder_dropout": "hidden_dropout",
    "encoder_layer_norm_first": "do_stable_layer_norm",
    "encoder_layer_drop": "layerdrop",
}


def network(kind="wav2vec2", seed=0, **head):
    """One of KINDS, of random weights."""
    factory = "wavlm_model" if kind == "wavlm" else "wav2vec2_model"
    torch.manual_seed(seed)
    return getattr(torchaudio.models, factory)(**SIZES | KINDS[kind] | {"aux_num_out": None} | head).eval()


def save_torchaudio(folder, kind="wav2vec2", **head):
    """The path of a .pt file with its sizes beside it."""
    torch.save(network(kind, **head).state_dict(), folder / "tiny.pt")
    (folder / "tiny.json").write_text(json.dumps(SIZES | KINDS[kind]))
    return str(folder / "tiny.pt")


def save_hugging_face(folder, kind="wav2vec2", prefix=""):
    """The path of a folder with config.json and model.safetensors, whose names begin with the prefix."""
    sizes = SIZES | KINDS[kind]
    layers = list(zip(*sizes["extractor_conv_layer_config"], strict=True))
    config = {name: sizes[argument] for argument, name in NAMES.items() if argument in sizes}
    config |= dict(zip(("conv_dim", "conv_kernel", "conv_stride"), layers, strict=True))
    config |= {"model_type": kind, "feat_extract_norm": sizes["extractor_mode"].removesuffix("_norm")}
    (folder / "config.json").write_text(json.dumps(config))
    tensors = {}
    for name, tensor in network(kind).state_dict().items():
        tensors |= {f"{prefix}{own}": piece for own, piece in _pieces(name, tensor).items()}
    save_file({**tensors, f"{prefix}masked_spec_embed": torch.zeros(16)}, folder / "model.safetensors")
    return str(folder)


def _pieces(name, tensor):
    """A tensor of torchaudio's -> those of Hugging Face's, by their names."""
    name = name.replace("encoder.feature_projection.", "feature_projection.")
    name = name.replace("encoder.transformer.", "encoder.")
    name = name.replace("conv.parametrizations.weight.original0", "conv.weight_g")
    name = name.replace("conv.parametrizations.weight.original1", "conv.weight_v")
    name = name.replace("attention.attention.", "attention.")
    if ".in_proj_" not in name:
        return {name: tensor}
    thirds = map(partial(torch.clone, memory_format=torch.contiguous_format), tensor.chunk(3))
    return {name.replace("in_proj_", f"{part}_proj."): one for part, one in zip("qkv", thirds, strict=True)}
