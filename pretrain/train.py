"""Trains a DCGAN: `python3 train.py --data FOLDER --out RUN`. The defaults are the paper's recipe; --help lists what differs.

Resumable: the same command goes on from RUN/checkpoint.pt; SIGTERM or Ctrl-C writes one first. Many GPUs: `torchrun --nproc_per_node=N train.py ...` (--batch is a
process's share). What the run leaves in RUN: log.csv, losses.png, samples_*.png, checkpoint.pt, args.json.
"""
from __future__ import annotations

import argparse
import copy
import json
import os
import signal
import time
from contextlib import nullcontext
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from data import load_images, save_grid
from monitor import CsvLog, Progress, plot_losses
from networks import Discriminator, Generator, initialise, load_folded, reestimate_batch_norm, use_low_precision
from tensorfile import read_safetensors


def parse_arguments(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    add = parser.add_argument
    add("--data", required=True, help="folder: sheets with attributes.csv, IDX files, or plain images")
    add("--out", required=True, help="folder of the run; made if missing, resumed if it holds a checkpoint")
    add("--size", type=int, default=64, choices=(32, 64, 128))
    add("--ngf", type=int, default=64, help="filters of the generator's last hidden layer")
    add("--ndf", type=int, default=64, help="filters of the discriminator's first layer")
    add("--nz", type=int, default=100)
    add("--loss", default="bce", choices=("bce", "hinge"), help="bce is the paper's, non-saturating")
    add("--norm", default="batch", choices=("batch", "spectral", "none"), help="in the discriminator")
    add("--slope", type=float, default=0.2, help="of LeakyReLU in the discriminator")
    add("--gain", type=float, default=1.0, help="factor on the discriminator's logits, for spectral norm")
    add("--r1", type=float, default=0.0, help="weight of the gradient penalty on real images, every 16th step")
    add("--ema", type=float, default=0.0, help="decay of the running average of G that is kept (0: none; try 0.999)")
    add("--flip", action="store_true", help="mirror half of the images")
    add("--lr", type=float, default=2e-4)
    add("--lr-d", type=float, help="learning rate of the discriminator, when another")
    add("--betas", type=float, nargs=2, default=(0.5, 0.999))
    add("--decay-from", type=float, default=1.0, help="fraction of the run after which lr falls linearly to 2 %%")
    add("--batch", type=int, default=128)
    add("--steps", type=int, default=20000)
    add("--minutes", type=float, help="stop (and schedule the decay) by time instead, when that comes first")
    add("--seed", type=int, default=0)
    add("--limit", type=int, help="use only the first LIMIT images")
    add("--init-from", help="folder with generator.safetensors and discriminator.safetensors to start from")
    add("--bf16", action="store_true", help="autocast on a GPU; on a CPU the convolutions in bfloat16")
    add("--channels-last", action="store_true")
    add("--sync-bn", action="store_true", help="batch statistics over all processes")
    add("--threads", type=int, default=0, help="CPU threads, 0: torch's choice")
    add("--every", type=int, default=500, help="steps between sample grids and checkpoints")
    return parser.parse_args(argv)


class Run:
    """Networks, optimisers, data and counters of one training run on one process."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.rank, self.world = int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))
        cuda = torch.cuda.is_available()
        self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0))) if cuda else torch.device("cpu")
        if self.world > 1:
            torch.distributed.init_process_group("nccl" if cuda else "gloo")
        self.images = torch.from_numpy(load_images(options.data, options.size, options.limit))
        torch.manual_seed(options.seed)
        self._build()
        torch.manual_seed(options.seed * 1000 + self.rank)
        self.step, self.seconds = 0, 0.0
        self.fixed = torch.randn(64, options.nz, 1, 1, generator=torch.Generator().manual_seed(0)).to(self.device)
        self.resume()

    def _build(self) -> None:
        o, channels = self.options, self.images.shape[3]
        generator, critic = Generator(o.size, o.nz, o.ngf, channels), Discriminator(o.size, o.ndf, channels, o.norm, o.slope, o.gain)
        for network, file in ((generator, "generator"), (critic, "discriminator")):
            network.apply(initialise)
            if o.init_from:
                load_folded(network, read_safetensors(Path(o.init_from) / f"{file}.safetensors")[0])
            network.to(self.device, memory_format=torch.channels_last if o.channels_last else torch.contiguous_format)
        if o.bf16 and self.device.type == "cpu":
            use_low_precision(generator)
            use_low_precision(critic, o.r1 == 0)  # the penalty needs second derivatives
        self.generator, self.critic = generator, critic
        self.average = copy.deepcopy(generator).requires_grad_(False)
        fast = {"fused": True} if self.device.type == "cuda" and torch.__version__ >= "2" else {"foreach": True}
        self.opt_g = torch.optim.Adam(generator.parameters(), o.lr, tuple(o.betas), **fast)
        self.opt_d = torch.optim.Adam(critic.parameters(), o.lr_d or o.lr, tuple(o.betas), **fast)
        self.wrapped_g, self.wrapped_d = generator, critic
        if self.world > 1:
            ids = [self.device.index] if self.device.type == "cuda" else None
            prepare = nn.SyncBatchNorm.convert_sync_batchnorm if o.sync_bn else (lambda network: network)
            self.wrapped_g = nn.parallel.DistributedDataParallel(prepare(generator), ids, broadcast_buffers=False)
            self.wrapped_d = nn.parallel.DistributedDataParallel(prepare(critic), ids, broadcast_buffers=False)

    def precision(self):
        if self.options.bf16 and self.device.type == "cuda":
            return torch.autocast("cuda", dtype=torch.bfloat16)
        return nullcontext()

    def real_batch(self) -> Tensor:
        """[batch, C, size, size] in [-1, 1], drawn with replacement, half of it mirrored where --flip says so."""
        index = torch.randint(len(self.images), (self.options.batch,))
        x = self.images[index].to(self.device).permute(0, 3, 1, 2).float().div_(127.5).sub_(1)
        if self.options.flip:
            mirrored = torch.rand(len(x), device=x.device) < 0.5
            x = torch.where(mirrored[:, None, None, None], x.flip(3), x)
        return x.contiguous(memory_format=torch.channels_last) if self.options.channels_last else x

    def latent_batch(self) -> Tensor:
        return torch.randn(self.options.batch, self.options.nz, 1, 1, device=self.device)

    def progress(self) -> float:
        """Fraction of the run that is done, by steps or by minutes, whichever is further."""
        by_time = self.seconds / (60 * self.options.minutes) if self.options.minutes else 0.0
        return min(1.0, max(self.step / self.options.steps, by_time))

    def agree(self, stopped: bool) -> bool:
        """Processes must leave the loop at the same step: the first one's clock and wish to stop count for all."""
        if self.world == 1:
            return stopped
        word = torch.tensor([self.seconds, float(stopped)], dtype=torch.float64, device=self.device)
        torch.distributed.broadcast(word, 0)
        self.seconds = word[0].item()
        return word[1].item() > 0

    def save(self) -> None:
        state = {name: getattr(self, name).state_dict() for name in ("generator", "critic", "average", "opt_g", "opt_d")}
        state.update(step=self.step, seconds=self.seconds, options=vars(self.options), rng=torch.get_rng_state())
        if self.device.type == "cuda":
            state["cuda_rng"] = torch.cuda.get_rng_state(self.device)
        target = Path(self.options.out) / "checkpoint.pt"
        torch.save(state, str(target) + ".tmp")
        os.replace(str(target) + ".tmp", target)

    def resume(self) -> None:
        file = Path(self.options.out) / "checkpoint.pt"
        if not file.exists():
            return
        state = torch.load(file, map_location="cpu")
        for name in ("generator", "critic", "average", "opt_g", "opt_d"):
            getattr(self, name).load_state_dict(state[name])
        self.step, self.seconds = state["step"], state["seconds"]
        if self.rank == 0:  # the other ranks keep their own seeds: their draws must differ
            torch.set_rng_state(state["rng"])
            if "cuda_rng" in state:
                torch.cuda.set_rng_state(state["cuda_rng"], self.device)
        else:
            torch.manual_seed(self.options.seed * 1000 + self.rank + self.step * 7919)


def critic_loss(kind: str, real: Tensor, fake: Tensor) -> Tensor:
    """Loss of D from logits [N] each; 'bce' or 'hinge'."""
    if kind == "hinge":
        return F.relu(1 - real).mean() + F.relu(1 + fake).mean()
    return F.softplus(-real).mean() + F.softplus(fake).mean()


def generator_loss(kind: str, fake: Tensor) -> Tensor:
    """Loss of G from D's logits [N]; for 'bce' the non-saturating form."""
    return -fake.mean() if kind == "hinge" else F.softplus(-fake).mean()


def gradient_penalty(critic: nn.Module, real: Tensor) -> Tensor:
    """R1: half the mean squared length of D's gradient at real images."""
    real = real.detach().requires_grad_(True)
    (gradient,) = torch.autograd.grad(critic(real).sum(), real, create_graph=True)
    return 0.5 * gradient.square().sum((1, 2, 3)).mean()


def train_step(run: Run) -> tuple[float, float]:
    """One update of D, then one of G on the same fakes; returns both losses."""
    o = run.options
    batch_norm = o.norm == "batch"
    with run.precision():
        fake = run.wrapped_g(run.latent_batch())
        run.critic.requires_grad_(True)
        real = run.real_batch()
        if batch_norm:  # statistics of real and generated images stay apart
            on_real, on_fake = run.wrapped_d(real), run.wrapped_d(fake.detach())
        else:
            on_real, on_fake = run.wrapped_d(torch.cat([real, fake.detach()])).chunk(2)
        loss_d = critic_loss(o.loss, on_real, on_fake)
    total = loss_d
    if o.r1 > 0 and run.step % 16 == 0:
        total = total + 16 * o.r1 * gradient_penalty(run.critic if run.world == 1 else run.wrapped_d, real)
    run.opt_d.zero_grad(set_to_none=True)
    total.backward()
    run.opt_d.step()
    run.critic.requires_grad_(False)  # spares D's weight gradients in G's update
    with run.precision():
        loss_g = generator_loss(o.loss, run.critic(fake))
    run.opt_g.zero_grad(set_to_none=True)
    loss_g.backward()
    run.opt_g.step()
    update_average(run)
    return loss_d.item(), loss_g.item()


@torch.no_grad()
def update_average(run: Run) -> None:
    decay = min(run.options.ema, (1 + run.step) / (10 + run.step)) if run.options.ema else 0.0
    for kept, now in zip(run.average.parameters(), run.generator.parameters()):
        kept.lerp_(now, 1 - decay)
    for kept, now in zip(run.average.buffers(), run.generator.buffers()):
        kept.copy_(now)


def set_learning_rate(run: Run) -> None:
    start, progress = run.options.decay_from, run.progress()
    factor = 1.0 if progress <= start else max(0.02, 1 - (progress - start) / (1 - start))
    for optimiser, rate in ((run.opt_g, run.options.lr), (run.opt_d, run.options.lr_d or run.options.lr)):
        for group in optimiser.param_groups:
            group["lr"] = rate * factor


@torch.no_grad()
def draw_samples(run: Run, file: Path) -> None:
    """64 pictures of fixed z by the averaged generator, its batch-norm statistics measured afresh."""
    model = copy.deepcopy(run.average)
    reestimate_batch_norm(model, batches=6)
    images = ((model(run.fixed).clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).cpu().numpy()
    save_grid(images, file)


def main(argv: list[str] | None = None) -> None:
    options = parse_arguments(argv)
    if options.threads:
        torch.set_num_threads(options.threads)
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    run = Run(options)
    leader = run.rank == 0
    if leader:
        (out / "args.json").write_text(json.dumps(vars(options), indent=1))
        print(f"{len(run.images)} images, from step {run.step}, on {run.device} × {run.world}", flush=True)
    log, bar, smooth = CsvLog(out / "log.csv", ["step", "seconds", "loss_d", "loss_g", "lr"]), Progress(), None
    stop: list[int] = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, frame: stop.append(number))
    stopped = False
    while run.progress() < 1 and not stopped:
        started = time.time()
        set_learning_rate(run)
        losses = train_step(run)
        smooth = losses if smooth is None else tuple(0.95 * a + 0.05 * b for a, b in zip(smooth, losses))
        run.step += 1
        run.seconds += time.time() - started
        stopped = run.agree(bool(stop))
        if not leader:
            continue
        bar.update(run.progress(), f"step {run.step}  D {smooth[0]:.3f}  G {smooth[1]:.3f}  {run.seconds / run.step:.3f} s/step")
        if run.step % 20 == 0:
            log.append([run.step, run.seconds, *smooth, run.opt_g.param_groups[0]["lr"]])
        if run.step % options.every == 0 or run.progress() >= 1:
            draw_samples(run, out / f"samples_{run.step:07d}.png")
            plot_losses(out / "log.csv", out / "losses.png")
            run.save()
    if leader and stopped:
        run.save()


if __name__ == "__main__":
    main()
