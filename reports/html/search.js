// Looking for events by what they say: operation, object, value, thread, line.

export class Search {
  constructor(run) {
    this.run = run;
    this.needle = "";
    this.found = [];
    this.texts = null;
  }

  /// All steps with this text in them.
  look(text) {
    this.needle = text.trim().toLowerCase();
    this.found = [];
    if (!this.needle) return this.found;
    const run = this.run;
    if (!this.texts) {
      this.texts = [];
      for (let step = 1; step <= run.count; ++step) {
        const line = run.number("line", step);
        this.texts.push(`${run.threadName(run.number("thread", step))} ${run.text("text", step)} ${run.text("said", step)} ${run.text("function", step)} ${line ? ":" + line : ""} ${run.words(step)}`.toLowerCase());
      }
    }
    this.texts.forEach((t, i) => { if (t.includes(this.needle)) this.found.push(i + 1); });
    return this.found;
  }

  /// The one behind (or before) this step, going round.
  next(step, by) {
    if (!this.found.length) return 0;
    if (by > 0) return this.found.find((s) => s > step) || this.found[0];
    return [...this.found].reverse().find((s) => s < step) || this.found[this.found.length - 1];
  }
}
