// Small tools for elements. Text goes in as text only, so that no name can become markup.
const svgSpace = "http://www.w3.org/2000/svg";

const fill = (element, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "onclick" || name === "onsubmit" || name === "onchange") {
      element.addEventListener(name.slice(2), value);
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
};

export const byId = (id) => document.getElementById(id);
export const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
export const s = (tag, attributes = {}, ...children) => fill(document.createElementNS(svgSpace, tag), attributes, children);

export function setText(element, value) {
  const text = String(value);
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export function setClass(element, value) {
  if (element.getAttribute("class") !== value) {
    element.setAttribute("class", value);
  }
}

// Makes the children of a parent follow a list by key. What stays is updated in place, so that focus and selection stay too.
export function keyed(parent, items, key, make, update) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = key(item);
    let element = old.get(name);
    old.delete(name);
    if (!element) {
      element = make(item);
      element.dataset.key = name;
    }
    if (element === place) {
      place = place.nextElementSibling;
    } else {
      parent.insertBefore(element, place);
    }
    update(element, item);
  }
  for (const gone of old.values()) {
    gone.remove();
  }
}

// A table's row: cells by name, so that an update finds them.
export function row(columns) {
  const cells = {};
  const tr = h("tr");
  for (const [name, kind] of columns) {
    cells[name] = h(kind === "th" ? "th" : "td", kind === "th" ? { scope: "row" } : kind ? { class: kind } : {});
    tr.append(cells[name]);
  }
  tr.cells_ = cells;
  return tr;
}

// A bar for a share with its words beside it.
export function meter(label) {
  const bar = s("rect", { class: "meter-fill", x: 0, y: 0, width: 0, height: 8, rx: 4 });
  const words = h("span", { class: "meter-words" });
  const element = h("span", { class: "meter" }, s("svg", { viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" }, s("rect", { class: "meter-back", x: 0, y: 0, width: 100, height: 8, rx: 4 }), bar), words);
  element.show = (share, text, level) => {
    bar.setAttribute("width", Math.max(0, Math.min(100, share * 100)).toFixed(1));
    setClass(bar, `meter-fill ${level}`);
    setText(words, text);
    element.setAttribute("title", `${label}: ${text}`);
  };
  return element;
}

const shapes = {
  ok: [["circle", { cx: 10, cy: 10, r: 8.5 }], ["path", { d: "M6 10.5l2.7 2.7L14 7.5" }]],
  warn: [["circle", { cx: 10, cy: 10, r: 8.5 }], ["path", { d: "M6 10h8" }]],
  part: [["path", { d: "M10 2.2L18.5 17h-17z" }], ["path", { d: "M10 8v4M10 14.3v.2" }]],
  bad: [["path", { d: "M6.5 1.5h7l5 5v7l-5 5h-7l-5-5v-7z" }], ["path", { d: "M7 7l6 6M13 7l-6 6" }]],
  none: [["circle", { cx: 10, cy: 10, r: 8.5 }]],
};

export const icon = (level) => s("svg", { class: "icon", viewBox: "0 0 20 20", "aria-hidden": "true" }, shapes[level].map(([tag, attributes]) => s(tag, attributes)));

// A pill that is drawn anew only if it says something else.
export function setPill(parent, level, text) {
  const now = `${level}|${text}`;
  if (parent.dataset.pill !== now) {
    parent.dataset.pill = now;
    parent.replaceChildren(h("span", { class: `pill ${level}` }, icon(level), text));
  }
}
