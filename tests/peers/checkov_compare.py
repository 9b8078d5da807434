"""Compares a pipeline's job here and with checkov (pip install checkov): a directory of templates in, SARIF out.

    python checkov_compare.py DIRECTORY [--runs 5] [--checkov PROGRAM] [--vaultmoat PROGRAM] [--reports FOLDER]

Prints the median wall time of each and their ratio, with every check of checkov and with those about key vaults only, and
then what checkov says about key vaults in resources that vaultmoat says nothing about. checkov downloads no module and
asks no service. The runs take turns, so that what else the machine does meets all alike.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import unquote

ABOUT_VAULTS = {
    "CKV_AZURE_40": "keys expire",
    "CKV_AZURE_41": "secrets expire",
    "CKV_AZURE_42": "a vault is recoverable",
    "CKV_AZURE_109": "the firewall denies by default",
    "CKV_AZURE_110": "purge protection",
    "CKV_AZURE_111": "soft delete",
    "CKV_AZURE_112": "keys are in an HSM",
    "CKV_AZURE_114": "secrets have a content type",
    "CKV_AZURE_189": "public network access is disabled",
    "CKV2_AZURE_32": "a private endpoint",
}
FRAMEWORKS = ["arm", "bicep", "terraform"]
ROOT = Path(__file__).resolve().parents[2]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--checkov", default=os.environ.get("CHECKOV", "checkov"))
    parser.add_argument("--vaultmoat", default=str(ROOT / "npm/bin/vaultmoat.js"))
    parser.add_argument("--reports", type=Path, help="where the reports are kept")
    return parser.parse_args()


def run(words):
    """Wall time in seconds of a command that may find something, but not fail."""
    started = time.perf_counter()
    done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    took = time.perf_counter() - started
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(words)}: exit code {done.returncode}\n{done.stderr}")
    return took


def jobs(given, folder):
    """The commands, by what they are called, with the report of each."""
    directory = str(given.directory)
    ours = folder / "vaultmoat.sarif"
    checkov = [given.checkov, "-d", directory, "--framework", *FRAMEWORKS, "--download-external-modules", "false"]
    checkov += ["--skip-download", "--quiet", "--compact", "-o", "sarif", "--output-file-path"]
    only = ["-c", ",".join(ABOUT_VAULTS)]
    return {
        "vaultmoat": (["node", given.vaultmoat, "check", directory, "--format", "sarif", "--output", str(ours)], ours),
        "checkov": ([*checkov, str(folder / "all")], folder / "all/results_sarif.sarif"),
        "checkov, key vaults only": ([*checkov, str(folder / "vaults"), *only], folder / "vaults/results_sarif.sarif"),
    }


def results(report, directory):
    """Rule, file below the directory and line of every result."""
    for said in json.loads(report.read_text())["runs"]:
        for result in said["results"]:
            place = result["locations"][0]["physicalLocation"]
            path = unquote(place["artifactLocation"]["uri"]).removeprefix("file://")
            inside = [name for name in names(path) if (directory / name).is_file()]
            region = place.get("region", {})
            line = region.get("startLine", 1)
            yield result["ruleId"], next(iter(inside), path), line, region.get("endLine", line)


def names(path):
    """What a path may be below the directory: reports begin it there, where they were made, or at the root."""
    parts = Path(path.lstrip("/")).parts
    return ["/".join(parts[at:]) for at in range(len(parts))]


def main():
    given = arguments()
    with tempfile.TemporaryDirectory() as folder:
        folder = str(given.reports or folder)
        os.makedirs(folder, exist_ok=True)
        commands = jobs(given, Path(folder))
        times = {name: [] for name in commands}
        for _ in range(given.runs):
            for name, (words, _) in commands.items():
                times[name].append(run(words))
        base = statistics.median(times["vaultmoat"])
        print(f"{given.runs} runs each, median of the wall time")
        for name, (words, report) in commands.items():
            median = statistics.median(times[name])
            found = len(list(results(report, given.directory)))
            print(f"  {name:26} {median:7.2f} s  {median / base:6.1f} x  {found:6} results")
            print(f"    {' '.join(words).replace(folder, 'OUT')}")
        ours = list(results(commands["vaultmoat"][1], given.directory))
        print("what checkov says about key vaults, where vaultmoat says nothing in those lines")
        for rule, file, first, last in sorted(results(commands["checkov, key vaults only"][1], given.directory)):
            if not any(other == file and first <= line <= last for _, other, line, _ in ours):
                print(f"  {rule} ({ABOUT_VAULTS.get(rule, '')}) {file}:{first}")


if __name__ == "__main__":
    main()
