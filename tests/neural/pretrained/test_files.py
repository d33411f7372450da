"""Networks of others, read from files of every layout to the same outputs; bad files say what is wrong."""

import json
import pickle

import pytest
import torch
from safetensors.torch import load_file, save_file

from components.neural.pretrained.files import read_weights, weights_files
from components.neural.pretrained.weights import build_model
from tests.neural.pretrained.tiny import KINDS, network, save_hugging_face, save_torchaudio

WAVES = torch.linspace(-1, 1, 4000).sin()[None] * torch.arange(1, 3)[:, None]  # (clips, samples)


def outputs(weights):
    model = build_model(weights.factory, weights.arguments).eval()
    model.load_state_dict(weights.tensors)
    return model(WAVES)[0]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("prefix", [True, False], ids=["with a head", "alone"])
def test_either_layout_gives_the_network_that_was_saved(kind, prefix, tmp_path):
    folder, expected = tmp_path / "folder", network(kind)(WAVES)[0]
    folder.mkdir()
    theirs = read_weights(save_hugging_face(folder, kind, f"{kind}." if prefix else ""))
    ours = read_weights(save_torchaudio(tmp_path, kind, **{"aux_num_out": 5} if prefix else {}))
    assert theirs.left_out == (f"{kind}.masked_spec_embed" if prefix else "masked_spec_embed",)
    assert ours.left_out == (("aux.bias", "aux.weight") if prefix else ())
    torch.testing.assert_close(outputs(theirs), expected)
    torch.testing.assert_close(outputs(ours), expected)
    assert theirs.layers == ours.layers == 2


def test_a_published_network_is_known_by_its_tensors_and_its_earlier_names(tmp_path):
    tensors = build_model("wavlm_base", {}).state_dict()
    old = {  # as of a pipeline that levels its clips, too
        "model."
        + name.replace("parametrizations.weight.original0", "weight_g").replace(
            "parametrizations.weight.original1", "weight_v"
        ): tensor.half()
        for name, tensor in tensors.items()
    }
    torch.save(old, tmp_path / "base.pt")
    weights = read_weights(str(tmp_path / "base.pt"))
    assert (weights.factory, weights.arguments, weights.layers) == ("wavlm_base", {}, 12)
    assert all(tensor.dtype == torch.float32 for tensor in weights.tensors.values())


def test_the_files_are_those_that_are_read(tmp_path):
    save_hugging_face(tmp_path)
    save_torchaudio(tmp_path)
    read = {path: [file.name for file in weights_files(str(tmp_path / path))] for path in ("", "tiny.pt")}
    assert read == {"": ["model.safetensors", "config.json"], "tiny.pt": ["tiny.pt", "tiny.json"]}


class Dangerous:
    def __reduce__(self):
        return (print, ("code of the file ran",))


def pickled(folder):
    (folder / "code.pt").write_bytes(pickle.dumps(Dangerous()))
    return folder / "code.pt"


def saved_by_torch(folder):
    torch.save({"model": Dangerous()}, folder / "code.pt")
    return folder / "code.pt"


def in_a_bin(folder):
    (folder / "config.json").write_text("{}")
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps({}))
    return folder


def without_config(folder):
    save_hugging_face(folder)
    (folder / "config.json").unlink()
    return folder


def with_config(change):
    def folder_of(folder):
        save_hugging_face(folder)
        config = json.loads((folder / "config.json").read_text())
        changed = {name: value for name, value in (config | change).items() if value != ""}
        (folder / "config.json").write_text(json.dumps(changed))
        return folder

    return folder_of


def without_a_layer(folder):
    save_hugging_face(folder)
    tensors = load_file(folder / "model.safetensors")
    kept = {name: tensor for name, tensor in tensors.items() if "layers.1." not in name}
    save_file(kept, folder / "model.safetensors")
    return folder


def cut_short(folder):
    save_hugging_face(folder)
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:100])
    return folder


def of_no_published_size(folder):
    save_torchaudio(folder)
    (folder / "tiny.json").unlink()
    return folder / "tiny.pt"


def of_a_whole_training(folder):
    torch.save({"state_dict": network().state_dict(), "step": 3}, folder / "run.pt")
    return folder / "run.pt"


BAD = {
    "expected tensors alone in .*code.pt, got a pickle, which could run code; save it anew by": pickled,
    "expected tensors alone in .*code.pt, got a pickle, which": saved_by_torch,
    "expected model.safetensors in .*, got a pickle, which could run code; save the network as": in_a_bin,
    "expected config.json beside the weights in .*, got no such file; copy the whole folder": without_config,
    "expected a model_type of wav2vec2, hubert, wavlm in .*, got whisper; take": with_config(
        {"model_type": "whisper"}
    ),
    "expected hidden_act gelu in .*, got relu; take": with_config({"hidden_act": "relu"}),
    "expected hidden_size in .*config.json, got none; take": with_config({"hidden_size": ""}),
    "expected sizes of a network beside .*, got .*divisible.*; correct them": with_config(
        {"num_attention_heads": 3}
    ),
    "expected the 50 tensors .*, got 4 that differ, such as .*projection.layer_norm.bias .16": with_config(
        {"conv_dim": [16] * 6 + [8]}
    ),
    "expected a row every 320 samples from .*, got one every 160 of 400; take another network": with_config(
        {"conv_stride": [5, 2, 2, 2, 2, 2, 1]}
    ),
    "expected the 50 tensors .*, got 17 that differ, such as .*layers.1.*missing; take": without_a_layer,
    "expected tensors in .*model.safetensors, got .*; download it again": cut_short,
    "expected a network of a published size in .*tiny.pt, got .* of another; write .* tiny.json": (
        of_no_published_size
    ),
    "expected named tensors in .*run.pt, got a dict of others; save it anew": of_a_whole_training,
    "expected weights of a network that others trained, got nothing in .*none; give it": (
        lambda folder: folder / "none"
    ),
}


@pytest.mark.parametrize(("sentence", "made"), BAD.items(), ids=[str(i) for i in range(len(BAD))])
def test_a_bad_file_gives_one_sentence_and_runs_no_code(sentence, made, tmp_path, capsys):
    with pytest.raises(ValueError, match=f"^SslCtc {sentence}") as error:
        read_weights(str(made(tmp_path)))
    assert "\n" not in str(error.value) and str(error.value).endswith(".")
    assert "ran" not in capsys.readouterr().out
