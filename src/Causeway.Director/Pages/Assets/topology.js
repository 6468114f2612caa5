// Draws regions, their nodes and the links between them. The table beside it says the same in words.
import { byId, keyed, row, s, setPill, setText } from "./dom.js";
import { byteRate, bytes, count, limitLevel, milliseconds, seconds } from "./format.js";

const linkLevel = { up: "ok", degraded: "warn", cut: "bad" };
export const healthLevel = { healthy: "ok", degraded: "warn", down: "bad" };
const narrowBelow = 620;
const labelledRegions = 5;
const nodesDrawn = 24;

const nodeLevel = (node) => (node.is_lost ? "bad" : !node.is_ready || limitLevel(node.used / Math.max(1, node.limit)) !== "ok" ? "warn" : "ok");

function place(regions, width) {
  const narrow = width < narrowBelow;
  const small = regions.length > 8;
  const box = narrow ? { w: Math.min(190, width * 0.56), h: 96 } : { w: small ? 150 : 208, h: 96 };
  if (narrow) {
    return { box, narrow, height: regions.length * (box.h + 44) - 44 + 8, at: regions.map((_, i) => ({ x: box.w / 2 + 4, y: 4 + box.h / 2 + i * (box.h + 44) })) };
  }
  const height = regions.length <= 1 ? box.h + 8 : regions.length === 2 ? 190 : Math.min(900, 330 + Math.max(0, regions.length - 4) * 60);
  const [rx, ry] = [Math.min(460, width / 2 - box.w / 2 - 6), height / 2 - box.h / 2 - 6];
  return {
    box, narrow, height,
    at: regions.map((_, i) => {
      const angle = ((regions.length === 2 ? 180 : regions.length === 3 ? -150 : -135) + (i * 360) / regions.length) * (Math.PI / 180);
      return regions.length === 1 ? { x: width / 2, y: height / 2 } : { x: width / 2 + rx * Math.cos(angle), y: height / 2 + ry * Math.sin(angle) };
    }),
  };
}

// One way of a pair: a curve beside the straight line, so that both ways are seen.
function wayOf(from, to, layout, distance) {
  if (layout.narrow) {
    const x = layout.box.w + 4;
    const bulge = x + 26 + 34 * distance;
    return { d: `M${x} ${from.y} C${bulge} ${from.y} ${bulge} ${to.y} ${x} ${to.y}`, label: { x: x + (bulge - x) * 0.75 + 4, y: (from.y + to.y) / 2 }, anchor: "start" };
  }
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy) || 1;
  const [ox, oy] = [(-dy / length) * 7, (dx / length) * 7];
  return { d: `M${from.x + ox} ${from.y + oy} L${to.x + ox} ${to.y + oy}`, label: { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }, anchor: "middle" };
}

function drawLinks(frame, layout) {
  const index = new Map(frame.regions.map((region, i) => [region.name, i]));
  const lines = [];
  const labels = [];
  for (const link of frame.links) {
    const [i, j] = [index.get(link.from), index.get(link.to)];
    if (i === undefined || j === undefined || (layout.narrow && i > j)) {
      continue;
    }
    const back = frame.links.find((other) => other.from === link.to && other.to === link.from) ?? link;
    const worst = layout.narrow && linkLevel[back.state] === "bad" ? back : link;
    const way = wayOf(layout.at[i], layout.at[j], layout, Math.abs(i - j) - 1);
    lines.push(s("path", { class: `link ${worst.state}`, d: way.d }));
    const wanted = frame.regions.length <= labelledRegions || link.state !== "up" || back.state !== "up";
    if (i < j && wanted) {
      labels.push(label(link, back, way));
    }
  }
  return [lines, labels];
}

function label(link, back, way) {
  const states = [link.state, back.state];
  const state = states.includes("cut") ? "cut" : states.includes("degraded") ? "degraded" : "up";
  const rtt = Math.max(link.round_trip_milliseconds, back.round_trip_milliseconds);
  const lag = Math.max(link.lag_seconds, back.lag_seconds);
  const first = state === "cut" ? (link.state === back.state ? "cut" : "cut one way") : milliseconds(rtt);
  const second = lag >= 1 ? `lag ${seconds(lag)}` : byteRate(link.bytes_per_second + back.bytes_per_second);
  const { x, y } = way.label;
  const width = Math.max(first.length, second.length) * 6.9 + 18;
  const left = way.anchor === "middle" ? x - width / 2 : x - 4;
  const middle = left + width / 2;
  return s("g", { class: `link-label ${state}` },
    s("rect", { x: left, y: y - 19, width, height: 38, rx: 8 }),
    s("text", { x: middle, y: y - 4, "text-anchor": "middle", class: "strong" }, first),
    s("text", { x: middle, y: y + 12, "text-anchor": "middle" }, second));
}

function glyph(level, x, y) {
  return level === "ok" ? s("circle", { class: "node ok", cx: x, cy: y, r: 5 })
    : level === "warn" ? s("path", { class: "node warn", d: `M${x} ${y - 5.5}l5.5 10h-11z` })
    : s("path", { class: "node bad", d: `M${x - 4} ${y - 4}l8 8M${x + 4} ${y - 4}l-8 8` });
}

function drawRegion(region, nodes, { x, y }, box) {
  const [left, top] = [x - box.w / 2, y - box.h / 2];
  const level = healthLevel[region.health];
  const perRow = Math.floor((box.w - 26) / 16);
  const drawn = nodes.slice(0, Math.min(nodesDrawn, perRow * 2));
  const state = region.is_draining ? "draining" : region.health;
  return s("g", { class: `region-box ${level}` },
    s("rect", { x: left, y: top, width: box.w, height: box.h, rx: 12 }),
    s("path", { class: "edge", d: `M${left + 1.5} ${top + 14}v${box.h - 28}` }),
    s("text", { x: left + 16, y: top + 24, class: "strong name" }, region.name.length > 22 ? `${region.name.slice(0, 21)}…` : region.name),
    s("text", { x: left + 16, y: top + 43, class: `state ${level}` }, state),
    s("text", { x: left + 16, y: top + 61 }, `${count(region.clients)} clients`),
    drawn.map((node, i) => glyph(nodeLevel(node), left + 21 + (i % perRow) * 16, top + 76 + Math.floor(i / perRow) * 13)),
    nodes.length > drawn.length ? s("text", { x: left + box.w - 14, y: top + 61, "text-anchor": "end" }, `+${nodes.length - drawn.length} nodes`) : null);
}

export function drawMap(frame) {
  const map = byId("map");
  const width = Math.max(260, Math.floor(map.clientWidth));
  const layout = place(frame.regions, width);
  const sick = frame.links.filter((link) => link.state !== "up");
  const summary = `Map of ${frame.regions.length} regions: ${frame.regions.map((region) => `${region.name} ${region.health}`).join(", ")}. `
    + (sick.length === 0 ? "All links are up." : `Links that are not up: ${sick.map((link) => `${link.from} to ${link.to} ${link.state}`).join(", ")}.`)
    + " The table below has all numbers.";
  const [lines, labels] = drawLinks(frame, layout);
  map.replaceChildren(s("svg", { viewBox: `0 0 ${width} ${layout.height}`, width, height: layout.height, role: "img", "aria-label": summary },
    lines,
    frame.regions.map((region, i) => drawRegion(region, frame.nodes.filter((node) => node.region === region.name), layout.at[i], layout.box)),
    labels));
}

export function showLinks(frame) {
  keyed(byId("link-rows"), frame.links, (link) => `${link.from}>${link.to}`,
    () => row([["from", "th"], ["to"], ["state"], ["rtt", "num"], ["lag", "num"], ["rate", "num"], ["pending", "num"], ["dropped", "num"], ["held", "num"]]),
    (element, link) => {
      const cell = element.cells_;
      setText(cell.from, link.from);
      setText(cell.to, link.to);
      setPill(cell.state, linkLevel[link.state], link.state);
      setText(cell.rtt, link.round_trip_milliseconds > 0 ? milliseconds(link.round_trip_milliseconds) : "–");
      setText(cell.lag, link.lag_entries > 0 ? `${count(link.lag_entries)} · ${seconds(link.lag_seconds)}` : "none");
      setText(cell.rate, byteRate(link.bytes_per_second));
      setText(cell.pending, bytes(link.pending_bytes));
      setText(cell.dropped, count(link.dropped_messages));
      setText(cell.held, bytes(link.held_bytes));
    });
}
