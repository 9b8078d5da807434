"""Compares the job on a cluster of two workers with one process: `make test-spark` runs it."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

from pyspark import SparkConf, SparkContext

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))
import check_estate  # noqa: E402

VAULTS = 1100
COMMAND = f"{shutil.which('node')} {ROOT / 'npm/bin/vaultmoat.js'}"


def main():
    folder = ROOT / "target/spark"
    folder.mkdir(parents=True, exist_ok=True)
    estate = folder / "estate.ndjson"
    with estate.open("w") as file:
        subprocess.run(["node", ROOT / "tests/estate.js", str(VAULTS)], stdout=file, check=True)
    words = [*COMMAND.split(), "check", "--stream", "--fail-on", "never", "--quiet", str(estate)]
    lines = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    records = (line for line in lines if json.loads(line)["record"] != "summary")
    single = {check_estate.without_place(record) for record in records}

    conf = SparkConf().setMaster("local-cluster[2,1,1024]").setAppName("vaultmoat-test")
    conf.set("spark.ui.enabled", "false").set("spark.ui.showConsoleProgress", "false").set("spark.pyspark.python", sys.executable)
    conf.set("spark.driver.bindAddress", "127.0.0.1").set("spark.driver.host", "127.0.0.1")
    context = SparkContext(conf=conf)
    try:
        context.setLogLevel("ERROR")
        context.addPyFile(str(HERE / "check_estate.py"))
        lines = context.textFile(str(estate), 4)
        clustered = set(check_estate.check(context, lines, 4, COMMAND).collect())
        used = context.parallelize(range(64), 16).map(worker).distinct().count()
    finally:
        context.stop()

    for what, difference in (("missing", single - clustered), ("added", clustered - single)):
        for record in sorted(difference)[:5]:
            print(f"{what}: {record}")
    findings = sum('"record": "finding"' in record for record in single)
    assert clustered == single, f"{len(single ^ clustered)} records differ"
    assert findings > 100 and used == 2, (findings, used)
    print(f"{len(single)} records, {findings} findings: two workers say what one process says")


def worker(_):
    """Which executor this runs on: each has a folder of its own."""
    return os.getcwd()


if __name__ == "__main__":
    main()
