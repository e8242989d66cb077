#!/usr/bin/env python3
"""Makes harder copies of a data set, to test that default settings do not depend on clean data (docs/fine-tuning.md).

    eng/variants.py mislabeled DATASET OUT [SHARE]   wrong labels for SHARE (0.2) of the training objects: a third is removed, a third gets another
                                                     class (is removed, if there is one class only), a third moves by 0.3 of its size
    eng/variants.py imbalanced DATASET OUT [SHARE]   keeps SHARE (0.1) of the training images of every second class, the rarest first
    eng/variants.py mixed DATASET OUT OTHER          the images and classes of both data sets, each image with its own labels only
    eng/variants.py montage DATASET OUT              four images in one, in evaluation images, too (needs ImageMagick)

The evaluation images and their labels are otherwise unchanged. Data sets are first converted to YOLO; images are linked, not copied.
FOCALSHARP: the tool (default: built from this checkout).
"""
import collections
import json
import os
import random
import subprocess
import sys
import tempfile

from few import build_tool, convert, names


def class_names(whole):
    """The names of data.yaml as 'convert' writes them: a flow or block list."""
    with open(os.path.join(whole, "data.yaml"), encoding="utf-8") as file:
        text = file.read()
    value = text[text.index("names:") + len("names:"):].strip()
    if value.startswith("["):
        return json.loads(value[:value.index("]") + 1])
    entries = [line.strip() for line in value.splitlines() if line.strip()]
    return [entry.split(":", 1)[1].strip().strip("'\"") if ":" in entry else entry.lstrip("- ").strip("'\"") for entry in entries]


def read(dataset, work, name):
    """Returns the class names and {split: [(image path, rows)]}, with the images of val in train where there is a test split."""
    whole = os.path.join(work, name)
    convert(dataset, whole)
    splits = {"train": [], "val": []}
    present = {split: names(os.path.join(whole, "images", split)) for split in ("train", "val", "test")}
    for split, images in present.items():
        to = "train" if split == "train" or (split == "val" and present["test"]) else "val"
        for image in images:
            path = os.path.join(whole, "labels", split, os.path.splitext(image)[0] + ".txt")
            rows = []
            if os.path.exists(path):
                with open(path, encoding="utf-8") as file:
                    rows = [(int(row[0]), *map(float, row[1:5])) for row in (line.split() for line in file) if row]
            splits[to].append((os.path.join(whole, "images", split, image), rows))
    if not splits["train"] or not splits["val"]:
        sys.exit(f"{dataset}: no training images, or none of a val or test split")
    return class_names(whole), splits


def write(out, classes, splits):
    for split, images in splits.items():
        for folder in ("images", "labels"):
            os.makedirs(os.path.join(out, folder, split), exist_ok=True)
        for image, rows in images:
            name = os.path.basename(image)
            os.link(image, os.path.join(out, "images", split, name))
            with open(os.path.join(out, "labels", split, os.path.splitext(name)[0] + ".txt"), "w", encoding="utf-8") as file:
                file.writelines(f"{label} {x:.6f} {y:.6f} {w:.6f} {h:.6f}\n" for label, x, y, w, h in rows)
    with open(os.path.join(out, "data.yaml"), "w", encoding="utf-8") as file:
        file.write(f"train: images/train\nval: images/val\nnames: {json.dumps(classes)}\n")


def mislabel(rows, classes, share, generator):
    kept = []
    for label, x, y, w, h in rows:
        problem = generator.choice(("missing", "class", "box")) if generator.random() < share else None
        if problem == "box":
            x = min(max(x + generator.choice((-0.3, 0.3)) * w, w / 2), 1 - w / 2)
            y = min(max(y + generator.choice((-0.3, 0.3)) * h, h / 2), 1 - h / 2)
        elif problem == "class" and len(classes) > 1:
            label = generator.choice([other for other in range(len(classes)) if other != label])
        if problem in (None, "box") or (problem == "class" and len(classes) > 1):
            kept.append((label, x, y, w, h))
    return kept


def imbalance(images, classes, share, generator):
    count = collections.Counter(row[0] for _, rows in images for row in rows)
    rare = set(sorted(range(len(classes)), key=lambda label: (count[label], label))[::2])
    return [one for one in images if not any(row[0] in rare for row in one[1]) or generator.random() < share]


def montage(images, folder, split):
    """Puts four images into one, each scaled to the size of the first of all."""
    os.makedirs(folder, exist_ok=True)
    size = subprocess.run(["identify", "-format", "%wx%h!+0+0", images[0][0]], check=True, capture_output=True, text=True).stdout
    joined = []
    for place in range(0, len(images) - 3, 4):
        group = images[place:place + 4]
        path = os.path.join(folder, f"{split}-{place // 4:04d}.jpg")
        subprocess.run(["montage", *(image for image, _ in group), "-tile", "2x2", "-geometry", size, "-quality", "95", path], check=True)
        joined.append((path, [(label, (x + i % 2) / 2, (y + i // 2) / 2, w / 2, h / 2) for i, (_, rows) in enumerate(group) for label, x, y, w, h in rows]))
    return joined


def main(kind, dataset, out, *rest):
    build_tool()
    os.makedirs(out)
    generator = random.Random(1)
    with tempfile.TemporaryDirectory(dir=out) as work:
        classes, splits = read(dataset, work, "whole")
        if kind == "mislabeled":
            share = float(rest[0]) if rest else 0.2
            splits["train"] = [(image, mislabel(rows, classes, share, generator)) for image, rows in splits["train"]]
        elif kind == "imbalanced":
            splits["train"] = imbalance(splits["train"], classes, float(rest[0]) if rest else 0.1, generator)
        elif kind == "montage":
            splits = {split: montage(images, os.path.join(work, "montage"), split) for split, images in splits.items()}
        else:
            others, added = read(rest[0], work, "other")
            classes += [name for name in others if name not in classes]
            for split, images in added.items():
                splits[split] += [(image, [(classes.index(others[row[0]]), *row[1:]) for row in rows]) for image, rows in images]
        write(out, classes, splits)


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5) or sys.argv[1] not in ("mislabeled", "imbalanced", "mixed", "montage") or (sys.argv[1] == "mixed") != (len(sys.argv) == 5 and os.path.exists(sys.argv[4])):
        sys.exit(__doc__)
    main(*sys.argv[1:])
