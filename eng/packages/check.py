#!/usr/bin/env python3
"""Checks the content of packages: metadata, files, and that nothing names a folder of the machine that built them.

usage: eng/packages/check.py FOLDER PACKAGE...

FOLDER must contain exactly a .nupkg and a .snupkg for each PACKAGE.
"""
import os
import re
import struct
import sys
import xml.etree.ElementTree as xml
import zipfile

MAX_ICON_BYTES = 20_000


def compressed(blob, at):
    """Reads a compressed integer (ECMA-335, II.23.2); returns it and the next position."""
    first = blob[at]
    if first < 0x80:
        return first, at + 1
    if first < 0xC0:
        return (first & 0x3F) << 8 | blob[at + 1], at + 2
    return (first & 0x1F) << 24 | blob[at + 1] << 16 | blob[at + 2] << 8 | blob[at + 3], at + 4


def documents(pdb):
    """Returns the paths of the source files that a portable PDB names. Its first table is the one of the documents."""
    assert pdb[:4] == b"BSJB", "not a portable PDB"
    at = 16 + struct.unpack_from("<I", pdb, 12)[0]
    streams = {}
    count = struct.unpack_from("<H", pdb, at + 2)[0]
    at += 4
    for _ in range(count):
        offset, size = struct.unpack_from("<II", pdb, at)
        end = pdb.index(b"\0", at + 8)
        streams[pdb[at + 8:end].decode()] = pdb[offset:offset + size]
        at += 8 + (end - at - 8 + 4) // 4 * 4
    tables, blob = streams["#~"], streams["#Blob"]
    heaps, present = tables[6], struct.unpack_from("<Q", tables, 8)[0]
    assert present & ((1 << 0x30) - 1) == 0 and present >> 0x30 & 1, "no table of documents"
    guid_size, blob_size = (4 if heaps & 2 else 2), (4 if heaps & 4 else 2)
    rows = struct.unpack_from("<I", tables, 24)[0]
    at = 24 + 4 * bin(present).count("1")

    def entry(index):
        length, start = compressed(blob, index)
        return blob[start:start + length]

    for row in range(rows):
        name = entry(int.from_bytes(tables[at:at + blob_size], "little"))
        at += 2 * blob_size + 2 * guid_size
        parts, position = [], 1
        while position < len(name):
            index, position = compressed(name, position)
            parts.append(entry(index).decode() if index else "")
        yield chr(name[0]).join(parts) if name[0] else "".join(parts)


def check(folder, package):
    """Yields the problems of a package."""
    (name,) = [file for file in os.listdir(folder) if re.fullmatch(re.escape(package) + r"\.\d[^/]*\.nupkg", file)]
    version = name[len(package) + 1:-len(".nupkg")]
    with zipfile.ZipFile(os.path.join(folder, name)) as archive:
        files = archive.namelist()
        nuspec = re.sub(r' xmlns="[^"]*"', "", archive.read(f"{package}.nuspec").decode("utf-8-sig"))
        metadata = xml.fromstring(nuspec).find("metadata")
        for element in ("authors", "copyright", "description", "tags", "license", "readme", "icon"):
            if not metadata.findtext(element):
                yield f"no {element}"
        if metadata.find("license") is None or metadata.find("license").get("type") != "expression":
            yield "the license is not an expression"
        for file in (metadata.findtext("readme"), metadata.findtext("icon"), f"lib/net10.0/{package}.dll", f"lib/net10.0/{package}.xml"):
            if file not in files:
                yield f"no file {file}"
        # Of the clone's remote; without a public one there are none.
        repository = metadata.find("repository")
        for address in (metadata.findtext("projectUrl"), None if repository is None else repository.get("url")):
            if address and not address.startswith("https://"):
                yield f"the address {address} is not public"
        icon = archive.getinfo(metadata.findtext("icon")).file_size
        if icon > MAX_ICON_BYTES:
            yield f"the icon has {icon} bytes"
        for dependency in metadata.iter("dependency"):
            exact = f"[{version}]"
            if dependency.get("id").startswith("FocalSharp.") and dependency.get("version") != exact:
                yield f"depends on {dependency.get('id')} {dependency.get('version')}, not {exact}"
        assembly = archive.read(f"lib/net10.0/{package}.dll")
        for path in re.findall(rb"[\x20-\x7e]+\.pdb\0", assembly):
            if not path.startswith((b"/_", package.encode())):
                yield f"the assembly names {path[:-1].decode()}"
    symbols = os.path.join(folder, name[:-len("nupkg")] + "snupkg")
    with zipfile.ZipFile(symbols) as archive:
        paths = list(documents(archive.read(f"lib/net10.0/{package}.pdb")))
    local = [path for path in paths if not path.startswith("/_/")]
    if not paths or local:
        yield f"{len(local)} of {len(paths)} source paths are of this machine: {local[:1]}"


def main():
    folder, packages = sys.argv[1], sys.argv[2:]
    found = sorted(os.listdir(folder))
    expected = 2 * len(packages)
    problems = [f"{expected} files expected, found {', '.join(found)}"] if len(found) != expected else []
    problems += [f"{package}: {problem}" for package in packages for problem in check(folder, package)]
    print("\n".join(problems) if problems else f"{len(packages)} packages are complete")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
