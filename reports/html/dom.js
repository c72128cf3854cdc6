// Making elements. Texts of models only ever become text nodes and attributes, never markup.

/// h("button.quiet", { onclick: f, "aria-label": "..." }, "text", child, ...)
export function h(tag, attributes, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  return fill(element, attributes, children);
}

export function svg(name, attributes, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function fill(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "style") for (const [property, v] of Object.entries(value)) element.style.setProperty(property, v);
    else element.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) if (child !== null && child !== undefined && child !== false) element.append(child);
  return element;
}

export function replace(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
}

export const $ = (id) => document.getElementById(id);

/// Text with what a search looks for marked.
export function marked(text, needle) {
  if (!needle) return text;
  const parts = [], low = text.toLowerCase();
  let from = 0;
  for (let at = low.indexOf(needle); at >= 0 && low.length === text.length; at = low.indexOf(needle, from)) {
    parts.push(text.slice(from, at), h("mark", {}, text.slice(at, at + needle.length)));
    from = at + needle.length;
  }
  parts.push(text.slice(from));
  return parts;
}

export function plural(count, one, many) { return `${count} ${count === 1 ? one : many}`; }
