#!/usr/bin/env python3
"""Writes src/*/PublicAPI.Shipped.txt from the sources, after an intended change of the public API.

usage: eng/public_api.py

Builds the packages with empty lists and collects what Microsoft.CodeAnalysis.PublicApiAnalyzers misses in them (RS0016). The build
itself fails (RS0016, RS0017) as long as the lists and the sources differ; the difference of the lists in a commit is the change of
the API.
"""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HEADER = "#nullable enable\n"
MISSING = re.compile(r"Symbol '(.*)' is not part of the declared public API", re.DOTALL)


def packages():
    for project in sorted(glob.glob(os.path.join(ROOT, "src", "*", "*.csproj"))):
        with open(project) as file:
            if "<IsPackable>false</IsPackable>" not in file.read():
                yield os.path.splitext(os.path.basename(project))[0], os.path.dirname(project)


def write(folder, name, lines):
    with open(os.path.join(folder, f"PublicAPI.{name}.txt"), "w") as file:
        file.write(HEADER + "".join(line + "\n" for line in lines))


def missing(log):
    with open(log) as file:
        runs = json.load(file)["runs"]
    return {MISSING.fullmatch(result["message"]["text"]).group(1)
            for run in runs for result in run["results"] if result["ruleId"] == "RS0016"}


def main():
    projects = list(packages())
    for _, folder in projects:
        write(folder, "Shipped", [])
        write(folder, "Unshipped", [])
    with tempfile.TemporaryDirectory() as logs:
        subprocess.run(
            ["dotnet", "build", "-c", "Release", "--no-incremental", "-v", "q", "-nologo", "-p:RunAnalyzers=true", "-p:TreatWarningsAsErrors=false",
             f"-p:DiagnosticsLog={logs}", os.path.join("src", "FocalSharp.Cli")],
            cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        for name, folder in projects:
            lines = sorted(missing(os.path.join(logs, name + ".sarif")))
            write(folder, "Shipped", lines)
            print(f"{name}: {len(lines)} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
