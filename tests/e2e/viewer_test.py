"""raddle show --html, in a headless Chromium (tests/browser/viewer_test.mjs): the pages of all failing models, and one with
20 threads and 10,000 events. Without Chromium, Node or npm it is skipped, except where RADDLE_BROWSER_TESTS says that they
have to be there."""
import concurrent.futures
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parents[2]
RADDLE = os.path.abspath(sys.argv[1])
HERE = pathlib.Path.cwd() / "pages"


def tools():
    """The programs that it takes, or what is missing."""
    found = {name: shutil.which(name) for name in ("chromium", "node", "npm")}
    missing = [name for name, path in found.items() if not path]
    if missing:
        print("not found: " + ", ".join(missing) + "; checker/setup --tests installs them")
        sys.exit(1 if os.environ.get("RADDLE_BROWSER_TESTS") == "required" else 77)
    return found


def playwright(npm):
    """Installs what drives the browser, once, in the build folder."""
    place = pathlib.Path.cwd() / "browser"
    place.mkdir(exist_ok=True)
    lock = "package-lock.json"
    fresh = (SOURCE / "tests/browser" / lock).read_bytes()
    done = place / "installed.json"
    if not done.exists() or done.read_bytes() != fresh:
        for name in ("package.json", lock, ".npmrc"):
            shutil.copy(SOURCE / "tests/browser" / name, place)
        install = subprocess.run([npm, "ci", "--ignore-scripts", "--no-progress"], cwd=place, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
        if install.returncode:
            print(install.stdout)
            print("npm could not install playwright-core")
            sys.exit(1 if os.environ.get("RADDLE_BROWSER_TESTS") == "required" else 77)
        done.write_bytes(fresh)
    return place / "node_modules/playwright-core"


def page_of(trace, name, folder=None):
    with open(HERE / name, "wb") as page:
        subprocess.run([RADDLE, "show", "--html", os.path.abspath(trace)], stdout=page, check=True, stdin=subprocess.DEVNULL,
                       cwd=folder or HERE)
    return name


# How models/classic/README.md says that they are found, where an exhaustive search takes too long.
CLASSIC = re.compile(r"\| \[`(?P<name>\w+)`\]\((?P<file>[\w.]+)\) .* \| (?P<strategy>exhaustive|sample|pos) \| \w+ \|$", re.MULTILINE)
RUNS = {"sample": "10000", "pos": "1000000"}


def check(model, strategy="exhaustive", name=None):
    """The page of a model's first finding, if it has one. A C++ program checks itself, with the library."""
    kind = model.parent.name
    folder = HERE / f"{kind}-{name or model.stem}"
    search = ["--strategy", strategy, "--runs", RUNS[strategy]] if strategy in RUNS else ["--time", "3"] if model.suffix == ".py" else []
    if model.suffix == ".cpp":
        command = [pathlib.Path(RADDLE).parent / "classic", name, *search, "--trace-dir", folder]
    else:
        command = [RADDLE, "check", "--quiet", *search, "--trace-dir", folder, model]
    subprocess.run(command, cwd=HERE, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)
    traces = sorted(folder.glob("*.json")) if folder.exists() else []
    pages = []
    for path in traces[:1]:
        trace = json.loads(path.read_text(encoding="utf-8"))
        if not trace["findings"]:
            continue
        pages.append({"file": page_of(path, f"{kind}-{path.stem}.html"), "events": len(trace["events"]), "threads": len(trace["threads"]),
                      "kind": trace["findings"][0]["kind"], "message": trace["findings"][0]["message"]})
    return pages


def big_trace(count=10000, threads=20):
    """Workers that take items out of a queue and count under a lock; one of them forgets the lock."""
    chance, events, items = random.Random(1), [], []

    def event(thread, operation, line, **more):
        events.append({"step": len(events) + 1, "thread": thread, "operation": operation, **more,
                       "location": {"file": "big.py", "line": line, "function": "work"}})
        return len(events)

    for i in range(1, threads):
        event(0, "start", 20, visible=False, other=i)
    total = put = written = 0
    while len(events) < count - 2 * threads:
        if len(items) < 4:
            items.append((put, event(0, "put", 22, object=2, after=str(put), items=len(items) + 1)))
            put += 1
            continue
        thread, (item, source) = chance.randrange(1, threads), items.pop(0)
        event(thread, "get", 6, object=2, result=str(item), items=len(items), reads_from=source)
        event(thread, "lock", 8, object=0)
        event(thread, "read", 9, object=1, result=str(total), **({"reads_from": written} if written else {}))
        written = event(thread, "write", 10, object=1, before=str(total), after=str(total + 1))
        total += 1
        event(thread, "unlock", 11, object=0)
    events[-2]["mark"], events[-3]["mark"] = "lost-update", "stale-read"
    for i in range(1, threads):
        event(i, "end", 12, visible=False)
    for i in range(1, threads):
        event(0, "join", 24, visible=False, other=i)
    names = ["main"] + [f"worker-{i}" for i in range(threads - 1)]
    return {
        "format": "raddle-trace/1", "raddle_version": "0.1.0", "model": "big.py", "arguments": [], "front_end": "python",
        "program_hash": "", "options": {}, "seed": 0, "outcome": "complete", "blocked": [], "output": "", "schedule": [],
        "findings": [{"kind": "lost-update", "severity": "error", "message": "An update gets lost.", "title": "total",
                      "threads": [1], "objects": [1], "steps": []}],
        "threads": [{"id": "0", "label": "main"}] +
                   [{"id": f"0.{i - 1}", "label": names[i], "parent": 0} for i in range(1, threads)],
        "objects": [{"id": "0#0", "kind": "lock", "label": "lock"}, {"id": "0#1", "kind": "variable", "label": "total"},
                    {"id": "0#2", "kind": "queue", "label": "tasks", "capacity": 8}],
        "events": events}


def small_program(text, name):
    """The trace of a program in a folder of its own."""
    folder = HERE / name
    folder.mkdir()
    (folder / f"{name}.py").write_text(text, encoding="utf-8")
    subprocess.run([RADDLE, "check", "--quiet", f"{name}.py"], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return folder, folder / f".raddle/{name}-1.json"


START, END = '<script type="application/json" id="data">', "</script>"


def joined(names, name):
    """One page of the traces of several, and of a model without any: as `html_page` writes it for several models."""
    texts = [(HERE / n).read_text(encoding="utf-8") for n in names]
    parts = [json.loads(t[t.index(START) + len(START):t.index(END, t.index(START))]) for t in texts]
    data = {"version": parts[0]["version"], "models": [], "traces": [], "sources": []}

    def model(name, verdict, findings):
        data["models"].append({"name": name, "verdict": verdict, "summary": f"{len(findings)} findings", "status": 0, "problem": "",
                               "skipped": "", "findings": findings})

    model("clean.py", "clean", [])
    for part in parts:
        trace, first = part["traces"][0], len(data["sources"])
        for run in (trace["run"], trace.get("passing")):
            if run:
                run["columns"]["source"] = [s + first if s >= 0 else s for s in run["columns"]["source"]]
                for place in [t["start"] for t in run["threads"]] + [b["place"] for b in run["blocked"]]:
                    place[0] += first if place[0] >= 0 else 0
        finding = trace["findings"][0]
        model(trace["model"], "findings", [{**{k: finding[k] for k in ("kind", "severity", "message", "title")}, "suppressed": "", "count": 2,
                                            "trace": len(data["traces"])},
                                           {"kind": "data-race", "severity": "warning", "message": "", "title": "x", "suppressed": "",
                                            "count": 1, "trace": -1}])
        data["traces"].append(trace)
        data["sources"] += part["sources"]
    text, at = texts[0], texts[0].index(START) + len(START)
    inside = json.dumps(data).replace("<", "\\u003c")
    (HERE / name).write_text(text[:at] + inside + text[text.index(END, at):], encoding="utf-8")
    return name


COUNTER = """import threading
text = "</script><script>window.broken = 1</script>"
count = 0
def work():
    global count
    count += 1
threads = [threading.Thread(target=work, name="<b>&amp;" + text) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
"""


LIFO = """import queue, threading
stack = queue.LifoQueue()
all_there = threading.Event()
def work():
    for _ in range(3): stack.put(5)
    all_there.set()
thread = threading.Thread(target=work)
thread.start()
all_there.wait()
got = stack.get(), stack.get()
assert not got
"""


def main():
    found = tools()
    driver = playwright(found["npm"])
    shutil.rmtree(HERE, ignore_errors=True)
    HERE.mkdir()
    models = sorted((SOURCE / "models/tutorial").glob("*.py")) + sorted((SOURCE / "models/bugs/racy").glob("*.py"))
    models.append(SOURCE / "models/classic/philosophers.py")
    classic = [(SOURCE / "models/classic" / row["file"], row["strategy"], row["name"])
               for row in CLASSIC.finditer((SOURCE / "models/classic/README.md").read_text(encoding="utf-8"))]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        pages = [page for some in pool.map(check, models) for page in some]
        of_classic = [page for some in pool.map(lambda model: check(*model), classic) for page in some]
    if len(of_classic) < len(classic):
        print(f"only {len(of_classic)} pages of the {len(classic)} programs in models/classic/README.md")
        return 1
    pages += of_classic
    named = {page["file"] for page in pages}
    about = {"models": pages, "queue": "tutorial-queue_event_final-1.html", "lost": "tutorial-lost_update-1.html",
             "philosophers": "classic-philosophers-1.html"}
    missing = {about[key] for key in ("queue", "lost", "philosophers")} - named
    if missing or len(pages) < 60:
        print(f"only {len(pages)} pages, and without {missing}")
        return 1

    (HERE / "big.json").write_text(json.dumps(big_trace()), encoding="utf-8")
    about["big"] = page_of(HERE / "big.json", "big.html")
    folder, trace = small_program(COUNTER, "hostile")
    about["hostile"] = page_of(trace, "hostile.html", folder)
    (folder / "hostile.py").write_text("# changed\n" + COUNTER, encoding="utf-8")
    about["changed"] = page_of(trace, "changed.html", folder)
    (folder / "hostile.py").unlink()
    about["missing"] = page_of(trace, "missing.html", folder)
    folder, trace = small_program(LIFO, "lifo")
    about["lifo"] = page_of(trace, "lifo.html", folder)
    about["several"] = joined([about["queue"], about["lost"]], "several.html")
    about["project"] = "project.html"
    of_project = [SOURCE / "models" / name for name in ("tutorial/queue_event_final.py", "tutorial/lost_update_lock.py", "classic/philosophers.py")]
    subprocess.run([RADDLE, "check", "--quiet", "--trace-dir", HERE / "project", "--html", HERE / about["project"], *of_project], cwd=HERE,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    (HERE / "pages.json").write_text(json.dumps(about), encoding="utf-8")
    return subprocess.run([found["node"], SOURCE / "tests/browser/viewer_test.mjs", driver, found["chromium"], HERE],
                          stdin=subprocess.DEVNULL, timeout=285).returncode


sys.exit(main())
