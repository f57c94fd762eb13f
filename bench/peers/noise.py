"""The same GROUP BY through SmartNoise SQL: answers with noise, under a budget.

Reads `{"homes": csv, "incomes": csv, "epsilon": 1.0, "times": 20, "minimum": 10}` on standard input.
"""

import importlib.metadata
import json
import statistics
import sys
import time
import warnings

from measured import peak_kilobytes

warnings.filterwarnings("ignore")

import pandas
import snsql
from snsql import Privacy

GROUPS = ["wijk", "huishoudtype", "huurklasse", "boven_grens"]
ASKED = f"SELECT {', '.join(GROUPS)}, COUNT(*) AS n FROM people.homes GROUP BY {', '.join(GROUPS)}"


def metadata(rows):
    values = {column: {"type": "string"} for column in GROUPS}
    table = {"row_privacy": False, "max_ids": 1, "rows": rows, "censor_dims": True}
    key = {"huishouden": {"type": "string", "private_id": True}}
    return {"": {"people": {"homes": {**table, **key, **values}}}}


def main():
    asked = json.load(sys.stdin)
    homes = pandas.read_csv(asked["homes"]).merge(pandas.read_csv(asked["incomes"]))
    homes = homes[homes["inkomen"].notna()]
    homes = homes[["huishouden", *GROUPS]]
    true = homes.groupby(GROUPS).size().to_dict()
    privacy = Privacy(epsilon=asked["epsilon"], delta=1 / (len(homes) * len(homes) ** 0.5))
    reader = snsql.from_df(homes, privacy=privacy, metadata=metadata(len(homes)))
    seconds, errors, small, dropped = [], [], 0, 0
    for _ in range(asked["times"]):
        start = time.perf_counter()
        rows = reader.execute(ASKED)[1:]
        seconds.append(time.perf_counter() - start)
        told = {tuple(row[:-1]): row[-1] for row in rows}
        errors += [abs(told[group] - n) for group, n in true.items() if group in told]
        few = {group for group, n in true.items() if n < asked["minimum"]}
        small += sum(group in told for group in few)
        dropped += sum(group not in told for group in true)
    answer = {
        "version": importlib.metadata.version("smartnoise-sql"),
        "seconds": seconds,
        "groups": len(true),
        "small_groups": sum(n < asked["minimum"] for n in true.values()),
        "small_told": small / asked["times"],
        "dropped": dropped / asked["times"],
        "mean_error": statistics.fmean(errors),
        "epsilon_spent": asked["epsilon"] * asked["times"],
        "peak_kilobytes": peak_kilobytes(),
    }
    print("\n" + json.dumps(answer))


main()
