"""One table through pytauargus: cell values, statuses, ranges and costs are given, nothing is computed here.

Reads a problem as JSON on standard input and writes what was suppressed to the last line of standard output:

    {"method": "MOD", "seconds": 60, "work": "a folder",
     "dimensions": [{"codes": ["0", "1"], "parents": {"2": ["0", "1"]}}],
     "cells": [{"at": ["0", null], "value": 9, "contributors": 9, "status": "U",
                "lower": 0, "upper": 1, "cost": 1.5}]}

A cell that is not listed is empty: known, and never suppressed.
"""

import json
import os
import shutil
import sys
import time

from measured import peak_kilobytes
from pytauargus import __version__
from pytauargus.engine import Engine

TOTAL = "Total"
DECIMALS = 6


def code(dimension, value):
    """Codes of one dimension are equally long, or the engine pads them with blanks."""
    return f"{'abcdefgh'[dimension]}{int(value):04}"


def write_hierarchy(path, number, dimension):
    placed = set()
    with open(path, "w", encoding="ascii") as out:
        for parent, members in dimension["parents"].items():
            out.write(code(number, parent) + "\n")
            for member in members:
                out.write("@" + code(number, member) + "\n")
                placed.add(member)
        for alone in dimension["codes"]:
            if alone not in placed:
                out.write(code(number, alone) + "\n")


def write_metadata(path, problem, work):
    with open(path, "w", encoding="ascii") as out:
        out.write('<SEPARATOR> ";"\n<SAFE> "S"\n<UNSAFE> "U"\n<PROTECT> "P"\n')
        for number, dimension in enumerate(problem["dimensions"]):
            out.write(f"d{number}\n<RECODEABLE>\n<TOTCODE> \"{TOTAL}\"\n")
            if dimension["parents"]:
                tree = os.path.join(work, f"d{number}.hrc")
                write_hierarchy(tree, number, dimension)
                out.write(f'<HIERCODELIST> "{tree}"\n<HIERLEADSTRING> "@"\n<HIERARCHICAL>\n')
        for name, kind in [
            ("value", "<NUMERIC>"),
            ("contributors", "<FREQUENCY>"),
            ("cost", "<NUMERIC> <COSTVAR>"),
            ("lower", "<NUMERIC> <LOWERPL>"),
            ("upper", "<NUMERIC> <UPPERPL>"),
        ]:
            out.write(f"{name}\n{kind}\n")
            if kind != "<FREQUENCY>":
                out.write(f"<DECIMALS> {DECIMALS}\n")
        out.write("status\n<STATUS>\n")


def write_cells(path, problem):
    with open(path, "w", encoding="ascii") as out:
        for cell in problem["cells"]:
            at = [TOTAL if v is None else code(d, v) for d, v in enumerate(cell["at"])]
            figures = [f"{cell[name]:.{DECIMALS}f}" for name in ("cost", "lower", "upper")]
            row = at + [f"{cell['value']:.{DECIMALS}f}", str(cell["contributors"])] + figures
            out.write(";".join(row + [cell["status"]]) + "\n")


def write_batch(path, problem, work):
    explained = "".join(f'"d{number}"' for number in range(len(problem["dimensions"])))
    minutes = max(1, round(problem["seconds"] / 60))
    suppress = {
        # singletons alone and with others, and a minimum of suppressed contributors: all switched on
        "MOD": f"MOD(1,{minutes},1,1,1)",
        "OPT": f"OPT(1,{minutes})",
    }[problem["method"]]
    with open(path, "w", encoding="ascii") as out:
        out.write(f'<OPENTABLEDATA> "{work}/table.txt"\n<OPENMETADATA> "{work}/table.rda"\n')
        out.write(f'<SPECIFYTABLE> {explained}|"value"||"cost"\n<SAFETYRULE> MAN(0)\n')
        out.write(f"<READTABLE>\n<SUPPRESS> {suppress}\n")
        out.write(f'<WRITETABLE> (1,5,SO+,"{work}/protected.txt")\n')


def read_hidden(path, dimensions):
    hidden = []
    with open(path, encoding="ascii") as lines:
        for line in lines:
            fields = [field.strip().strip('"').strip() for field in line.split(";")]
            if fields[dimensions + 3] in ("U", "M"):
                at = [None if c == TOTAL or c == "" else c[1:] for c in fields[:dimensions]]
                hidden.append([None if c is None else str(int(c)) for c in at])
    return hidden


def main():
    problem = json.load(sys.stdin)
    work = problem["work"]
    # the engine leaves files of its own where it is started, and reads what it finds there
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(f"{work}/scratch")
    os.chdir(f"{work}/scratch")
    write_metadata(f"{work}/table.rda", problem, work)
    write_cells(f"{work}/table.txt", problem)
    write_batch(f"{work}/table.arb", problem, work)
    start = time.perf_counter()
    answer = {"version": __version__, "hidden": None, "error": None}
    try:
        Engine().run_batch(f"{work}/table.arb")
        answer["hidden"] = read_hidden(f"{work}/protected.txt", len(problem["dimensions"]))
    except Exception as error:  # whatever the peer says is a result
        answer["error"] = f"{type(error).__name__}: {error}"
    answer["seconds"] = time.perf_counter() - start
    answer["peak_kilobytes"] = peak_kilobytes()
    print("\n" + json.dumps(answer))


main()
