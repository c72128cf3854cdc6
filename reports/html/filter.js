// Which threads and objects are shown.

import { $, h, replace } from "./dom.js";

export class Filter {
  /// `change({ threads, objects })`, each a set of indices or null for all.
  constructor(change) {
    this.change = change;
    this.threads = null;
    this.objects = null;
    $("filter-none").addEventListener("click", () => this.set(null, null));
  }

  for(run) {
    this.run = run;
    const used = new Set(run.columns.object.concat(run.columns.object2));
    const box = (kind, index, name, note) =>
      h("label", {}, h("input", { type: "checkbox", "data-kind": kind, "data-index": index, onchange: () => this.read() }), h("span", {}, name), note ? h("small", {}, note) : null);
    replace($("filter-threads"), run.threads.map((t, i) => box("threads", i, t.name, "")));
    replace($("filter-objects"), run.objects.map((o, i) => (used.has(i) ? box("objects", i, o.name, o.kind) : null)));
    this.tick();
  }

  only(object) { this.set(this.threads, this.objects && this.objects.size === 1 && this.objects.has(object) ? null : new Set([object])); }

  set(threads, objects) {
    this.threads = threads;
    this.objects = objects;
    this.tick();
    this.change({ threads, objects });
  }

  // Nothing ticked is everything.
  read() {
    const chosen = (kind) => {
      const set = new Set([...document.querySelectorAll(`#filter [data-kind=${kind}]:checked`)].map((box) => Number(box.dataset.index)));
      return set.size ? set : null;
    };
    this.set(chosen("threads"), chosen("objects"));
  }

  tick() {
    for (const box of document.querySelectorAll("#filter [data-kind]")) {
      const set = this[box.dataset.kind];
      box.checked = set !== null && set.has(Number(box.dataset.index));
    }
    const count = (this.threads ? this.threads.size : 0) + (this.objects ? this.objects.size : 0);
    $("filter-count").textContent = count ? String(count) : "";
    $("filter").classList.toggle("active", count > 0);
  }
}
