"""Reads a safetensors file with Python's standard library only and prints its content as JSON.

Usage: read_safetensors.py FILE
Written from the format's specification, independently of the C# code, and as strict as the reference reader: the header starts
with '{', keys are unique, and tensors cover the data without gaps or overlaps.
"""
import json
import struct
import sys

FORMATS = {"F64": "d", "F32": "f", "F16": "e", "I64": "q", "I32": "i", "I16": "h", "I8": "b",
           "U64": "Q", "U32": "I", "U16": "H", "U8": "B", "BOOL": "?"}


def unique(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), "duplicate keys"
    return dict(pairs)


def values(kind, raw):
    if kind == "BF16":
        halves = struct.unpack(f"<{len(raw) // 2}H", raw)
        return list(struct.unpack(f"<{len(halves)}f", struct.pack(f"<{len(halves)}I", *(half << 16 for half in halves))))
    code = FORMATS[kind]
    return list(struct.unpack(f"<{len(raw) // struct.calcsize(code)}{code}", raw))


def read(path):
    with open(path, "rb") as file:
        blob = file.read()
    (length,) = struct.unpack_from("<Q", blob)
    assert length % 8 == 0 and blob[8:9] == b"{", "header is not aligned JSON"
    header = json.loads(blob[8:8 + length].decode("utf-8"), object_pairs_hook=unique)
    metadata = header.pop("__metadata__", {})
    assert all(isinstance(value, str) for value in metadata.values()), "metadata must be strings"
    data, end, tensors = blob[8 + length:], 0, {}
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, stop = entry["data_offsets"]
        assert begin == end, f"{name}: gap or overlap"
        end = stop
        count = 1
        for size in entry["shape"]:
            count *= size
        tensors[name] = {"dtype": entry["dtype"], "shape": entry["shape"], "values": values(entry["dtype"], data[begin:stop])}
        assert len(tensors[name]["values"]) == count, f"{name}: wrong length"
    assert end == len(data), "bytes after the last tensor"
    return {"metadata": metadata, "names": list(header), "tensors": tensors}


if __name__ == "__main__":
    json.dump(read(sys.argv[1]), sys.stdout)
