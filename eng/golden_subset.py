#!/usr/bin/env python3
"""Cuts the small golden set, tests/Golden, out of the full one.

usage: eng/golden_subset.py [SOURCE]     SOURCE: the full set (default: $FOCALSHARP_GOLDEN, else ../shared/golden)

The small set contains the smallest case with reduction mean and the smallest with reduction none of each loss function, one case
of each geometry function, one ATSS assignment with its anchors, one decoding and one head loss. Every file has the format of the
full set; a .safetensors.gz is a compressed .safetensors. The result depends on the source only.
"""
import gzip
import json
import os
import shutil
import struct
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARGET = os.path.join(ROOT, "tests", "Golden")
LIMIT = 300_000
LOSSES = ["qfl_mmdet", "qfl_gfocal1", "dfl", "box", "box_gfocal1", "focal", "kd", "geometry"]


def read(path):
    with open(path + ".json") as file:
        manifest = json.load(file)
    return manifest, read_tensors(path + ".safetensors")


def read_tensors(path):
    with open(path, "rb") as file:
        data = file.read()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    start = 8 + length
    return {name: (entry["dtype"], entry["shape"], data[start + entry["data_offsets"][0]:start + entry["data_offsets"][1]])
            for name, entry in header.items()}


def write_tensors(path, tensors, compress=False):
    header, body = {}, b""
    for name in sorted(tensors, key=lambda name: (-int(tensors[name][0].lstrip("FIUBOL") or 8), name)):
        dtype, shape, data = tensors[name]
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    data = struct.pack("<Q", len(text)) + text + body
    with open(path + ".gz" if compress else path, "wb") as file:
        file.write(gzip.compress(data, 9, mtime=0) if compress else data)


def names(case):
    return [f"{case['id']}.{name}" for name in case["inputs"] + case["outputs"]]


def write(name, manifest, cases, tensors, compress=False):
    path = os.path.join(TARGET, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".json", "w") as file:
        json.dump({"about": manifest["about"], "cases": cases}, file, indent=1)
        file.write("\n")
    write_tensors(path + ".safetensors", {key: tensors[key] for case in cases for key in names(case)}, compress)


def smallest(cases, tensors):
    """The smallest case of each function and of the reductions mean and none."""
    chosen = {}
    for case in cases:
        reduction = case["args"].get("reduction")
        key = (case["fn"], reduction)
        size = sum(len(tensors[name][2]) for name in names(case))
        if reduction != "sum" and (key not in chosen or size < chosen[key][0]):
            chosen[key] = (size, case)
    return [case for case in cases if any(case is kept for _, kept in chosen.values())]


def blank_unused_sides(case, tensors):
    """Sets the side logits to 0 where no anchor is positive: there they enter neither the loss nor a gradient."""
    prefix = case["id"] + "."
    indexes = struct.unpack(f"<{len(tensors[prefix + 'pos_idx'][2]) // 8}q", tensors[prefix + "pos_idx"][2])
    positive = set(zip(indexes[::2], indexes[1::2]))
    first = 0
    for level in range(len(case["args"]["strides"])):
        dtype, shape, data = tensors[f"{prefix}bbox_pred.{level}"]
        images, channels, height, width = shape
        values = list(struct.unpack(f"<{len(data) // 4}f", data))
        gradients = struct.unpack(f"<{len(data) // 4}f", tensors[f"{prefix}grad_bbox_pred.{level}"][2])
        for image in range(images):
            for location in range(height * width):
                if (image, first + location) not in positive:
                    for channel in range(channels):
                        index = (image * channels + channel) * height * width + location
                        assert gradients[index] == 0
                        values[index] = 0.0
        tensors[f"{prefix}bbox_pred.{level}"] = (dtype, shape, struct.pack(f"<{len(values)}f", *values))
        first += height * width
    case["note"] = "bbox_pred is 0 where no anchor is positive (it enters no loss there), so that the file compresses"


def main():
    source = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("FOCALSHARP_GOLDEN") or os.path.join(ROOT, "..", "shared", "golden")
    if os.path.exists(TARGET):
        shutil.rmtree(TARGET)
    for name in LOSSES:
        manifest, tensors = read(os.path.join(source, "losses", name))
        write(f"losses/{name}", manifest, smallest(manifest["cases"], tensors), tensors)

    manifest, tensors = read(os.path.join(source, "atss", "atss"))
    write("atss/atss", manifest, [case for case in manifest["cases"] if case["id"] == "rand_256x320_0"], tensors)
    write_tensors(
        os.path.join(TARGET, "atss", "anchors_256x320.safetensors"),
        read_tensors(os.path.join(source, "atss", "anchors_256x320.safetensors")), compress=True)

    manifest, tensors = read(os.path.join(source, "predict", "c3_max10"))
    write("predict/c3_max10", manifest, manifest["cases"], tensors)

    manifest, tensors = read(os.path.join(source, "head_loss", "c5_regmax7"))
    blank_unused_sides(manifest["cases"][0], tensors)
    write("head_loss/c5_regmax7", manifest, manifest["cases"], tensors, compress=True)

    total = sum(os.path.getsize(os.path.join(folder, file)) for folder, _, files in os.walk(TARGET) for file in files)
    print(f"{TARGET}: {total:,} bytes")
    return 0 if total <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
