"""Tests of what the app relies on: `python3 -m unittest` in this folder. Tiny networks and random data; half a minute on a CPU."""
from __future__ import annotations

import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import datasets
import export
import train
from data import load_images, read_idx
from judge import Judge, augment, load_judge
from metrics import frechet_distance, nearest, sliced_wasserstein, wilson
from modelspec import describe_layers, judge_spec, write_network
from networks import Discriminator, Generator, folded_state, load_folded, reestimate_batch_norm, use_low_precision
from tensorfile import read_safetensors, write_safetensors


def random_images(folder: Path, count: int = 40) -> Path:
    folder.mkdir()
    rng = np.random.default_rng(0)
    for i in range(count):
        Image.fromarray(rng.integers(0, 256, (40, 48, 3), np.uint8)).save(folder / f"{i:03d}.png")
    return folder


class Files(unittest.TestCase):
    def test_safetensors_round_trip(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            arrays = {"a.weight": np.arange(6, dtype=np.float16).reshape(2, 3), "b": np.array([1.5], np.float32)}
            write_safetensors(Path(folder) / "x", arrays, {"spec": "{}"})
            again, metadata = read_safetensors(Path(folder) / "x")
        self.assertEqual(metadata, {"spec": "{}"})
        for name, array in arrays.items():
            self.assertEqual(again[name].dtype, array.dtype)
            np.testing.assert_array_equal(again[name], array)

    def test_idx(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "train-images-idx3-ubyte"
            file.write_bytes(bytes([0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4]))
            np.testing.assert_array_equal(read_idx(file), [[[1, 2], [3, 4]]])
            self.assertEqual(load_images(folder, 32).shape, (1, 32, 32, 1))

    def test_sheets_drop_blank_tiles(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            sheet = np.zeros((64, 128, 3), np.uint8)
            sheet[:, 64:] = 255
            Image.fromarray(sheet).save(Path(folder) / "s_0.webp", lossless=True)
            (Path(folder) / "attributes.csv").write_text("index\n0\n")
            images = load_images(folder)
        self.assertEqual(images.shape, (1, 64, 64, 3))
        self.assertEqual(images.max(), 0)


class Datasets(unittest.TestCase):
    def test_sheets_hold_the_halved_pictures_in_order(self) -> None:
        colours = np.random.default_rng(0).integers(0, 256, (1024, 1, 1, 3), np.uint8)
        images = datasets.reduce(np.broadcast_to(colours, (1024, 64, 64, 3)))
        with tempfile.TemporaryDirectory() as folder:
            files = datasets.write_sheets(images, Path(folder) / "set", 97)
            sheet = np.asarray(Image.open(Path(folder) / files[0]["path"]).convert("RGB")).astype(int)
        self.assertEqual([file["path"] for file in files], ["set/0.webp"])
        centres = sheet[16::32, 16::32].reshape(1024, 3)
        self.assertLess(np.abs(centres - colours[:, 0, 0]).mean(), 2)


class Networks(unittest.TestCase):
    def test_shapes(self) -> None:
        for size in (32, 64, 128):
            images = Generator(size, 10, 4)(torch.randn(2, 10, 1, 1))
            self.assertEqual(tuple(images.shape), (2, 3, size, size))
            self.assertEqual(tuple(Discriminator(size, 4)(images).shape), (2,))

    def test_low_precision_path_has_the_same_gradients(self) -> None:
        torch.manual_seed(0)
        for network, x in ((Generator(32, 8, 8), torch.randn(4, 8, 1, 1)), (Discriminator(32, 8, norm="spectral"), torch.randn(4, 3, 32, 32))):
            network.eval()
            gradients = []
            for low in (False, True):
                use_low_precision(network, low)
                network.zero_grad()
                network(x).square().mean().backward()
                gradients.append(torch.cat([p.grad.flatten() for p in network.parameters()]))
            difference = (gradients[0] - gradients[1]).norm() / gradients[0].norm()
            self.assertLess(difference.item(), 0.05)

    def test_folding_keeps_what_a_spectral_discriminator_says(self) -> None:
        critic = Discriminator(32, 4, norm="spectral", gain=3.0).eval()
        plain = Discriminator(32, 4, norm="none").eval()
        x = torch.randn(3, 3, 32, 32)
        state = folded_state(critic)
        weights = [v for k, v in state.items() if k.endswith("weight")]
        plain_layers = [m for m in plain.main if isinstance(m, torch.nn.Conv2d)]
        self.assertEqual(len(weights), len(plain_layers))
        with torch.no_grad():
            y = x
            stems = iter(sorted({k.rsplit(".", 1)[0] for k in state}, key=lambda k: int(k.split(".")[1])))
            for module in plain.main:
                if isinstance(module, torch.nn.Conv2d):
                    stem = next(stems)
                    y = torch.nn.functional.conv2d(y, state[f"{stem}.weight"], state[f"{stem}.bias"], module.stride, module.padding)
                else:
                    y = module(y)
            torch.testing.assert_close(y.flatten(), critic(x), rtol=1e-4, atol=1e-5)

    def test_loading_matches_layers_by_order(self) -> None:
        source = folded_state(Discriminator(32, 4, norm="spectral"))
        target = Discriminator(32, 4, norm="batch")
        load_folded(target, source)
        torch.testing.assert_close(target.main[2].weight, source["main.2.weight"])

    def test_batch_norm_is_measured_afresh(self) -> None:
        generator = Generator(32, 8, 4)
        before = generator.main[1].running_var.clone()
        reestimate_batch_norm(generator, batches=2, batch=16)
        self.assertFalse(torch.equal(before, generator.main[1].running_var))
        self.assertFalse(generator.training)


class Training(unittest.TestCase):
    def test_a_resumed_run_goes_the_same_way(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            data = random_images(Path(folder) / "data")
            common = ["--data", str(data), "--size", "32", "--ngf", "4", "--ndf", "4", "--nz", "8", "--batch", "8", "--ema", "0.9"]
            train.main([*common, "--out", f"{folder}/whole", "--steps", "4", "--every", "2"])
            train.main([*common, "--out", f"{folder}/parts", "--steps", "2", "--every", "2"])
            train.main([*common, "--out", f"{folder}/parts", "--steps", "4", "--every", "2"])
            whole, parts = (torch.load(f"{folder}/{name}/checkpoint.pt")["generator"] for name in ("whole", "parts"))
            for name in whole:
                torch.testing.assert_close(whole[name], parts[name])

    def test_every_recipe_runs_and_exports(self) -> None:
        recipes = (["--loss", "hinge", "--norm", "spectral", "--flip"], ["--r1", "1", "--norm", "none"], ["--bf16", "--channels-last"])
        with tempfile.TemporaryDirectory() as folder:
            data = random_images(Path(folder) / "data")
            for i, recipe in enumerate(recipes):
                common = ["--data", str(data), "--size", "32", "--ngf", "4", "--ndf", "4", "--nz", "8", "--batch", "8"]
                train.main([*common, *recipe, "--out", f"{folder}/run{i}", "--steps", "2", "--every", "2"])
                models = Path(folder) / f"models{i}"
                export.main(["--id", "rooms-64", "--run", f"{folder}/run{i}", "--models", str(models)])
                index = json.loads((models / "index.json").read_text())
                self.assertEqual([m["id"] for m in index["models"]], ["rooms-64"])
                self.assertEqual(set(index["models"][0]["files"]), {"generator", "discriminator"})
                arrays, _ = read_safetensors(models / "rooms-64" / "generator.safetensors")
                self.assertEqual(arrays["main.0.weight"].dtype, np.float16)
                self.assertEqual(arrays["main.1.running_var"].dtype, np.float32)


class Judges(unittest.TestCase):
    def test_files_are_small_and_read_back(self) -> None:
        outputs = [{"name": "woman", "kind": "probability"}]
        with tempfile.TemporaryDirectory() as folder:
            for variant in ("first", "second"):
                judge = Judge(8, variant=variant).eval()
                file = Path(folder) / variant
                write_network(file, judge, judge_spec(judge, 64, 3, outputs * 8))
                self.assertLessEqual(file.stat().st_size, 300_000)
                again, _ = load_judge(file, variant)
                x = torch.randn(2, 3, 64, 64)
                torch.testing.assert_close(again(x), judge(x), rtol=0.02, atol=0.02)

    def test_spec_names_every_layer_once(self) -> None:
        layers = describe_layers(Judge(3).main)
        self.assertEqual([layer["kind"] for layer in layers], ["conv"] * 4 + ["flatten", "dense"])
        self.assertEqual(len({layer["id"] for layer in layers}), len(layers))

    def test_augmented_images_stay_in_range(self) -> None:
        rng = torch.Generator().manual_seed(0)
        for _ in range(20):
            y = augment(torch.rand(2, 3, 64, 64) * 2 - 1, rng)
            self.assertEqual(tuple(y.shape), (2, 3, 64, 64))
            self.assertLessEqual(y.abs().max().item(), 1)


class Metrics(unittest.TestCase):
    def test_frechet_distance(self) -> None:
        x = np.random.default_rng(0).standard_normal((4000, 5))
        self.assertAlmostEqual(frechet_distance(x, x), 0, places=6)
        self.assertAlmostEqual(frechet_distance(x, x + 2), 20, places=6)
        self.assertAlmostEqual(frechet_distance(x, x * 3), 5 * 4, delta=1)

    def test_sliced_wasserstein_is_zero_for_equal_sets(self) -> None:
        x = np.random.default_rng(0).integers(0, 256, (20, 64, 64, 3), np.uint8)
        self.assertEqual(max(sliced_wasserstein(x, x)), 0)
        self.assertGreater(max(sliced_wasserstein(x // 2, x)), 100)

    def test_nearest_finds_mirror_images(self) -> None:
        x = np.random.default_rng(0).integers(0, 256, (10, 64, 64, 3), np.uint8)
        index, distance = nearest(x[3:4, :, ::-1], x, mirror=True)
        self.assertEqual(index[0], 3)
        self.assertLess(distance[0], 0.1)

    def test_wilson(self) -> None:
        share, low, high = wilson(190, 200)
        self.assertAlmostEqual(share, 0.95)
        self.assertTrue(0.909 < low < 0.912 and 0.972 < high < 0.974)


if __name__ == "__main__":
    unittest.main()
