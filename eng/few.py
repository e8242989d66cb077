#!/usr/bin/env python3
"""Makes a small Pascal VOC data set from a larger one: COUNT training images, the same test split.

    eng/few.py path/to/bccd OUT 40      40 evenly spaced images of train and val

Used by the ablation "few" (docs/results.md).
"""
import os
import sys


def main(source, out, count):
    lists = os.path.join(source, "ImageSets", "Main")
    names = []
    for split in ("train", "val"):
        with open(os.path.join(lists, split + ".txt"), encoding="utf-8") as file:
            names += file.read().split()
    few = [names[i * len(names) // count] for i in range(count)]
    with open(os.path.join(lists, "test.txt"), encoding="utf-8") as file:
        test = file.read().split()
    os.makedirs(os.path.join(out, "ImageSets", "Main"), exist_ok=True)
    for folder in ("Annotations", "JPEGImages"):
        if not os.path.lexists(os.path.join(out, folder)):
            os.symlink(os.path.abspath(os.path.join(source, folder)), os.path.join(out, folder))
    for split, chosen in (("train", few), ("test", test)):
        with open(os.path.join(out, "ImageSets", "Main", split + ".txt"), "w", encoding="utf-8") as file:
            file.write("\n".join(chosen) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
