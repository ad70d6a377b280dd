"""Starts a generator of twice the filters from a trained one: `python3 widen.py ../public/models/rooms-64 START`.

The first half of each layer's filters is the trained one, the rest is fresh, with faint outgoing weights, so that it draws nearly the same
at first. `train.py --init-from START` goes on from there; the discriminator is copied as it is.
"""
from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import torch
from torch import nn

from evaluate import load_generator
from networks import Generator, folded_state, initialise
from tensorfile import write_safetensors

FAINT = 0.3


@torch.no_grad()
def widen(small: Generator, big: Generator) -> None:
    """Puts the weights of `small` into the first filters of `big`."""
    for mine, theirs in zip(big.main, small.main):
        if isinstance(mine, nn.ConvTranspose2d):
            inputs, outputs = theirs.weight.shape[:2]
            mine.weight[inputs:] *= FAINT
            mine.weight[:inputs, :outputs] = theirs.weight
        elif isinstance(mine, nn.BatchNorm2d):
            for name in ("weight", "bias", "running_mean", "running_var"):
                getattr(mine, name)[: theirs.num_features] = getattr(theirs, name)


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="folder with generator.safetensors and discriminator.safetensors")
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args(argv)
    small = load_generator(options.model / "generator.safetensors")
    convolutions = [layer for layer in small.main if isinstance(layer, nn.ConvTranspose2d)]
    torch.manual_seed(options.seed)
    big = Generator(4 * 2 ** (len(convolutions) - 1), convolutions[0].in_channels, 2 * convolutions[-1].in_channels, convolutions[-1].out_channels)
    big.apply(initialise)
    widen(small, big)
    options.out.mkdir(parents=True, exist_ok=True)
    write_safetensors(options.out / "generator.safetensors", {k: v.numpy() for k, v in folded_state(big).items()}, {})
    shutil.copy(options.model / "discriminator.safetensors", options.out)


if __name__ == "__main__":
    main()
