// One recorded run, as the page's data have it (reports/html_trace.cpp). Steps count from 1, as people see them; a run with
// threads that wait at the end, or a failure that is no event, has one more step, the end.

const TRIES = new Set(["lock", "try-lock", "acquire", "try-acquire", "event-wait", "event-test", "timed-join", "join"]);
const NOT_DONE = new Set(["timeout", "Full", "Empty"]);
const NO = new Set(["false", "False", "0"]);

export class Run {
  constructor(data, about) {
    this.threads = data.threads;
    this.objects = data.objects;
    this.blocked = data.blocked;
    this.texts = data.texts;
    this.columns = data.columns;
    this.count = data.columns.thread.length;
    this.key = data.key.map((i) => i + 1);
    this.critical = about.critical || { first: 0, second: 0, waiter: -1 };
    this.name = about.name;
    this.failure = about.failure || "";
    this.failing = about.failing;
    this.finding = about.finding || null;
    const marked = this.columns.mark.some((m) => ["failure"].includes(this.texts[m]) || this.texts[m] === "exception");
    this.failureAtEnd = this.failing && this.failure && !marked ? { thread: (this.finding.threads || [0])[0], words: this.failure } : null;
    this.hasEnd = this.blocked.length > 0 || this.failureAtEnd !== null;
    this.last = this.count + (this.hasEnd ? 1 : 0);
    this.stepsOf = this.threads.map(() => []);
    this.columns.thread.forEach((t, i) => this.stepsOf[t].push(i + 1));
    this.cache = new Map();
  }

  text(column, step) { return this.texts[this.columns[column][step - 1]]; }
  number(column, step) { return this.columns[column][step - 1]; }
  isEnd(step) { return step > this.count; }

  /// Everything about an event.
  event(step) {
    let e = this.cache.get(step);
    if (e) return e;
    const n = (c) => this.number(c, step), t = (c) => this.text(c, step);
    e = {
      step, thread: n("thread"), op: t("op"), object: n("object"), object2: n("object2"), other: n("other"), text: t("text"),
      part: t("part"), before: t("before"), after: t("after"), result: t("result"), said: t("said"), items: n("items"),
      source: n("source"), line: n("line"), func: t("function"), from: n("from"), switched: t("switched"), mark: t("mark"),
      words: t("words"), hidden: n("hidden") === 1,
    };
    e.failed = NOT_DONE.has(e.result) || (TRIES.has(e.op) && NO.has(e.result));
    if (this.cache.size > 20000) this.cache.clear();
    this.cache.set(step, e);
    return e;
  }

  threadName(t) { return t >= 0 && t < this.threads.length ? this.threads[t].name : "?"; }
  objectName(o) { return o >= 0 && o < this.objects.length ? this.objects[o].name : "?"; }
  /// The first step of the thread behind this one, or 0.
  nextOf(thread, step) {
    const steps = this.stepsOf[thread], i = firstAbove(steps, step);
    return i < steps.length ? steps[i] : 0;
  }
  /// Its last step up to this one, or 0.
  latestOf(thread, step) {
    const i = firstAbove(this.stepsOf[thread], step);
    return i > 0 ? this.stepsOf[thread][i - 1] : 0;
  }
  blockedAtEnd(thread) { return this.blocked.find((b) => b.thread === thread) || null; }

  /// How the step matters: "failure", "critical", "decisive" or nothing.
  role(step) {
    if (this.isEnd(step)) return this.failing ? "failure" : "";
    const mark = this.text("mark", step);
    if (mark === "failure" || mark === "lost-update" || mark === "exception") return "failure";
    if (step === this.critical.first || step === this.critical.second) return "critical";
    return mark ? "decisive" : "";
  }
  /// What is written beside it.
  words(step) {
    if (this.isEnd(step)) return "";
    if (step === this.critical.first) return this.failing ? "too early" : "comes later here";
    if (step === this.critical.second) return this.failing ? "too late" : "comes first here";
    return this.text("words", step);
  }
}

/// The index of the first element of a sorted list that is larger.
export function firstAbove(sorted, value) {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] > value) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function makeRuns(trace) {
  const finding = trace.findings[0] || null;
  const failing = new Run(trace.run, {
    name: finding ? "this run" : "the run", critical: trace.critical, failure: trace.failure, failing: finding !== null, finding,
  });
  const passing = trace.passing
    ? new Run(trace.passing, { name: "nearest passing run", critical: trace.passing.critical, failing: false })
    : null;
  return { failing, passing };
}

/// For each event of one run the one that corresponds to it in another: of the same thread, its n-th, and of the same kind.
export function correspondence(from, to) {
  const ids = new Map(to.threads.map((t, i) => [t.id, i]));
  const other = new Array(from.count + 1).fill(0);
  from.threads.forEach((thread, t) => {
    const there = ids.get(thread.id);
    if (there === undefined) return;
    const steps = from.stepsOf[t], others = to.stepsOf[there];
    for (let i = 0; i < steps.length && i < others.length; ++i) {
      if (from.text("op", steps[i]) !== to.text("op", others[i])) break;
      other[steps[i]] = others[i];
    }
  });
  return other;
}

/// A set of threads or objects of one run (or null, for all) as another one numbers them.
export function translated(set, from, to) {
  if (!set) return null;
  const ids = new Set([...set].map((i) => from[i].id));
  return new Set(to.map((x, i) => i).filter((i) => ids.has(to[i].id)));
}
