#!/usr/bin/env python3
"""Makes a YOLO data set of everyday objects from COCO annotations: six classes under new names, or the given classes under their own.

    eng/everyday.py instances_val2017.json IMAGES OUT [NAME...]      the first 150 shuffled images for training, the rest for evaluation

Used to measure fine-tuning on images similar to COCO (docs/fine-tuning.md).
"""
import json
import os
import random
import sys

NAMES = {"person": "human", "car": "automobile", "chair": "seat", "cup": "mug", "bottle": "flask", "book": "volume"}
TRAIN = 150


def main(annotations, images, out, *own):
    names = {name: name for name in own} or NAMES
    with open(annotations, encoding="utf-8") as file:
        coco = json.load(file)
    classes = sorted(names.values())
    label = {c["id"]: classes.index(names[c["name"]]) for c in coco["categories"] if c["name"] in names}
    objects = {}
    for one in coco["annotations"]:
        if one["category_id"] in label and not one["iscrowd"]:
            objects.setdefault(one["image_id"], []).append(one)
    entries = list(coco["images"])
    random.Random(1).shuffle(entries)
    for place, image in enumerate(entries):
        rows = []
        for one in objects.get(image["id"], []):
            x, y, w, h = one["bbox"]
            center = ((x + w / 2) / image["width"], (y + h / 2) / image["height"], w / image["width"], h / image["height"])
            rows.append(" ".join([str(label[one["category_id"]]), *(f"{v:.6f}" for v in center)]))
        if not rows:
            continue
        split = "train" if place < TRAIN else "val"
        name = os.path.basename(image["file_name"])
        for folder in ("images", "labels"):
            os.makedirs(os.path.join(out, folder, split), exist_ok=True)
        link = os.path.join(out, "images", split, name)
        if not os.path.exists(link):
            os.symlink(os.path.abspath(os.path.join(images, name)), link)
        with open(os.path.join(out, "labels", split, os.path.splitext(name)[0] + ".txt"), "w", encoding="utf-8") as file:
            file.write("\n".join(rows) + "\n")
    with open(os.path.join(out, "data.yaml"), "w", encoding="utf-8") as file:
        file.write(f"path: .\ntrain: images/train\nval: images/val\nnames: {json.dumps(classes)}\n")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
