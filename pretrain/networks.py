"""The DCGAN generator and discriminator as torch.nn.Sequential, named `main.N` as most checkpoints are."""
from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

KERNEL = 4


class AdjointTransposedConv(torch.autograd.Function):
    """A transposed convolution computed as the adjoint of a plain one, in bfloat16.

    On a CPU torch 1.13 has no bfloat16 kernel for transposed convolution and falls back to a slow float32 one, while
    the input gradient of a plain convolution (which is the same sum) does have a fast kernel. Not twice differentiable.
    """

    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor, stride: int, padding: int) -> Tensor:
        x, low = _low(x), _low(weight)
        ctx.save_for_backward(x, low)
        ctx.geometry = (stride, padding)
        side = (x.shape[2] - 1) * stride - 2 * padding + weight.shape[2]
        shape = (x.shape[0], weight.shape[1], side, side)
        return _conv_gradients(x, _low(x.new_empty(shape)), low, stride, padding, (True, False))[0]

    @staticmethod
    def backward(ctx, gradient: Tensor):
        x, weight = ctx.saved_tensors
        stride, padding = ctx.geometry
        gradient = _low(gradient)
        to_x = F.conv2d(gradient, weight, None, stride, padding) if ctx.needs_input_grad[0] else None
        to_weight = weight_gradient(gradient, x, weight, stride, padding) if ctx.needs_input_grad[1] else None
        return to_x, to_weight, None, None


class LowPrecisionConv(torch.autograd.Function):
    """A plain convolution in bfloat16 with the faster of two weight gradients. Not twice differentiable."""

    @staticmethod
    def forward(ctx, x: Tensor, weight: Tensor, stride: int, padding: int) -> Tensor:
        x, low = _low(x), _low(weight)
        ctx.save_for_backward(x, low)
        ctx.geometry = (stride, padding)
        return F.conv2d(x, low, None, stride, padding)

    @staticmethod
    def backward(ctx, gradient: Tensor):
        x, weight = ctx.saved_tensors
        stride, padding = ctx.geometry
        gradient = _low(gradient)
        to_x = to_weight = None
        if ctx.needs_input_grad[0]:
            to_x = _conv_gradients(gradient, x, weight, stride, padding, (True, False))[0]
        if ctx.needs_input_grad[1]:
            to_weight = weight_gradient(x, gradient, weight, stride, padding)
        return to_x, to_weight, None, None


def weight_gradient(big: Tensor, small: Tensor, weight: Tensor, stride: int, padding: int) -> Tensor:
    """Gradient of a convolution big → small [N, C, h, w] for its weight [out, in, k, k], in float32.

    On maps of 16×16 and less im2col and one matrix product beat the library's kernel (measured with AMX: 2.1 against 12 ms).
    """
    if big.shape[2] > 16:
        return _conv_gradients(small, big, weight, stride, padding, (False, True))[1].float()
    out, channels, kernel, _ = weight.shape
    padded = F.pad(big.permute(0, 2, 3, 1), (0, 0, padding, padding, padding, padding)).contiguous()
    n, side = padded.shape[0], small.shape[2]
    a, b, c, _ = padded.stride()
    windows = padded.as_strided((n, side, side, kernel, kernel, channels), (a, stride * b, stride * c, b, c, 1))
    columns = windows.reshape(n * side * side, kernel * kernel * channels)
    flat = small.permute(0, 2, 3, 1).reshape(n * side * side, out)
    return (flat.t() @ columns).view(out, kernel, kernel, channels).permute(0, 3, 1, 2).float()


def _low(x: Tensor) -> Tensor:
    return x.to(torch.bfloat16).contiguous(memory_format=torch.channels_last)


def _conv_gradients(gradient: Tensor, x: Tensor, weight: Tensor, stride: int, padding: int, wanted: tuple[bool, bool]):
    return torch.ops.aten.convolution_backward(
        gradient, x, weight, None, [stride] * 2, [padding] * 2, [1, 1], False, [0, 0], 1, [*wanted, False]
    )


class TransposedConv(nn.ConvTranspose2d):
    """nn.ConvTranspose2d that takes the bfloat16 path when `low_precision` is set (bias-free, square, stride = stride)."""

    low_precision = False

    def forward(self, x: Tensor) -> Tensor:
        if self.low_precision:
            return AdjointTransposedConv.apply(x, self.weight, self.stride[0], self.padding[0])
        return super().forward(x)


class Conv(nn.Conv2d):
    """nn.Conv2d that takes the bfloat16 path when `low_precision` is set."""

    low_precision = False

    def forward(self, x: Tensor) -> Tensor:
        if not self.low_precision:
            return super().forward(x)
        y = LowPrecisionConv.apply(x, self.weight, self.stride[0], self.padding[0])
        return y if self.bias is None else y + self.bias.to(y.dtype).view(1, -1, 1, 1)


class Generator(nn.Module):
    """z [N, nz, 1, 1] ~ N(0, 1) → images [N, channels, size, size] in [-1, 1]. `size` is 32, 64 or 128."""

    def __init__(self, size: int = 64, nz: int = 100, ngf: int = 64, channels: int = 3) -> None:
        super().__init__()
        doublings = _doublings(size)
        width = ngf * 2 ** (doublings - 1)
        layers: list[nn.Module] = [TransposedConv(nz, width, KERNEL, 1, 0, bias=False), nn.BatchNorm2d(width), nn.ReLU(True)]
        for _ in range(doublings - 1):
            layers += [TransposedConv(width, width // 2, KERNEL, 2, 1, bias=False), nn.BatchNorm2d(width // 2), nn.ReLU(True)]
            width //= 2
        layers += [TransposedConv(width, channels, KERNEL, 2, 1, bias=False), nn.Tanh()]
        self.main = nn.Sequential(*layers)

    def forward(self, z: Tensor) -> Tensor:
        return self.main(z).float()


class Discriminator(nn.Module):
    """Images [N, channels, size, size] in [-1, 1] → logits [N].

    `norm` is 'batch' (the paper: none on the first layer, no biases), 'spectral' (every layer, with biases) or 'none'. `gain` scales
    the logits: spectral norm bounds each layer's gain by 1, which leaves D too weak a voice after five layers.
    """

    def __init__(
        self, size: int = 64, ndf: int = 64, channels: int = 3, norm: str = "batch", slope: float = 0.2, gain: float = 1.0
    ) -> None:
        super().__init__()
        self.gain = gain
        spectral = norm == "spectral"
        wrap = nn.utils.parametrizations.spectral_norm if spectral else (lambda layer: layer)
        layers: list[nn.Module] = [wrap(Conv(channels, ndf, KERNEL, 2, 1, bias=spectral)), nn.LeakyReLU(slope, True)]
        width = ndf
        for _ in range(_doublings(size) - 1):
            layers.append(wrap(Conv(width, width * 2, KERNEL, 2, 1, bias=spectral)))
            layers += [nn.BatchNorm2d(width * 2)] if norm == "batch" else []
            layers.append(nn.LeakyReLU(slope, True))
            width *= 2
        layers.append(wrap(Conv(width, 1, KERNEL, 1, 0, bias=spectral)))
        self.main = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        return self.main(x).flatten().float() * self.gain


def _doublings(size: int) -> int:
    """How many stride-2 layers lie between 4×4 and `size`."""
    doublings = int(math.log2(size // 4))
    if size not in (32, 64, 128):
        raise ValueError(f"size must be 32, 64 or 128, not {size}")
    return doublings


def initialise(module: nn.Module) -> None:
    """The paper's initial weights: N(0, 0.02), batch-norm scales N(1, 0.02). Use with `network.apply`."""
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        weight = module.parametrizations.weight.original if nn.utils.parametrize.is_parametrized(module) else module.weight
        nn.init.normal_(weight, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


def use_low_precision(network: nn.Module, on: bool = True) -> None:
    """Switches the convolutions of `network` to the CPU's bfloat16 path (pays off on processors with AMX)."""
    for module in network.modules():
        if isinstance(module, (Conv, TransposedConv)):
            module.low_precision = on


def folded_state(network: nn.Module) -> dict[str, Tensor]:
    """State dict of plain tensors: spectral norm and D's gain folded into the weights, batch counters left out."""
    state: dict[str, Tensor] = {}
    last = f"main.{len(network.main) - 1}"
    for name, module in network.named_modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            gain = getattr(network, "gain", 1.0) if name == last else 1.0
            state[f"{name}.weight"] = module.weight.detach() * gain
            if module.bias is not None:
                state[f"{name}.bias"] = module.bias.detach() * gain
        elif isinstance(module, nn.BatchNorm2d):
            for key in ("weight", "bias", "running_mean", "running_var"):
                state[f"{name}.{key}"] = getattr(module, key).detach()
    return state


def load_folded(network: nn.Module, arrays: dict) -> None:
    """Loads what `folded_state` gave (numpy arrays or tensors) into `network`, also a spectral one.

    Layers are matched by kind and order, not by number, so that a file may start a network that has norms or biases the file lacks.
    """
    stems = sorted({name.rsplit(".", 1)[0] for name in arrays}, key=lambda stem: int(stem.rsplit(".", 1)[-1]))
    norms = [stem for stem in stems if f"{stem}.running_mean" in arrays]
    linear = [stem for stem in stems if stem not in norms]
    for module in network.modules():
        is_norm = isinstance(module, nn.BatchNorm2d)
        if not is_norm and not isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            continue
        source = norms if is_norm else linear
        stem = source.pop(0) if source else None
        for key in ("weight", "bias", "running_mean", "running_var"):
            value = arrays.get(f"{stem}.{key}")
            if value is None or getattr(module, key, None) is None:
                continue
            spectral = key == "weight" and nn.utils.parametrize.is_parametrized(module)
            target = module.parametrizations.weight.original if spectral else getattr(module, key)
            target.data.copy_(torch.as_tensor(value).float())


@torch.no_grad()
def reestimate_batch_norm(generator: Generator, batches: int = 20, batch: int = 128, seed: int = 0) -> None:
    """Sets the running statistics to the plain mean over `batches` fresh batches: those of averaged weights are otherwise stale."""
    norms = [m for m in generator.modules() if isinstance(m, nn.BatchNorm2d)]
    saved = [m.momentum for m in norms]
    first = next(generator.parameters())
    source = torch.Generator().manual_seed(seed)
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
    generator.train()
    for _ in range(batches):
        z = torch.randn(batch, first.shape[0], 1, 1, generator=source)
        generator(z.to(first.device))
    for norm, momentum in zip(norms, saved):
        norm.momentum = momentum
    generator.eval()
