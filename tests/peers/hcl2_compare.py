"""Compares how Terraform files are read here and by python-hcl2 (pip install python-hcl2):

    python hcl2_compare.py HCL_TREE FILE...

HCL_TREE is the program of that name in this workspace. Prints every difference, and how much was compared.
"""

import json
import re
import subprocess
import sys
from collections import Counter

import hcl2
from hcl2 import SerializationOptions

OPTIONS = SerializationOptions(with_comments=False)
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
compared = Counter()


def squeezed(source):
    """The text of an expression without what does not matter to it."""
    strings = []

    def keep(match):
        strings.append(match.group())
        return "\0"

    source = re.sub(r'"(?:\\.|\$\{(?:[^{}"]|"[^"]*")*\}|[^"\\])*"', keep, source)
    source = re.sub(r"(#|//)[^\n]*|/\*.*?\*/", "", source, flags=re.S)
    source = re.sub(r"\s+", "", source)
    source = re.sub(r"(?<![=!<>])=(?![=>])", ":", source)
    source = re.sub(r",(?=[\])}])", "", source).replace(",", "")
    return re.sub("\0", lambda _: re.sub(r"\s+", "", strings.pop(0)), source)


def unquoted(text):
    """What a string without parts means; None if it has parts."""
    if re.search(r"(?<![$%])[$%]\{", text):
        return None
    text = re.sub(
        r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)",
        lambda match: chr(int(match.group(1)[1:], 16)) if match.group(1)[0] in "uU" else ESCAPES[match.group(1)],
        text,
    )
    return text.replace("$${", "${").replace("%%{", "%{")


def heredoc(text):
    """What `<<EOT` or `<<-EOT` without parts means; None if it has parts."""
    first, _, rest = text.partition("\n")
    if re.search(r"(?<![$%])[$%]\{", rest):
        return None
    lines = rest.split("\n")[:-1]
    if first.startswith("<<-"):
        full = [line for line in lines if line.strip()]
        indent = min((len(line) - len(line.lstrip()) for line in full), default=0)
        lines = [line[indent:] for line in lines]
    return "".join(line + "\n" for line in lines).replace("$${", "${").replace("%%{", "%{")


def theirs(value):
    """A value of python-hcl2 as hcl_tree writes it."""
    if isinstance(value, list):
        return [theirs(item) for item in value]
    if isinstance(value, dict):
        return {"object": [[key_of(key), theirs(item)] for key, item in value.items()]}
    is_large = isinstance(value, int) and abs(value) >= 2**63
    if isinstance(value, float) or is_large:
        return {"source": repr(value)}
    if not isinstance(value, str):
        return value
    if value.startswith('"<<'):
        meant = heredoc(value[1:-1])
        return {"source": squeezed(value[1:-1])} if meant is None else {"text": meant}
    if value.startswith('"'):
        meant = unquoted(value[1:-1])
        return {"source": squeezed(value)} if meant is None else {"text": meant}
    if value.startswith("${") and value.endswith("}"):
        return {"source": squeezed(value[2:-1])}
    return {"source": squeezed(value)}


def key_of(key):
    if key.startswith("${"):
        return {"source": squeezed(key[2:-1])}
    if key.startswith("(") or "${" in key:
        return {"source": squeezed(key)}
    return {"text": unquoted(key[1:-1] if key.startswith('"') else key)}


def ours(value):
    if isinstance(value, list):
        return [ours(item) for item in value]
    if isinstance(value, dict):
        if "source" in value:
            return {"source": squeezed(value["source"])}
        if "object" in value:
            return {"object": [[ours(key), ours(item)] for key, item in value["object"]]}
    return value


def their_blocks(kind, value, labels=()):
    """The blocks behind a key, each with its labels and its body."""
    if "__is_block__" in value:
        yield labels, value
    else:
        for label, inner in value.items():
            for one in inner if isinstance(inner, list) else [inner]:
                yield from their_blocks(kind, one, (*labels, label.strip('"')))


def differences(path, our, their):
    ours_by_name = dict(our["attributes"])
    if len(ours_by_name) != len(our["attributes"]):
        yield f"{path}: an attribute is written twice"
    blocks = Counter(block["kind"] for block in our["blocks"])
    for name, value in their.items():
        if name == "__is_block__":
            continue
        is_blocks = isinstance(value, list) and any("__is_block__" in json.dumps(item) for item in value)
        if is_blocks:
            found = [pair for item in value for pair in their_blocks(name, item)]
            of_kind = [block for block in our["blocks"] if block["kind"] == name]
            blocks.pop(name, None)
            if [list(labels) for labels, _ in found] != [block["labels"] for block in of_kind]:
                yield f"{path}: blocks `{name}` are {[labels for labels, _ in found]} for python-hcl2"
                continue
            for block, (labels, inner) in zip(of_kind, found):
                compared["blocks"] += 1
                yield from differences(f"{path}.{'.'.join([name, *labels])}", block["body"], inner)
        elif name not in ours_by_name:
            yield f"{path}: `{name}` is read by python-hcl2 alone"
        else:
            compared["attributes"] += 1
            a, b = ours(ours_by_name.pop(name)), theirs(value)
            if a != b:
                yield f"{path}.{name}:\n  ours   {json.dumps(a)}\n  theirs {json.dumps(b)}"
    for name in [*ours_by_name, *blocks]:
        yield f"{path}: `{name}` is read here alone"


def main():
    program, *files = sys.argv[1:]
    lines = subprocess.run([program, *files], capture_output=True, text=True, check=True).stdout.splitlines()
    found = 0
    for line in lines:
        tree = json.loads(line)
        try:
            with open(tree["path"], encoding="utf-8-sig") as file:
                their = hcl2.load(file, serialization_options=OPTIONS)
        except Exception as error:  # whatever the peer cannot read is not compared
            print(f"{tree['path']}: python-hcl2 stops: {str(error).splitlines()[0]}; here: {tree['problems']}")
            continue
        compared["files"] += 1
        all_of_file = [f"{tree['path']}: {problem}" for problem in tree["problems"]]
        all_of_file += differences(tree["path"], tree["body"], their)
        found += len(all_of_file)
        print(*all_of_file, sep="\n", end="\n" if all_of_file else "")
    print(", ".join(f"{count} {what}" for what, count in compared.items()), f"compared, {found} differences")
    return 1 if found else 0


sys.exit(main())
