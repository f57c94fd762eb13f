"""Opinion groups by formulas written out in NumPy, and by red-dwarf, on the same votes.

Reads `{"votes": csv, "statements": csv or null, "groups": {"voter id": group}, "times": 5, "formulas": true}` on standard input.
The formulas are written anew from the paper (Small et al., Polis, 2021) and share nothing with the program that they check.
"""

import csv
import importlib.metadata
import json
import sys
import time
import warnings

from measured import peak_kilobytes

warnings.filterwarnings("ignore")

import numpy


def read(asked):
    latest = {}
    with open(asked["votes"], encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            key = (int(row["voter-id"]), int(row["comment-id"]))
            vote = (int(row["timestamp"]), -int(row["vote"]))
            latest[key] = max(latest.get(key, vote), vote)
    out = set()
    statements = {statement for _, statement in latest}
    if asked["statements"]:
        with open(asked["statements"], encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        statements = {int(row["comment-id"]) for row in rows}
        out = {int(row["comment-id"]) for row in rows if row["moderated"] == "-1"}
    voters, statements = sorted({voter for voter, _ in latest}), sorted(statements)
    matrix = numpy.full((len(voters), len(statements)), numpy.nan)
    row_of = {voter: place for place, voter in enumerate(voters)}
    column_of = {statement: place for place, statement in enumerate(statements)}
    for (voter, statement), (_, vote) in latest.items():
        matrix[row_of[voter], column_of[statement]] = -vote
    return voters, statements, matrix, numpy.array([statement not in out for statement in statements])


def spatial(matrix, kept):
    votes = matrix.copy()
    votes[:, ~kept] = 0
    with numpy.errstate(all="ignore"):
        means = numpy.nan_to_num(numpy.nanmean(votes, axis=0))
    centred = numpy.where(numpy.isnan(votes), 0, votes - means)
    components = numpy.linalg.svd(centred, full_matrices=False)[2][:2]
    for row in components:
        row *= numpy.sign(row[numpy.abs(row).argmax()])
    answered = (~numpy.isnan(votes)).sum(axis=1)
    count = len(kept)
    positions = numpy.sqrt(count / numpy.maximum(answered, 1))[:, None] * (centred @ components.T)
    extremity = numpy.sqrt(count) * numpy.abs(1 - means) * numpy.linalg.norm(components, axis=0)
    return means, components, positions, extremity


def counted(matrix, kept, members):
    part = matrix[members][:, :]
    tally = [(part == 1).sum(axis=0), (part == -1).sum(axis=0), (~numpy.isnan(part)).sum(axis=0)]
    return [numpy.where(kept, one, 0).astype(float) for one in tally]


def share(agree, seen):
    return (agree + 1) / (seen + 2)


def one_z(agree, seen):
    return 2 * numpy.sqrt(seen + 1) * ((agree + 1) / (seen + 1) - 0.5)


def two_z(a, s, b, t):
    a, s, b, t = a + 1, s + 1, b + 1, t + 1
    pooled = (a + b) / (s + t)
    with numpy.errstate(all="ignore"):
        z = (a / s - b / t) / numpy.sqrt(pooled * (1 - pooled) * (1 / s + 1 / t))
    return numpy.where(pooled == 1, 0, z)


def formulas(asked):
    voters, statements, matrix, kept = read(asked)
    means, components, positions, extremity = spatial(matrix, kept)
    of = numpy.array([asked["groups"].get(str(voter), -1) for voter in voters])
    everyone = counted(matrix, kept, numpy.ones(len(voters), dtype=bool))
    number = of.max() + 1
    tallies = [counted(matrix, kept, of == group) for group in range(number)]
    groups = []
    for group, (agree, disagree, seen) in enumerate(tallies):
        rest = [sum(other[part] for place, other in enumerate(tallies) if place != group) for part in range(3)]
        directions = []
        for own, other in ((agree, rest[0]), (disagree, rest[1])):
            directions.append({
                "share": share(own, seen).tolist(),
                "r": (share(own, seen) / share(other, rest[2])).tolist(),
                "z": one_z(own, seen).tolist(),
                "rz": two_z(own, seen, other, rest[2]).tolist(),
            })
        groups.append(directions)
    agree, disagree, seen = everyone
    passed = seen - agree - disagree
    importance = (1 - (passed + 1) / (seen + 2)) * (extremity + 1) * (agree + 1) / (seen + 2)
    return {
        "voters": voters,
        "statements": statements,
        "means": means.tolist(),
        "components": components.tolist(),
        "positions": positions.tolist(),
        "extremity": extremity.tolist(),
        "groups": groups,
        "majority": [[share(own, seen).tolist(), one_z(own, seen).tolist()] for own in (agree, disagree)],
        "consensus": numpy.prod([share(one, n) for one, _, n in tallies], axis=0).tolist(),
        "mean_consensus": numpy.exp(numpy.mean([numpy.log((one + 0.5) / (n + 1)) for one, _, n in tallies], axis=0)).tolist(),
        "priority": ((importance * (1 + 8 * 2 ** (-seen / 5))) ** 2).tolist(),
    }


def red_dwarf(asked):
    from reddwarf.implementations.polis import run_pipeline

    with open(asked["votes"], encoding="utf-8") as lines:
        rows = sorted(csv.DictReader(lines), key=lambda row: int(row["timestamp"]))
    # it takes one vote of each voter on each statement
    rows = list({(row["voter-id"], row["comment-id"]): row for row in rows}.values())
    votes = [
        {"participant_id": int(row["voter-id"]), "statement_id": int(row["comment-id"]), "vote": int(row["vote"]), "modified": int(row["timestamp"])}
        for row in rows
    ]
    seconds = []
    for _ in range(asked["times"]):
        start = time.perf_counter()
        run_pipeline(votes=votes)
        seconds.append(time.perf_counter() - start)
    return seconds


def main():
    asked = json.load(sys.stdin)
    answer = {"formulas": formulas(asked) if asked["formulas"] else None}
    if asked["times"]:
        answer["seconds"] = red_dwarf(asked)
        answer["version"] = importlib.metadata.version("red-dwarf")
    answer["peak_kilobytes"] = peak_kilobytes()
    print(json.dumps(answer))


main()
