"""One statement in DuckDB or DataFusion, in a process of its own.

Reads `{"engine": "duckdb", "tables": {"name": "file.parquet"}, "sql": "...", "times": 1}` on standard input; writes
seconds (of each time), rows and peak memory to the last line of standard output.
"""

import json
import os
import sys
import time

from measured import peak_kilobytes


def opened(engine, tables):
    """A function that runs a statement to its end, and the engine's version."""
    if engine == "duckdb":
        import duckdb

        session = duckdb.connect()
        session.execute(f"SET threads = {len(os.sched_getaffinity(0))}")
        for name, file in tables.items():
            # a Parquet file is scanned for every question, a small CSV file is read into memory first
            view = file.endswith(".parquet")
            kind, read = ("VIEW", "read_parquet") if view else ("TABLE", "read_csv")
            session.execute(f"CREATE {kind} {name} AS SELECT * FROM {read}('{file}')")
        return (lambda sql: session.execute(sql).fetchall()), duckdb.__version__

    import datafusion

    session = datafusion.SessionContext()
    for name, file in tables.items():
        if file.endswith(".parquet"):
            session.register_parquet(name, file)
        else:
            session.register_csv(name, file)
    run = lambda sql: [row for batch in session.sql(sql).collect() for row in batch.to_pylist()]
    return run, datafusion.__version__


def main():
    asked = json.load(sys.stdin)
    run, version = opened(asked["engine"], asked["tables"])
    seconds = []
    for _ in range(asked.get("times", 1)):
        start = time.perf_counter()
        rows = run(asked["sql"])
        seconds.append(time.perf_counter() - start)
    answer = {
        "version": version,
        "seconds": seconds,
        "rows": len(rows),
        "peak_kilobytes": peak_kilobytes(),
    }
    print("\n" + json.dumps(answer))


main()
