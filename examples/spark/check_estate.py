"""Checks an estate with Spark: `vaultmoat check --stream` behind `RDD.pipe`, one process for each partition.

    spark-submit check_estate.py --input 'exports/*.ndjson' --output findings [--partitions 64]

The input is what Azure Resource Graph exports, one resource per line. A tenant is checked by one process, and gets along
what it shares with others: a hub's zones, their links, a network that its endpoints are in, a vault of somebody else. Those
rows are marked, so that each resource is spoken of once, and what is said is what one process says of everything.
"""

import argparse
import json
import re

from pyspark.sql import SparkSession

# Everything that refers to something by its id.
ID = re.compile(r"/subscriptions/[^\"\\\s;,)]+", re.IGNORECASE)
# Vaults that are named and not referred to.
NAME = re.compile(r"//([a-z0-9-]+)\.vault\.|vaultname=([a-z0-9-]+)", re.IGNORECASE)

# How often the rows of a tenant ask for those that they refer to, and for those that refer to them: from an app over the
# vault, its endpoint, and that one's group to the zone.
ROUNDS = 5

NETWORK = "microsoft.network/virtualnetworks"
ZONE = "microsoft.network/privatednszones"
LINK = f"{ZONE}/virtualnetworklinks"
# Many refer to these; only what says how they are linked is asked for.
SHARED = {NETWORK, ZONE}
POLICY = "microsoft.authorization/policyassignments"


def kind_of(resource_id):
    """The type in an id, in lower case."""
    parts = resource_id.lower().rsplit("/providers/", 1)[-1].split("/")
    return "/".join(parts[:1] + parts[1::2])


def parents(resource_id):
    """An id and those of what it is in: of a subnet its network's, of a group its endpoint's."""
    found = [resource_id]
    while resource_id.count("/") > 8:
        resource_id = resource_id.rsplit("/", 2)[0]
        if not resource_id.endswith("/providers"):
            found.append(resource_id)
    return found


def described(numbered):
    """A line as (number, tenant, id, kind, keys it answers to, keys it asks for, line)."""
    line, number = numbered
    row = json.loads(line)
    own = row["id"].lower().rstrip("/")
    kind = kind_of(own)
    asks = {key for found in ID.findall(line.lower()) for key in parents(found.rstrip("/"))} - {own}
    asks |= {f"vault:{a or b}" for a, b in NAME.findall(line.lower())}
    answers = {own}
    if kind == "microsoft.keyvault/vaults":
        answers.add(f"vault:{own.rsplit('/', 1)[-1]}")
    if kind == f"{ZONE}/a":
        asks.add(f"vault:{own.rsplit('/', 1)[-1]}")
    if kind == NETWORK:
        # It lists who is in it: those ask for it.
        asks = set()
    return number, row.get("tenantId") or "", own, kind, answers, asks, line


def neighbours(rows, owned):
    """The numbers of the rows that each partition needs beside its own: pairs of (number, partition)."""
    count = rows.getNumPartitions()
    # (key, number) of who answers to a key; (key, (number, kind)) of who asks for it.
    answering = rows.flatMap(lambda row: [(key, row[0]) for key in row[4]]).cache()
    asking = rows.flatMap(lambda row: [(key, (row[0], row[3])) for key in row[5]]).cache()
    asks_of = asking.map(lambda pair: (pair[1][0], pair[0]))
    answers_of = rows.flatMap(lambda row: [(row[0], (key, row[3])) for key in row[4]]).cache()
    found = owned
    new = owned
    for _ in range(ROUNDS):
        # What the new ones refer to …
        wanted = new.join(asks_of, count).map(lambda pair: (pair[1][1], pair[1][0])).distinct(count)
        referred = wanted.join(answering, count).map(lambda pair: (pair[1][1], pair[1][0]))
        # … and who refers to them.
        offered = new.join(answers_of, count).map(lambda pair: (pair[1][1][0], (pair[1][0], pair[1][1][1])))
        referring = (
            offered.join(asking, count)
            .filter(lambda pair: pair[1][0][1] not in SHARED or pair[1][1][1] == LINK)
            .map(lambda pair: (pair[1][1][0], pair[1][0][0]))
        )
        new = referred.union(referring).distinct(count).subtract(found, count).cache()
        found = found.union(new).coalesce(count).cache()
    # Policies act on every vault.
    policies = rows.filter(lambda row: row[3] == POLICY).map(lambda row: row[0])
    partitions = owned.values().distinct()
    return found.union(policies.cartesian(partitions)).distinct(count).subtract(owned, count)


def marked(line):
    """A row that is there for others."""
    row = json.loads(line)
    row.setdefault("metadata", {}).setdefault("vaultmoat", {})["neighbour"] = True
    return json.dumps(row)


def check(context, lines, partitions, command):
    """The records of an estate, without the summaries; their lines are those of the partitions, their ids say what is meant."""
    rows = lines.filter(str.strip).zipWithIndex().map(described).cache()
    owned = rows.map(lambda row: (row[0], hash_of(row[1]) % partitions)).cache()
    texts = rows.map(lambda row: (row[0], row[6])).cache()
    count = rows.getNumPartitions()
    own = owned.join(texts, count).map(lambda pair: ((pair[1][0], pair[0]), pair[1][1]))
    others = neighbours(rows, owned).join(texts, count).map(lambda pair: ((pair[1][0], pair[0]), marked(pair[1][1])))
    # In the order of the input: of two endpoints in one network the later one is one too many.
    sorted_rows = own.union(others).repartitionAndSortWithinPartitions(partitions, lambda key: key[0])
    piped = sorted_rows.values().pipe(f"{command} check --stream --fail-on never --quiet -", checkCode=True)
    records = piped.filter(lambda record: not record.startswith('{"record":"summary"'))
    # A question about a shared resource may come up in several partitions.
    return records.map(without_place).distinct(partitions)


def hash_of(text):
    """A number that is the same in every process."""
    number = 0
    for byte in text.encode():
        number = (number * 31 + byte) & 0x7FFFFFFF
    return number


def without_place(record):
    """A record without the lines of a partition."""
    record = json.loads(record)
    places = ("file", "line", "start", "end")
    related = [{"message": other["message"]} for other in record.get("related", [])]
    rest = {key: value for key, value in record.items() if key not in places}
    if related:
        rest["related"] = related
    return json.dumps(rest, sort_keys=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--input", required=True, help="files of one resource per line")
    parser.add_argument("--output", required=True, help="the folder that the records go to")
    parser.add_argument("--partitions", type=int, default=64)
    parser.add_argument("--vaultmoat", default="vaultmoat", help="the command")
    given = parser.parse_args()
    spark = SparkSession.builder.appName("vaultmoat").getOrCreate()
    lines = spark.sparkContext.textFile(given.input)
    check(spark.sparkContext, lines, given.partitions, given.vaultmoat).saveAsTextFile(given.output)
    spark.stop()


if __name__ == "__main__":
    main()
