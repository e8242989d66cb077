#!/usr/bin/env python3
"""Measures how many of the report's possibly missing labels are missing: removes a tenth of the labels and compares.

    eng/missing_labels.py ANNOTATIONS.json RESULTS.json [SEEDS]      COCO annotations and a detector's COCO results; default 5 seeds

A reported place counts as right if a removed object of its class is there (IoU 0.5). Labels that were missing before count as wrong.
FOCALSHARP: the tool (default: built from this checkout). Used for docs/evaluation.md.
"""
import json
import os
import random
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOOL = os.environ.get("FOCALSHARP") or os.path.join(ROOT, "src/FocalSharp.Cli/bin/Release/net10.0/focalsharp")


def iou(a, b):
    w = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    h = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    both = max(w, 0) * max(h, 0)
    return both / (a[2] * a[3] + b[2] * b[3] - both)


def main(annotations, results, seeds):
    with open(annotations, encoding="utf-8") as file:
        coco = json.load(file)
    for seed in range(seeds):
        labels = list(coco["annotations"])
        random.Random(seed).shuffle(labels)
        count = len(labels) // 10
        removed = [one for one in labels[:count] if not one.get("iscrowd")]
        with tempfile.TemporaryDirectory() as work:
            truth, numbers = os.path.join(work, "truth.json"), os.path.join(work, "numbers.json")
            with open(truth, "w", encoding="utf-8") as file:
                json.dump({**coco, "annotations": sorted(labels[count:], key=lambda one: one["id"])}, file)
            subprocess.run(
                [TOOL, "eval", "--gt", truth, "--dt", results, "--report", os.path.join(work, "report.html"), "--json", numbers],
                check=True, stdout=subprocess.DEVNULL)
            with open(numbers, encoding="utf-8") as file:
                suspects = [one for one in json.load(file)["analysis"]["label_suspects"] if one["kind"] == "missing_label"]
        right = sum(any(one["image_id"] == gone["image_id"] and one["category_id"] == gone["category_id"] and iou(one["bbox"], gone["bbox"]) >= 0.5
                        for gone in removed) for one in suspects)
        print(f"seed {seed}: {right} of the first {len(suspects)} were removed ({len(removed)} labels removed)")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 5)
