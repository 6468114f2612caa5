// The operations page: one stream of frames, shown as they come.
import { byId, h, icon, keyed, setClass, setText } from "./dom.js";
import { byteRate, bytes, count, percent, seconds } from "./format.js";
import { showAlarms } from "./alarms.js";
import { loadDrills, showDrill } from "./drills.js";
import { showEvents, showIncidents, stateLevel } from "./incidents.js";
import { loadHistory, showCharts } from "./memory.js";
import { showNodes, showRegions } from "./tables.js";
import { drawMap, showLinks } from "./topology.js";

const staleAfter = 5_000;
let last = null;
let lastAt = 0;

function showOverview(frame) {
  const level = stateLevel(frame.state);
  const overall = byId("overall");
  setClass(overall, `overall ${level}`);
  if (overall.dataset.level !== level) {
    overall.dataset.level = level;
    byId("overall-icon").replaceChildren(icon(level));
  }
  setText(byId("overall-text"), frame.state_text);
  const totals = frame.totals;
  const items = [
    ["Clients", count(totals.clients), `${count(totals.subscriptions)} subscriptions`],
    ["Nodes ready", `${totals.ready_nodes} / ${totals.nodes}`, `${frame.regions.length} regions`],
    ["Messages in", `${count(totals.in_per_second)}/s`, `${count(totals.out_per_second)}/s out`],
    ["Between regions", byteRate(totals.wan_bytes_per_second), `${frame.links.filter((link) => link.state === "up").length} of ${frame.links.length} links up`],
    ["Memory", bytes(totals.used_bytes), `${percent(totals.used_bytes / Math.max(1, totals.limit_bytes))} of all budgets`],
    ["Alarms", count(frame.alarms.length + frame.alarms_omitted), `${frame.alarms.filter((alarm) => alarm.severity === "critical").length} critical`],
  ];
  keyed(byId("totals"), items, ([name]) => name, ([name]) => h("div", { class: "card total" }, h("dt", {}, name), h("dd", { class: "big" }), h("dd", { class: "muted small" })), (element, [, value, more]) => {
    setText(element.children[1], value);
    setText(element.children[2], more);
  });
  setText(byId("directors"), frame.directors.map((director) => `${director.name}${director.is_self ? " (this one)" : ""} ${director.url}`).join(", ") || "none known");
}

function show(frame) {
  last = frame;
  lastAt = performance.now();
  showOverview(frame);
  showAlarms(frame);
  drawMap(frame);
  showLinks(frame);
  showRegions(frame);
  showNodes(frame);
  showIncidents(frame);
  showEvents(frame);
  showCharts(frame);
  showDrill(frame);
}

// Says in words whether what is shown is of now.
function watch(stream) {
  const age = performance.now() - lastAt;
  const isLive = last !== null && age < staleAfter && stream.readyState === EventSource.OPEN;
  setClass(byId("live"), `live ${isLive ? "on" : "off"}`);
  setText(byId("live-text"), isLive ? "Live" : last === null ? "Connecting" : "Not live");
  const notice = byId("connection");
  notice.hidden = isLive || (last === null && age < staleAfter);
  if (!notice.hidden) {
    setText(notice, last === null ? "No report has come yet." : `No news for ${seconds(Math.floor(age / 5000) * 5)}. What is shown is old; the page tries to connect again by itself.`);
  }
}

function connect() {
  const stream = new EventSource("/ops/events");
  stream.addEventListener("message", (event) => show(JSON.parse(event.data)));
  stream.addEventListener("open", () => loadHistory());
  stream.addEventListener("error", async () => {
    // A stream that was refused is closed for good by the browser: see whether the login is over, and try again later.
    if (stream.readyState === EventSource.CLOSED) {
      clearInterval(watching);
      watch(stream);
      const answer = await fetch("/ops/history", { method: "GET" }).catch(() => null);
      if (answer?.status === 401) {
        location.reload();
      } else {
        setTimeout(connect, 3000 + Math.random() * 4000);
      }
    }
  });
  const watching = setInterval(() => watch(stream), 1000);
}

new ResizeObserver(() => last && drawMap(last)).observe(byId("map"));
loadDrills();
connect();
