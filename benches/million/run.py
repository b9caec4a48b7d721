#!/usr/bin/env python3
"""A scan of an account with a million training jobs, which the loopback AWS makes up as they are asked for.

    python3 benches/million/run.py                      a million jobs
    python3 benches/million/run.py --jobs 20000         fewer, to see how time and memory grow

Without quotas: what is measured is sagescan itself. Needs Python 3.10 or later and a release build of sagescan. Exits with
1 when the scan does not complete, does not see every job, or takes more memory than --most-memory-mb.
"""

import argparse
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "versus_prowler"))

import run as versus  # noqa: E402  The same loopback, the same measuring.
from world import REGIONS, world  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=lambda text: int(text.replace("_", "")), default=1_000_000, help="in all, a multiple of 20 (1000000)")
    parser.add_argument("--most-memory-mb", type=float, default=5120, help="more memory is too much (5120)")
    parser.add_argument("--limit", type=float, metavar="MINUTES", default=60, help="stops the scan after so many (60)")
    parser.add_argument("--check", help="judges this check only, as `sagescan scan --check` does")
    parser.add_argument("--sagescan", type=pathlib.Path, help="the binary (release build below the target folder)")
    arguments = parser.parse_args()
    sagescan = versus.find_sagescan(arguments.sagescan)
    folder = versus.WORK / "million"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "world.json"
    # Ten jobs in each region to make the others by.
    file.write_text(json.dumps(world(jobs=20, others=4)))
    each = arguments.jobs // 20 * 10
    jobs = each * len(REGIONS)

    with versus.Loopback(sagescan, file, ["--crowd", str(each)]) as aws:
        command = [sagescan, "scan", "--region", ",".join(REGIONS), "--fail-on", "none", "-o", folder / "scan/report.txt",
                   "--timeout", str(int(arguments.limit * 60))]
        command += ["--check", arguments.check] if arguments.check else []
        figures = versus.measure(command, aws.url, folder / "scan", arguments.limit * 60 + 60)
        stats = aws.stats()
        server = peak(aws.process.pid)
    operations = {}
    for (call, _), counts in stats.items():
        operations[call] = operations.get(call, 0) + counts["requests"]
    report = (folder / "scan/report.txt").read_text() if (folder / "scan/report.txt").exists() else ""
    busiest = sorted(operations.items(), key=lambda one: -one[1])[:4]

    print(f"{jobs:,} training jobs in {len(REGIONS)} regions, made up as they are asked for")
    print(f"  calls            {sum(operations.values()):>12,}   ({', '.join(f'{name} {count:,}' for name, count in busiest)})")
    print(f"  wall time, s     {figures['wall']:>12,.1f}")
    print(f"  CPU time, s      {figures['cpu']:>12,.1f}")
    print(f"  peak memory, MB  {figures['memory'] / 1e6:>12,.0f}   ({figures['memory'] / max(jobs, 1):,.0f} bytes a job)")
    print(f"  of the loopback  {server:>12,.0f}")
    cut_short = re.search(r"time limit was reached|interrupted", report + (folder / "scan/stderr").read_text())
    for text, holds in (
        ("the scan completes", figures["exit"] == 0 and not figures["stopped"] and not cut_short),
        ("every job is seen", seen(report, jobs, arguments.check)),
        (f"memory stays below {arguments.most_memory_mb:,.0f} MB", figures["memory"] / 1e6 <= arguments.most_memory_mb),
    ):
        print(f"  [{'holds' if holds else 'DOES NOT HOLD'}] {text}")
        figures["exit"] = figures["exit"] if holds else 1
    print(f"  the report: {folder / 'scan/report.txt'}")
    sys.exit(0 if figures["exit"] == 0 else 1)


# Every tenth job is wrong in each of these ways (world.py), so that the counts show whether all were seen.
TENTHS = ("training-volume-cmk", "training-network-isolation", "training-in-vpc", "training-inter-container-encryption")


def seen(report, jobs, check):
    """Whether the report counts as many failures as the account has, and every call was answered in full."""
    number = lambda text: int(re.sub(r"\D", "", text))
    counted = {name: number(count) for name, count in re.findall(r"(\S+) · ([\d,]+) failure", report)}
    coverage = re.search(r"Coverage: ([\d,]+) of ([\d,]+) calls", report)
    whole = coverage is not None and number(coverage[1]) == number(coverage[2])
    return whole and all(counted.get(name, 0) == jobs // 10 for name in TENTHS if check in (None, name))


def peak(pid):
    """The peak memory of another process in MB, as Linux keeps it; 0 elsewhere."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    line = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(line[1]) * 1024 / 1e6 if line else 0


if __name__ == "__main__":
    main()
