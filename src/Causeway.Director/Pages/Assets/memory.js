// The charts: what the director has kept of the last half hour, then what comes in.
import { byId, h } from "./dom.js";
import { createChart, maxLines } from "./charts.js";
import { bytes, count, percent, words } from "./format.js";

const sampleEvery = 1800;
const most = 900;
const nodes = new Map();
const regions = new Map();
let accounts = { key: "", series: new Map() };
let loaded = false;
let charts = null;
let latest = null;

const zip = (at, values) => at.map((each, i) => [each, values[i]]);

function push(points, at, value) {
  const last = points.at(-1);
  if (last && at - last[0] < sampleEvery && at >= last[0]) {
    return;
  }
  points.push([at, value]);
  if (points.length > most) {
    points.shift();
  }
}

const pointsOf = (map, key) => map.get(key) ?? map.set(key, []).get(key);

export async function loadHistory() {
  charts ??= {
    nodes: createChart(byId("chart-nodes"), "Memory by node", percent, { max: 1 }),
    accounts: createChart(byId("chart-accounts"), "Memory accounts", bytes, { isBytes: true }),
    clients: createChart(byId("chart-clients"), "Clients by region", count),
  };
  const answer = await fetch("/ops/history");
  if (!answer.ok) {
    return;
  }
  const history = await answer.json();
  for (const node of history.nodes) {
    nodes.set(node.key, zip(node.at, node.used.map((used, i) => used / Math.max(1, node.limit[i]))));
  }
  for (const region of history.regions) {
    regions.set(region.region, zip(region.at, region.clients));
  }
  loaded = true;
  if (latest) {
    showCharts(latest);
  }
  await loadAccounts(byId("account-node").value);
}

async function loadAccounts(key) {
  accounts = { key, series: new Map() };
  if (!key) {
    return;
  }
  const answer = await fetch(`/ops/history?node=${encodeURIComponent(key)}`);
  if (!answer.ok || accounts.key !== key) {
    return;
  }
  const history = await answer.json();
  const series = new Map([["budget", zip(history.at, history.limit)]]);
  for (const use of history.uses) {
    series.set(use.use, zip(history.at, use.bytes));
  }
  accounts = { key, series };
  drawAccounts();
}

function followSelect(frame) {
  const select = byId("account-node");
  const keys = frame.nodes.map((node) => node.key);
  if ([...select.options].map((option) => option.value).join() === keys.join()) {
    return;
  }
  const fullest = frame.nodes.reduce((worst, node) => (node.used / node.limit > (worst?.used ?? 0) / (worst?.limit ?? 1) ? node : worst), null);
  const chosen = keys.includes(select.value) ? select.value : fullest?.key ?? "";
  select.replaceChildren(...keys.map((key) => h("option", { value: key }, key)));
  select.value = chosen;
  select.onchange = () => loadAccounts(select.value);
  if (loaded && accounts.key !== chosen) {
    loadAccounts(chosen);
  }
}

function drawAccounts() {
  const last = (points) => points.at(-1)?.[1] ?? 0;
  const uses = [...accounts.series].filter(([name]) => name !== "budget").sort((one, other) => last(other[1]) - last(one[1]));
  const budget = accounts.series.get("budget") ?? [];
  charts.accounts.show([...uses.slice(0, maxLines - 1).map(([name, points]) => ({ name: words(name), points })), { name: "budget", points: budget, style: "limit" }]);
}

export function showCharts(frame) {
  latest = frame;
  followSelect(frame);
  const at = Date.parse(frame.at);
  for (const node of frame.nodes.filter((each) => !each.is_lost)) {
    push(pointsOf(nodes, node.key), at, node.used / Math.max(1, node.limit));
    if (node.key === accounts.key && accounts.series.size > 0) {
      push(pointsOf(accounts.series, "budget"), at, node.limit);
      for (const [use, held] of Object.entries(node.uses)) {
        push(pointsOf(accounts.series, use), at, held);
      }
    }
  }
  for (const region of frame.regions) {
    push(pointsOf(regions, region.name), at, region.clients);
  }
  if (!loaded) {
    return;
  }
  const present = frame.nodes.map((node) => ({ name: node.key, points: nodes.get(node.key) ?? [], share: node.used / Math.max(1, node.limit) }));
  const fullest = [...present].sort((one, other) => other.share - one.share).slice(0, maxLines).map((line) => line.name);
  const shown = present.filter((line) => fullest.includes(line.name));
  const left = present.length - shown.length + frame.nodes_omitted;
  charts.nodes.show(shown, left > 0 ? `The ${shown.length} fullest nodes; ${count(left)} more are in the table below.` : "");
  charts.clients.show(frame.regions.map((region) => ({ name: region.name, points: regions.get(region.name) ?? [] })),
    frame.regions.length > maxLines ? `The first ${maxLines} regions; all are in the table below.` : "");
  drawAccounts();
}
