// Line charts over time. Each line has a dash pattern beside its colour; values are read by pointer or by arrow keys.
import { h, s, setText } from "./dom.js";
import { time } from "./format.js";

const margin = { left: 56, right: 12, top: 10, bottom: 24 };
const height = 220;
export const maxLines = 9;

function ticks(max) {
  const step = 10 ** Math.floor(Math.log10(max));
  const size = [0.25, 0.5, 1, 2].map((factor) => factor * step).find((each) => max / each <= 4) ?? step * 5;
  return Array.from({ length: Math.floor(max / size + 1e-9) + 1 }, (_, i) => i * size);
}

function byteTicks(max) {
  const size = 2 ** Math.ceil(Math.log2(max / 4));
  return Array.from({ length: Math.floor(max / size + 1e-9) + 1 }, (_, i) => i * size);
}

// The value of a line at a time: that of the last sample before it.
function valueAt(points, at) {
  let [low, high] = [0, points.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (points[middle][0] <= at) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return points.length > 0 && points[low][0] <= at ? points[low][1] : null;
}

function path(points, x, y) {
  let d = "";
  let last = null;
  for (const [at, value] of points) {
    // A gap of ten seconds is a gap: nobody measured.
    d += `${last !== null && at - last < 10_000 ? "L" : "M"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    last = at;
  }
  return d;
}

export function createChart(parent, label, format, options = {}) {
  const plot = h("div", { class: "plot", tabindex: "0", role: "img" });
  const legend = h("ul", { class: "chart-legend" });
  const note = h("p", { class: "muted small chart-note", hidden: true });
  const empty = h("p", { class: "muted chart-empty" }, "No samples yet.");
  parent.append(empty, plot, legend, note);
  plot.hidden = true;
  let lines = [];
  let cursor = null;
  let scale = null;

  function showLegend() {
    const last = Math.max(...lines.map((line) => line.points.at(-1)?.[0] ?? 0));
    const at = cursor ?? last;
    while (legend.children.length > lines.length) {
      legend.lastElementChild.remove();
    }
    lines.forEach((line, i) => {
      let item = legend.children[i];
      if (!item) {
        item = h("li", {}, s("svg", { viewBox: "0 0 24 8", "aria-hidden": "true" }, s("path", { d: "M1 4h22" })), h("span"), h("strong"));
        legend.append(item);
      }
      item.firstElementChild.firstElementChild.setAttribute("class", `line ${line.style ?? `s${i}`}`);
      setText(item.children[1], line.name);
      const value = valueAt(line.points, at);
      setText(item.children[2], value === null ? "–" : format(value));
    });
    const text = `${label}${cursor === null ? ", now" : ` at ${time(cursor)}`}: ${[...legend.children].map((item) => `${item.children[1].textContent} ${item.children[2].textContent}`).join(", ")}`;
    plot.setAttribute("aria-label", `${text}. Arrow keys move along the time.`);
    return at;
  }

  function draw() {
    const drawable = lines.some((line) => line.points.length > 0);
    plot.hidden = !drawable;
    empty.hidden = drawable;
    const width = Math.floor(plot.clientWidth);
    if (!drawable || width === 0) {
      return;
    }
    const all = lines.flatMap((line) => line.points);
    const first = all.reduce((least, [at]) => Math.min(least, at), Infinity);
    const last = Math.max(all.reduce((most, [at]) => Math.max(most, at), 0), first + 60_000);
    const top = options.max ?? Math.max(1, all.reduce((most, [, value]) => Math.max(most, value), 0) * 1.1);
    const x = (at) => margin.left + ((at - first) / (last - first)) * (width - margin.left - margin.right);
    const y = (value) => height - margin.bottom - (Math.min(value, top) / top) * (height - margin.top - margin.bottom);
    scale = { first, last, width };
    const marks = Math.max(2, Math.min(6, Math.floor(width / 130)));
    plot.replaceChildren(s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" },
      (options.isBytes ? byteTicks(top) : ticks(top)).map((value) => [
        s("path", { class: "grid", d: `M${margin.left} ${y(value).toFixed(1)}H${width - margin.right}` }),
        s("text", { x: margin.left - 8, y: y(value) + 4, "text-anchor": "end" }, format(value)),
      ]).flat(),
      Array.from({ length: marks }, (_, i) => first + ((last - first) * i) / (marks - 1)).map((at, i) =>
        s("text", { x: x(at), y: height - 6, "text-anchor": i === 0 ? "start" : i === marks - 1 ? "end" : "middle" }, time(at))),
      lines.map((line, i) => s("path", { class: `line ${line.style ?? `s${i}`}`, d: path(line.points, x, y) })).reverse(),
      cursor === null ? null : s("path", { class: "cursor", d: `M${x(cursor).toFixed(1)} ${margin.top}V${height - margin.bottom}` })));
    showLegend();
  }

  function move(at) {
    cursor = at === null || !scale ? null : Math.max(scale.first, Math.min(scale.last, at));
    draw();
  }

  plot.addEventListener("pointermove", (event) => {
    if (scale) {
      const share = (event.offsetX - margin.left) / (scale.width - margin.left - margin.right);
      move(scale.first + share * (scale.last - scale.first));
    }
  });
  plot.addEventListener("pointerleave", () => move(null));
  plot.addEventListener("blur", () => move(null));
  plot.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && scale) {
      event.preventDefault();
      move((cursor ?? scale.last) + (step * (scale.last - scale.first)) / 30);
    } else if (event.key === "Escape") {
      move(null);
    }
  });
  new ResizeObserver(draw).observe(parent);

  return {
    show(next, text = "") {
      lines = next.slice(0, maxLines);
      note.hidden = text === "";
      setText(note, text);
      draw();
    },
  };
}
