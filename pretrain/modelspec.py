"""torch.nn.Sequential → ModelSpec, the JSON that the app builds a network from (src/model/spec.ts)."""
from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch
from torch import nn

from networks import folded_state
from tensorfile import write_safetensors


def describe_layers(main: nn.Sequential) -> list[dict]:
    """The `layers` of a ModelSpec; ids are `main.N`, the names of the tensors."""
    layers: list[dict] = []
    for index, module in enumerate(main):
        name = f"main.{index}"
        if isinstance(module, nn.BatchNorm2d):
            layers[-1]["norm"] = {"kind": "batch", "id": name, "eps": module.eps, "statistics": "file"}
        elif isinstance(module, (nn.ReLU, nn.LeakyReLU, nn.Tanh)):
            layers[-1]["activation"] = _activation(module)
        else:
            layers.append(_linear_part(name, module))
    return layers


def _activation(module: nn.Module) -> dict:
    if isinstance(module, nn.LeakyReLU):
        return {"kind": "leakyRelu", "slope": module.negative_slope}
    return {"kind": "tanh" if isinstance(module, nn.Tanh) else "relu"}


def _linear_part(name: str, module: nn.Module) -> dict:
    rest = {"norm": {"kind": "none"}, "order": "norm-activation", "activation": {"kind": "none"}}
    if isinstance(module, nn.Flatten):
        return {"id": name, "kind": "flatten", "memoryOrder": "nchw", **rest}
    if isinstance(module, nn.Linear):
        return {"id": name, "kind": "dense", "filters": module.out_features, "bias": module.bias is not None, **rest}
    if not isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        raise TypeError(f"{name}: a ModelSpec has no layer for {type(module).__name__}")
    pad_y, pad_x = module.padding
    layer = {
        "id": name,
        "kind": "conv",
        "filters": module.out_channels,
        "kernel": list(module.kernel_size),
        "stride": list(module.stride),
        "padding": {"top": pad_y, "right": pad_x, "bottom": pad_y, "left": pad_x},
        "bias": module.bias is not None,
        **rest,
    }
    if isinstance(module, nn.ConvTranspose2d):
        layer.update(kind="convTranspose", outputPadding={"bottom": 0, "right": 0})
    return layer


def image_spec(size: int, channels: int) -> dict:
    """Square images in [-1, 1]."""
    return {"height": size, "width": size, "channels": channels, "range": [-1, 1]}


def generator_spec(generator: nn.Module, size: int, nz: int, channels: int) -> dict:
    return {
        "v": 1,
        "role": "generator",
        "latent": {"size": nz, "prior": "normal"},
        "output": image_spec(size, channels),
        "layers": describe_layers(generator.main),
    }


def discriminator_spec(critic: nn.Module, size: int, channels: int) -> dict:
    """The last layer has no activation: what comes out is a logit."""
    return {"v": 1, "role": "discriminator", "input": image_spec(size, channels), "layers": describe_layers(critic.main)}


def judge_spec(judge: nn.Module, size: int, channels: int, outputs: list[dict]) -> dict:
    return {
        "v": 1,
        "role": "judge",
        "input": image_spec(size, channels),
        "outputs": outputs,
        "layers": describe_layers(judge.main),
    }


def half_precision_state(network: nn.Module) -> dict[str, np.ndarray]:
    """Tensors as they ship: weights F16, those of batch norm F32, spectral norm folded in."""
    norms = {name for name, module in network.named_modules() if isinstance(module, nn.BatchNorm2d)}
    state = {}
    for name, tensor in folded_state(network).items():
        low = torch.float32 if name.rsplit(".", 1)[0] in norms else torch.float16
        state[name] = tensor.detach().cpu().contiguous().to(low).numpy()
    return state


def write_network(file: str | Path, network: nn.Module, spec: dict) -> None:
    """Writes a network and its ModelSpec as one safetensors file."""
    write_safetensors(file, half_precision_state(network), {"format": "pt", "spec": json.dumps(spec, separators=(",", ":"))})
