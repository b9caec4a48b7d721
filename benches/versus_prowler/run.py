#!/usr/bin/env python3
"""sagescan and Prowler look at the same account of the loopback AWS, and what that costs either of them.

    python3 benches/versus_prowler/run.py            100, 1,000 and 10,000 training jobs
    python3 benches/versus_prowler/run.py --quick    100

Needs Python 3.10 or later with its venv module, and a release build of sagescan. Prowler is installed from PyPI into an
environment of its own below the target folder. After that nothing leaves the machine.
"""

import argparse
import collections
import glob
import json
import math
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import urllib.request

from world import ACCOUNT, REGIONS, prowlers_truth, training_job_name, world

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROWLER = "5.46.0"
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
WORK = TARGET / "versus_prowler"

# What Prowler lists, describes, and reads the tags of, from its source (sagemaker_service.py of 5.46.0): the table of the
# snapshot, the list, the description, whether it reads the tags. It never sets a page size, so it gets pages of ten.
PROWLERS_PLAN = [
    ("notebooks", "ListNotebookInstances", "DescribeNotebookInstance", True),
    ("models", "ListModels", "DescribeModel", True),
    ("training_jobs", "ListTrainingJobs", "DescribeTrainingJob", True),
    ("processing_jobs", "ListProcessingJobs", "DescribeProcessingJob", True),
    ("endpoint_configs", "ListEndpointConfigs", "DescribeEndpointConfig", True),
    ("domains", "ListDomains", "DescribeDomain", True),
    (None, "ListModelPackageGroups", None, False),
    (None, "ListMonitoringSchedules", None, False),
    ("notebooks", None, "DescribeNotebookInstanceLifecycleConfig", False),
]
NOTES = """
(1) sagescan: each verdict that `sagescan judge` reaches on the account itself, against the scan's. Prowler: its four checks
    of training jobs against what the account holds.
(2) sagescan: (calls - burst) / rate of its slowest operation, and one answer's latency. Prowler: the same, summed over its
    stages, which run one after the other, for a run that loses nothing."""

THROTTLED = ("throttl", "rate exceeded", "requestlimitexceeded", "slowdown")


def main():
    arguments = parse()
    WORK.mkdir(parents=True, exist_ok=True)
    sagescan = find_sagescan(arguments.sagescan)
    prowler = None if arguments.only == "sagescan" else install_prowler(arguments.prowler_version)
    print(f"loopback AWS: quotas `aws` (checks/aws/quotas.rs), {arguments.latency_ms} ms for each answer"
          + (f", --tps {arguments.tps}" if arguments.tps else ""))
    print(f"sagescan: {sagescan}, {controls(sagescan)} checks;  Prowler {prowler.version if prowler else 'left out'}")
    results = []
    for jobs in arguments.sizes:
        result = Size(jobs, arguments, sagescan, prowler).run()
        results.append(result)
        print_size(result, arguments)
        if arguments.json:
            arguments.json.write_text(json.dumps(results, indent=1))
    if len(results) > 1:
        print_growth(results)
    print(NOTES)


def parse():
    sizes = lambda text: [int(number) for number in text.replace("_", "").split(",")]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=sizes, default=[100, 1000, 10000], help="training jobs, as in 100,1000")
    parser.add_argument("--quick", action="store_true", help="100 training jobs only")
    parser.add_argument("--others", type=int, default=50, help="how many of everything else there are (50)")
    parser.add_argument("--latency-ms", type=int, default=40, help="how long each answer takes (40)")
    parser.add_argument("--tps", help="other quotas for some operations, as `sagescan serve --tps` takes them")
    parser.add_argument("--quota-share", metavar="SHARE", help="the share of each quota that sagescan takes (its own 0.8)")
    parser.add_argument("--prowler-limit", type=float, metavar="MINUTES", default=120,
                        help="stops Prowler after so many minutes and extrapolates its calls and time (120)")
    parser.add_argument("--prowler-version", default=PROWLER, help=f"from PyPI ({PROWLER})")
    parser.add_argument("--only", choices=["sagescan", "prowler"], help="runs one of the two")
    parser.add_argument("--sagescan", type=pathlib.Path, help="the binary (release build below the target folder)")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="writes all figures here, too")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.sizes = [100]
    return arguments


def find_sagescan(named):
    binary = named or TARGET / "release/sagescan"
    if not binary.exists():
        sys.exit(f"error: there is no {binary}; run `cargo build --release`, or name a binary with --sagescan")
    return binary.resolve()


def controls(sagescan):
    listed = subprocess.run([sagescan, "checks", "--format", "json"], env=environment(), capture_output=True, check=True)
    return len(json.loads(listed.stdout)["checks"])


class Prowler:
    def __init__(self, venv, version):
        self.program, self.version = venv / "bin/prowler", version


def install_prowler(version):
    """Prowler in an environment of its own, made once; the newest that installs where the version does not."""
    venv = WORK / f"prowler-{version}"
    python = venv / "bin/python"
    if not (venv / "complete").exists():
        print(f"installing Prowler {version} below {WORK} …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if subprocess.run([*pip, f"prowler=={version}"]).returncode != 0:
            print(f"Prowler {version} does not install; taking the newest that does", file=sys.stderr)
            subprocess.run([*pip, "prowler"], check=True)
        (venv / "complete").touch()
    asked = [python, "-c", "from importlib.metadata import version; print(version('prowler'))"]
    return Prowler(venv, subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())


def environment(url=None):
    """Nothing of the user's, made-up credentials, and a proxy that is not there for all that is not loopback."""
    home = WORK / "home"
    home.mkdir(exist_ok=True)
    dead = "http://127.0.0.1:9"
    variables = {
        "PATH": os.environ.get("PATH", ""), "HOME": str(home), "LANG": "C.UTF-8",
        "AWS_ACCESS_KEY_ID": "made-up", "AWS_SECRET_ACCESS_KEY": "made-up", "AWS_REGION": REGIONS[0],
        "AWS_EC2_METADATA_DISABLED": "true", "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1",
        "HTTP_PROXY": dead, "HTTPS_PROXY": dead, "http_proxy": dead, "https_proxy": dead,
    }
    return variables | ({"AWS_ENDPOINT_URL": url} if url else {})


class Loopback:
    """A fresh `sagescan serve`: full buckets, and counts that begin at nothing."""

    def __init__(self, sagescan, file, options):
        command = [sagescan, "serve", file, *options]
        self.process = subprocess.Popen(
            command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.url = self.process.stdout.readline().strip()
        if not self.url.startswith("http"):
            sys.exit("error: `sagescan serve` did not name its address")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()

    def get(self, path):
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        return json.load(direct.open(self.url + path))

    def stats(self):
        """(operation, region) -> counts"""
        calls = self.get("/_stats")["calls"]
        return {(call, region): counts for call, places in calls.items() for region, counts in places.items()}


def measure(command, url, folder, limit_seconds=None):
    """Runs a program to its end, or to the limit: what it took, as the kernel counts it for it and its children."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with open(folder / "stdout", "wb") as out, open(folder / "stderr", "wb") as err:
        started = time.monotonic()
        process = subprocess.Popen(command, env=environment(url), cwd=folder, stdout=out, stderr=err)
        stopped = False
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if limit_seconds and not stopped and time.monotonic() - started > limit_seconds:
                process.kill()
                stopped = True
            time.sleep(0.005)
        wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    kilobyte = 1024 if sys.platform != "darwin" else 1
    return {
        "wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss * kilobyte,
        "exit": process.returncode, "stopped": stopped,
    }


class Size:
    """One account of so many jobs, looked at by both."""

    def __init__(self, jobs, arguments, sagescan, prowler):
        self.jobs, self.arguments, self.sagescan, self.prowler = jobs, arguments, sagescan, prowler
        self.folder = WORK / str(jobs)
        self.folder.mkdir(exist_ok=True)
        self.file = self.folder / "world.json"
        self.options = ["--quotas", "aws", "--latency-ms", str(arguments.latency_ms)]
        self.options += ["--tps", arguments.tps] if arguments.tps else []

    def run(self):
        self.world = world(self.jobs, self.arguments.others)
        self.file.write_text(json.dumps(self.world))
        result = {"jobs": self.jobs, "others": self.arguments.others, "resources": self.resources()}
        if self.arguments.only != "prowler":
            result["sagescan"] = self.run_sagescan()
        if self.prowler:
            result["prowler"] = self.run_prowler()
        return result

    def of(self, table):
        return {region: tables[table] for region, tables in self.world["regions"].items()}

    def resources(self):
        tables = [*self.world["regions"].values(), self.world["account"]]
        return sum(len(items) for place in tables for items in place.values() if isinstance(items, list))

    def run_sagescan(self):
        folder = self.folder / "sagescan"
        report, truth = folder / "report.json", self.folder / "truth.json"
        judged = [self.sagescan, "judge", self.file, "--fail-on", "none", "-q", "--format", "json", "-o", truth]
        subprocess.run(judged, env=environment(), check=True)
        with Loopback(self.sagescan, self.file, self.options) as aws:
            command = [self.sagescan, "scan", "--region", ",".join(REGIONS), "--fail-on", "none", "-q",
                       "--report", f"json={report}", "-o", folder / "report.txt"]
            command += ["--quota-share", self.arguments.quota_share] if self.arguments.quota_share else []
            figures, stats, quotas = self.counted(aws, lambda: measure(command, aws.url, folder))
        if figures["exit"] != 0:
            sys.exit(f"error: sagescan ended with {figures['exit']}; see {folder}")
        should, _ = findings_of(truth)
        found, rest = findings_of(report)
        known = {key for key, (_, status) in should.items() if status != "unknown"}
        gaps = [line for line in rest["coverage"] if line["state"] != "complete"]
        costly = [line for line in gaps if line["state"] == "throttled"
                  or any(word in line["detail"].lower() for word in THROTTLED)]
        figures |= {
            "findings": len(found), "statuses": dict(collections.Counter(status for _, status in found.values())),
            "controls": len({check for check, _ in found.values()}),
            "wrong": sum(1 for key in known if key in found and found[key][1] not in ("unknown", should[key][1])),
            "missing": sum(1 for key in known if found.get(key, ("", "unknown"))[1] == "unknown"),
            "missing_by_check": dict(collections.Counter(
                should[key][0] for key in known if found.get(key, ("", "unknown"))[1] == "unknown")),
            "verdicts": len(known),
            "lost": len(costly), "gaps": [f"{line['region']} {line['source']}: {line['state']}" for line in gaps],
            "bound": bound(stats, quotas, self.arguments.latency_ms),
            "slowest": slowest(stats, quotas),
        }
        return figures

    def counted(self, aws, run):
        before, quotas = aws.stats(), aws.get("/_quotas")
        if before:
            sys.exit("error: somebody else asks this loopback AWS")
        figures = run()
        stats = aws.stats()
        total = lambda name: sum(counts[name] for counts in stats.values())
        by_operation = collections.Counter()
        for (call, _), counts in stats.items():
            by_operation[call] += counts["requests"]
        figures |= {"calls": total("requests"), "throttled": total("throttled"), "unserved": total("unknown"),
                    "by_operation": dict(by_operation)}
        return figures, stats, quotas

    def run_prowler(self):
        folder, out = self.folder / "prowler", self.folder / "prowler/output"
        with Loopback(self.sagescan, self.file, self.options) as aws:
            command = [self.prowler.program, "aws", "--service", "sagemaker", "--region", *REGIONS, "-M", "json-ocsf",
                       "--output-directory", out, "--output-filename", "report", "--no-banner", "--no-color"]
            limit = self.arguments.prowler_limit * 60
            figures, stats, quotas = self.counted(aws, lambda: measure(command, aws.url, folder, limit))
        # Exit code 3 says that there are failures.
        if not figures["stopped"] and figures["exit"] not in (0, 3):
            sys.exit(f"error: Prowler ended with {figures['exit']}; see {folder}")
        found = collections.Counter()
        statuses = {}
        for file in glob.glob(str(out / "report*.json")):
            for finding in json.load(open(file)):
                check, status = finding["metadata"]["event_code"], finding["status_code"]
                found[check, status] += 1
                if check.startswith("sagemaker_training_jobs_"):
                    statuses[check, finding["resources"][0]["uid"].rsplit("/", 1)[-1]] = status
        wrong = missing = verdicts = 0
        for number in range(self.jobs):
            for check, should in prowlers_truth(number).items():
                status = statuses.get((check, training_job_name(number)))
                verdicts += 1
                missing += status is None
                wrong += status is not None and status != should
        planned = self.prowlers_calls()
        figures |= {
            "findings": sum(found.values()), "controls": len({check for check, _ in found}),
            "statuses": dict(sum((collections.Counter({s: n}) for (_, s), n in found.items()), collections.Counter())),
            "wrong": wrong, "missing": missing, "verdicts": verdicts, "lost": self.undescribed(stats),
            "planned": sum(planned.values()), "plan_bound": self.plan_bound(planned, quotas),
        }
        if figures["stopped"]:
            if not figures["calls"]:
                sys.exit(f"error: Prowler asked nothing within {self.arguments.prowler_limit} minutes; give it more")
            # What it has still to ask is at least what its plan has and it has not sent, each once.
            share = min(1.0, figures["calls"] / figures["planned"])
            figures |= {"extrapolated_calls": max(figures["calls"], figures["planned"]),
                        "extrapolated_wall": figures["wall"] / share}
        return figures

    def prowlers_calls(self):
        """(operation, region) -> calls that Prowler must make to see everything, each once."""
        calls = collections.Counter()
        for table, listed, described, tagged in PROWLERS_PLAN:
            for region in REGIONS:
                count = len(self.of(table)[region]) if table else 0
                if listed:
                    calls[f"sagemaker:{listed}", region] += max(1, math.ceil(count / 10))
                if described:
                    calls[f"sagemaker:{described}", region] += count
                if tagged:
                    calls["sagemaker:ListTags", region] += count
        return calls

    def plan_bound(self, planned, quotas):
        """How long Prowler's plan takes at least where nothing may be lost: its stages run one after the other."""
        stages = {operation for operation, _ in planned}
        return sum(
            max(seconds(planned[stage, region], quotas.get(stage)) for region in REGIONS) for stage in stages)

    def undescribed(self, stats):
        """Resources whose description never came."""
        lost = 0
        for table, _, described, _ in PROWLERS_PLAN:
            for region in REGIONS if described else ():
                counts = stats.get((f"sagemaker:{described}", region), collections.Counter())
                lost += max(0, len(self.of(table)[region]) - answered(counts))
        return lost


def answered(counts):
    return counts["requests"] - counts["throttled"]


def seconds(calls, quota):
    """How long a full bucket takes to let so many calls through."""
    return max(0.0, (calls - quota["burst"]) / quota["rate"]) if quota else 0.0


def bound(stats, quotas, latency_ms):
    """The least time that the quotas allow for the calls that were answered: that of the slowest operation."""
    return max(seconds(answered(counts), quotas.get(call)) for (call, _), counts in stats.items()) + latency_ms / 1000


def slowest(stats, quotas):
    times = {place: seconds(answered(counts), quotas.get(place[0])) for place, counts in stats.items()}
    (call, region), most = max(times.items(), key=lambda one: one[1])
    return f"{call} in {region}, {answered(stats[call, region])} calls"


def findings_of(file):
    """The findings of a JSON report, id -> (check, status), and the rest of it. Reads one finding at a time: a report of
    10,000 jobs is some hundred megabytes."""
    text = file.read_text()
    decoder = json.JSONDecoder()
    start = text.index('"findings"')
    start = at = text.index("[", start) + 1
    findings = {}
    skip = lambda at: next(i for i in range(at, len(text)) if text[i] not in " \t\r\n,")
    while text[at := skip(at)] != "]":
        finding, at = decoder.raw_decode(text, at)
        findings[finding["id"]] = (finding["check"], finding["status"])
    return findings, json.loads(text[:start] + text[at:])


def print_size(result, arguments):
    ours, theirs = result.get("sagescan"), result.get("prowler")
    print(f"\n{result['jobs']:,} training jobs in two regions, {result['others']} of everything else:"
          f" {result['resources']:,} things")
    ended = lambda one: "≥ " if one.get("stopped") else ""
    row("", ours and "sagescan", theirs and "Prowler")
    show = lambda one, name, form: one and form.format(one[name])
    for title, name, form in (
        ("calls", "calls", "{:,}"), ("  of them throttled", "throttled", "{:,}"), ("  of them not served", "unserved", "{:,}"),
        ("wall time, s", "wall", "{:,.1f}"), ("CPU time, s", "cpu", "{:,.1f}"),
    ):
        row(title, show(ours, name, form), theirs and ended(theirs) + form.format(theirs[name]))
    memory = lambda one: one and f"{one['memory'] / 1e6:,.0f}"
    row("peak memory, MB", memory(ours), memory(theirs))
    for title, name in (("checks with a finding", "controls"), ("findings", "findings")):
        row(title, show(ours, name, "{:,}"), show(theirs, name, "{:,}"))
    for status in ("pass", "fail", "exempt", "unknown", "manual"):
        of = lambda one, status: one and f"{one['statuses'].get(status, 0):,}"
        row(f"  {status}", of(ours, status), of(theirs, status.upper()))
    # What a run that was stopped had not come to yet is not lost.
    ended_well = lambda one, text: one and ("stopped before" if one["stopped"] else text)
    row("data lost to throttling", ours and f"{ours['lost']:,} calls given up",
        theirs and ended_well(theirs, f"{theirs['lost']:,} things"))
    share = lambda one, name: one and ended_well(one, f"{one[name]:,} of {one['verdicts']:,}")
    row("verdicts missing (1)", share(ours, "missing"), share(theirs, "missing"))
    row("verdicts wrong (1)", share(ours, "wrong"), share(theirs, "wrong"))
    row("least time by quotas, s (2)", ours and f"{ours['bound']:,.1f}", theirs and f"{theirs['plan_bound']:,.0f}")
    row("calls of the plan, each once", None, theirs and f"{theirs['planned']:,}")
    if theirs and theirs["stopped"]:
        print(f"  Prowler was stopped after {theirs['wall'] / 60:,.1f} minutes. EXTRAPOLATED: at least"
              f" {theirs['extrapolated_calls']:,} calls, which is its plan with each call once, and about"
              f" {theirs['extrapolated_wall'] / 60:,.0f} minutes, by the share of that plan that it had sent.")
    if ours:
        print(f"  the slowest quota for sagescan: {ours['slowest']}")
        if ours["gaps"]:
            print(f"  not seen by sagescan: {'; '.join(ours['gaps'])}")
        if ours["missing_by_check"]:
            print(f"  verdicts missing at sagescan, by check: {ours['missing_by_check']}")
    expect(ours, theirs)


def row(title, *cells):
    print(f"  {title:<30}" + "".join(f"{cell if cell is not None else '–':>24}" for cell in cells))


def expect(ours, theirs):
    """What is expected, and whether it holds."""
    def line(text, holds, figures):
        print(f"  [{'holds' if holds else 'DOES NOT HOLD'}] {text}: {figures}")

    if ours:
        line("no throttle costs data", ours["lost"] == 0 and ours["wrong"] == 0, f"{ours['lost']} calls given up")
        ratio = ours["wall"] / ours["bound"]
        line("wall time within 1.5 of the least that the quotas allow", ratio <= 1.5, f"{ratio:.2f}")
    if ours and theirs:
        calls, wall = (theirs.get(f"extrapolated_{name}", theirs[name]) for name in ("calls", "wall"))
        if theirs["stopped"]:
            print("  Prowler's calls and time are EXTRAPOLATED from here on.")
        line("at most one hundredth of Prowler's calls", ours["calls"] * 100 <= calls, f"1/{calls / ours['calls']:.1f}")
        line("at most one hundredth of Prowler's wall time", ours["wall"] * 100 <= wall, f"1/{wall / ours['wall']:.1f}")
        line("the same where Prowler may lose nothing (least time of its plan)", ours["wall"] * 100 <= theirs["plan_bound"],
             f"1/{theirs['plan_bound'] / ours['wall']:.1f}")
        line("five times as many checks with a finding", ours["controls"] >= 5 * theirs["controls"],
             f"{ours['controls']} to {theirs['controls']}")


def print_growth(results):
    print("\ngrowth with training jobs, of which every further thousand costs:")
    row("", "sagescan: calls", "wall, s", "Prowler: calls", "wall, s")
    for less, more in zip(results, results[1:]):
        thousands = (more["jobs"] - less["jobs"]) / 1000
        cells = []
        for tool in ("sagescan", "prowler"):
            for name in ("calls", "wall"):
                if tool not in more:
                    cells.append(None)
                    continue
                a, b = (one[tool].get(f"extrapolated_{name}", one[tool][name]) for one in (less, more))
                cells.append(f"{(b - a) / thousands:,.1f}")
        row(f"{less['jobs']:,} → {more['jobs']:,}", *cells)
    if all("sagescan" in one and "prowler" in one for one in results):
        first, last = results[0], results[-1]
        calls = lambda one, tool: one[tool].get("extrapolated_calls", one[tool]["calls"])
        grown = lambda tool: calls(last, tool) - calls(first, tool)
        ours, theirs = max(grown("sagescan"), 1), grown("prowler")
        print(f"  further jobs cost sagescan 1/{theirs / ours:,.0f} of the calls that they cost Prowler")


if __name__ == "__main__":
    main()
