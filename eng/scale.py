#!/usr/bin/env python3
"""Makes a data set of many images and objects in COCO, VOC and YOLO, and measures how long 'focalsharp data check --fast' takes to read and lint it.

usage: eng/scale.py [FOLDER] [--images 100000] [--objects 1000000]      (needs a built focalsharp; /usr/bin/time)
"""
import argparse, json, os, pathlib, random, re, struct, subprocess, tempfile, zlib

arguments = argparse.ArgumentParser()
arguments.add_argument("folder", nargs="?")
arguments.add_argument("--images", type=int, default=100_000)
arguments.add_argument("--objects", type=int, default=1_000_000)
arguments = arguments.parse_args()
ROOT = pathlib.Path(__file__).resolve().parent.parent
TOOL = ROOT / "src/FocalSharp.Cli/bin/Release/net10.0/focalsharp.dll"
WIDTH, HEIGHT = 640, 480
CLASSES = [f"class{i}" for i in range(80)]


def png():
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
    rows = b"".join(b"\0" + bytes(WIDTH) for _ in range(HEIGHT))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def boxes(i):
    draw = random.Random(i)
    for _ in range(arguments.objects // arguments.images):
        w, h = draw.randint(8, 200), draw.randint(8, 200)
        yield draw.randrange(80), draw.randint(0, WIDTH - w), draw.randint(0, HEIGHT - h), w, h


def images(folder):
    folder.mkdir(parents=True)
    content = png()
    for i in range(arguments.images):
        (folder / f"{i:06}.png").write_bytes(content)


def coco(folder):
    images(folder / "images/train")
    (folder / "annotations").mkdir()
    with open(folder / "annotations/instances_train.json", "w") as file:
        listed = [json.dumps({"id": i + 1, "file_name": f"{i:06}.png", "width": WIDTH, "height": HEIGHT}) for i in range(arguments.images)]
        classes = [{"id": k + 1, "name": name} for k, name in enumerate(CLASSES)]
        file.write('{"images": [' + ",".join(listed) + '], "categories": ' + json.dumps(classes) + ', "annotations": [')
        n = 0
        for i in range(arguments.images):
            for k, x, y, w, h in boxes(i):
                n += 1
                file.write(("," if n > 1 else "") + json.dumps({
                    "id": n, "image_id": i + 1, "category_id": k + 1, "bbox": [x, y, w, h], "area": w * h, "iscrowd": 0,
                    "segmentation": [[x, y, x + w, y, x + w, y + h, x, y + h]]}))
        file.write("]}")


def voc(folder):
    images(folder / "JPEGImages")
    (folder / "Annotations").mkdir()
    (folder / "ImageSets/Main").mkdir(parents=True)
    for i in range(arguments.images):
        objects = "".join(
            f"<object><name>{CLASSES[k]}</name><difficult>0</difficult><bndbox><xmin>{x + 1}</xmin><ymin>{y + 1}</ymin><xmax>{x + w}</xmax><ymax>{y + h}</ymax></bndbox></object>"
            for k, x, y, w, h in boxes(i))
        (folder / f"Annotations/{i:06}.xml").write_text(
            f"<annotation><filename>{i:06}.png</filename><size><width>{WIDTH}</width><height>{HEIGHT}</height><depth>3</depth></size>{objects}</annotation>")
    (folder / "ImageSets/Main/train.txt").write_text("".join(f"{i:06}\n" for i in range(arguments.images)))


def yolo(folder):
    images(folder / "images/train")
    (folder / "labels/train").mkdir(parents=True)
    for i in range(arguments.images):
        (folder / f"labels/train/{i:06}.txt").write_text("".join(
            f"{k} {(x + w / 2) / WIDTH:.6f} {(y + h / 2) / HEIGHT:.6f} {w / WIDTH:.6f} {h / HEIGHT:.6f}\n" for k, x, y, w, h in boxes(i)))
    (folder / "data.yaml").write_text("train: images/train\nnames: [" + ", ".join(CLASSES) + "]\n")


with tempfile.TemporaryDirectory() as temporary:
    base = pathlib.Path(arguments.folder or temporary)
    for make in (coco, voc, yolo):
        folder = base / make.__name__
        if not folder.exists():
            make(folder)
        run = subprocess.run(["/usr/bin/time", "-v", "dotnet", str(TOOL), "data", "check", str(folder), "--fast"], capture_output=True, text=True)
        elapsed = re.search(r"Elapsed .*: ([\d:.]+)\n", run.stderr).group(1)
        memory = int(re.search(r"Maximum resident set size .*: (\d+)", run.stderr).group(1)) / 1e6
        found = re.search(r"[\d,. ]+ (?:objects|boxes)[^\n]*", run.stdout)
        print(f"{make.__name__}: {elapsed} min:s, {memory:.2f} GB ({found.group(0).strip() if found else run.stdout[:200]})", flush=True)
