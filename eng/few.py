#!/usr/bin/env python3
"""Makes data sets with few training images from a larger one, with the same evaluation images.

    eng/few.py DATASET OUT COUNT... [--eval N]     OUT/COUNT for each COUNT: evenly spaced images of train and, beside a test split, of val;
                                                   --eval: evenly spaced evaluation images, too

Of a data set without splits, every fourth image is for evaluation. The data set is first converted to YOLO; images are linked, not copied. FOCALSHARP: the tool (default: built from this checkout).
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


def spaced(images, count):
    return [images[i * len(images) // count] for i in range(min(count, len(images)))] if count else images


def main(dataset, out, counts, evaluation):
    build_tool()
    os.makedirs(out, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as work:
        whole = os.path.join(work, "whole")
        convert(dataset, whole)
        images = os.path.join(whole, "images")
        splits = {split: [(split, name) for name in names(os.path.join(images, split))] for split in ("train", "val", "test", "unassigned")}
        tested = splits["test"] or splits["val"] or splits["unassigned"][::4]
        training = splits["train"] + (splits["val"] if splits["test"] else []) or [one for one in splits["unassigned"] if one not in tested]
        if not training or not tested:
            sys.exit(f"{dataset}: no training images, or none for evaluation")
        to = "test" if splits["test"] else "val"
        for count in counts:
            folder = os.path.join(out, str(count))
            for target, split, name in [("train", *one) for one in spaced(training, count)] + [(to, *one) for one in spaced(tested, evaluation)]:
                link(os.path.join(images, split, name), os.path.join(folder, "images", target, name))
                label = os.path.splitext(name)[0] + ".txt"
                if os.path.exists(os.path.join(whole, "labels", split, label)):
                    link(os.path.join(whole, "labels", split, label), os.path.join(folder, "labels", target, label))
            with open(os.path.join(whole, "data.yaml"), encoding="utf-8") as file:
                classes = file.read()
            with open(os.path.join(folder, "data.yaml"), "w", encoding="utf-8") as file:
                file.write(f"train: images/train\nval: images/{to}\n" + classes[classes.index("nc:"):])


if __name__ == "__main__":
    words = sys.argv[1:]
    evaluated = 0
    if "--eval" in words[:-1]:
        at = words.index("--eval")
        evaluated = int(words[at + 1]) if words[at + 1].isdigit() else -1
        words = words[:at] + words[at + 2:]
    if len(words) < 3 or evaluated < 0 or not all(count.isdigit() and int(count) > 0 for count in words[2:]):
        sys.exit(__doc__)
    main(words[0], words[1], [int(count) for count in words[2:]], evaluated)
