#!/usr/bin/env python3
"""Makes data sets with few training images from a larger one, with the same evaluation images.

    eng/few.py DATASET OUT COUNT...      OUT/COUNT for each COUNT: evenly spaced images of train and, beside a test split, of val

The data set is first converted to YOLO; images are linked, not copied. FOCALSHARP: the tool (default: built from this checkout).
Used for the few-shot curves (docs/fine-tuning.md) and the ablation "few" (docs/results.md).
"""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOOL = os.environ.get("FOCALSHARP") or os.path.join(ROOT, "src/FocalSharp.Cli/bin/Release/net10.0/focalsharp")


def names(folder):
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


def link(source, target):
    os.makedirs(os.path.dirname(target), exist_ok=True)
    os.link(source, target)


def build_tool():
    if not os.environ.get("FOCALSHARP"):
        subprocess.run(["dotnet", "build", os.path.join(ROOT, "src/FocalSharp.Cli"), "-c", "Release", "-v", "q", "--nologo"], check=True)


def convert(dataset, out):
    subprocess.run([TOOL, "convert", dataset, "--to", "yolo", "--out", out], check=True, stdout=subprocess.DEVNULL)


def main(dataset, out, counts):
    build_tool()
    os.makedirs(out, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as work:
        whole = os.path.join(work, "whole")
        convert(dataset, whole)
        images = os.path.join(whole, "images")
        test = names(os.path.join(images, "test"))
        evaluated = "test" if test else "val"
        training = [(split, name) for split in ("train", *(["val"] if test else [])) for name in names(os.path.join(images, split))]
        if not training or not names(os.path.join(images, evaluated)):
            sys.exit(f"{dataset}: no training images, or none of a val or test split")
        for count in counts:
            few = [("train", *training[i * len(training) // count]) for i in range(min(count, len(training)))]
            chosen = few + [(evaluated, evaluated, name) for name in names(os.path.join(images, evaluated))]
            folder = os.path.join(out, str(count))
            for to, split, name in chosen:
                link(os.path.join(images, split, name), os.path.join(folder, "images", to, name))
                label = os.path.splitext(name)[0] + ".txt"
                if os.path.exists(os.path.join(whole, "labels", split, label)):
                    link(os.path.join(whole, "labels", split, label), os.path.join(folder, "labels", to, label))
            with open(os.path.join(whole, "data.yaml"), encoding="utf-8") as file:
                classes = file.read()
            with open(os.path.join(folder, "data.yaml"), "w", encoding="utf-8") as file:
                file.write(f"train: images/train\nval: images/{evaluated}\n" + classes[classes.index("nc:"):])


if __name__ == "__main__":
    if len(sys.argv) < 4 or not all(count.isdigit() and int(count) > 0 for count in sys.argv[3:]):
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], [int(count) for count in sys.argv[3:]])
