// The tables of regions and nodes, with what can be done to them.
import { act, ask } from "./actions.js";
import { byId, h, keyed, meter, row, setPill, setText } from "./dom.js";
import { bytes, count, limitLevel, milliseconds, percent, seconds, words } from "./format.js";
import { healthLevel } from "./topology.js";

const mebi = 1024 * 1024;
const levelOfHeadroom = (headroom) => (headroom < 0.1 ? "bad" : headroom < 0.2 ? "part" : headroom < 0.3 ? "warn" : "ok");

function askDrain(region, frame) {
  const room = frame.regions.filter((other) => other.name !== region.name && !other.is_draining).reduce((sum, other) => sum + other.room, 0);
  ask({
    title: `Drain region ${region.name}?`,
    text: `Its ${count(region.clients)} clients are sent to other regions at a bounded rate, and it gets no new ones. The other regions have room for ${count(room)}.`
      + (room < region.clients ? " That is not enough for all: those that find no room are told to come back later." : ""),
    button: "Drain the region",
    run: () => act("drain-region", { region: region.name }),
    done: `Region ${region.name} is being drained`,
  });
}

function askUndrain(region) {
  ask({
    title: `Let region ${region.name} take clients again?`,
    text: "It gets new clients at once; those that prefer it come back at a bounded rate.",
    button: "End the drain",
    danger: false,
    run: () => act("undrain-region", { region: region.name }),
    done: `Region ${region.name} takes clients again`,
  });
}

export function showRegions(frame) {
  keyed(byId("region-rows"), frame.regions, (region) => region.name, () => {
    const element = row([["name", "th"], ["health"], ["clients", "num"], ["room", "num"], ["headroom"], ["nodes", "num"], ["subscriptions", "num"], ["exported", "num"], ["held", "num"], ["actions", "actions"]]);
    const pill = h("span");
    const reasons = h("span", { class: "reasons" });
    element.cells_.health.append(pill, reasons);
    const bar = meter("Headroom");
    element.cells_.headroom.append(bar);
    const button = h("button", { type: "button", class: "small-button", onclick: () => (element.region.is_draining ? askUndrain(element.region) : askDrain(element.region, element.frame)) });
    element.cells_.actions.append(button);
    Object.assign(element, { pill, reasons, bar, button });
    return element;
  }, (element, region) => {
    Object.assign(element, { region, frame });
    const cell = element.cells_;
    setText(cell.name, region.name);
    setPill(element.pill, region.is_draining ? "warn" : healthLevel[region.health], region.is_draining ? `${region.health}, draining` : region.health);
    setText(element.reasons, region.reasons.join("; "));
    setText(cell.clients, count(region.clients));
    setText(cell.room, count(region.room));
    element.bar.show(region.headroom, percent(region.headroom), levelOfHeadroom(region.headroom));
    setText(cell.nodes, `${region.ready_nodes} / ${region.nodes}`);
    setText(cell.subscriptions, count(region.subscriptions));
    setText(cell.exported, count(region.exported_entries));
    setText(cell.held, count(region.held_entries));
    setText(element.button, region.is_draining ? "End drain" : "Drain");
    element.button.setAttribute("aria-label", `${region.is_draining ? "End the drain of" : "Drain"} region ${region.name}`);
  });
}

function askNodeDrain(node) {
  ask({
    title: `Drain node ${node.key}?`,
    text: `It leaves: its ${count(node.clients)} clients are told to go elsewhere and closed one by one, then the process ends. It does not come back by itself.`,
    button: "Drain the node",
    run: () => act("drain-node", { region: node.region, node: node.name }),
    done: `Node ${node.key} is being drained`,
  });
}

function askLimit(node) {
  const most = node.process_limit_bytes > 0 ? ` The process may hold ${bytes(node.process_limit_bytes)}.` : "";
  ask({
    title: `Memory budget of ${node.key}`,
    text: `It is ${bytes(node.limit)} now, of which ${bytes(node.used)} are used.${most} The change takes effect at once and lasts until the node restarts.`,
    button: "Set the budget",
    danger: false,
    field: {
      label: "New budget in MiB",
      hint: "A whole number.",
      value: String(Math.round(node.limit / mebi)),
      read: (text) => (/^\d{1,9}$/.test(text.trim()) && Number(text) > 0 ? Number(text) * mebi : new Error(`“${text}” is not a whole number of MiB above 0.`)),
    },
    run: (value) => act("memory-limit", { region: node.region, node: node.name, bytes: value }),
    done: `The memory budget of ${node.key} is changed`,
  });
}

function makeNode() {
  const element = row([["name", "th"], ["state"], ["memory"], ["clients", "num"], ["subscriptions", "num"], ["rates", "num"], ["exported", "num"], ["held", "num"], ["delays", "num"], ["actions", "actions"]]);
  const names = [h("span"), h("span", { class: "reasons" })];
  element.cells_.name.append(...names);
  const pill = h("span");
  const reasons = h("span", { class: "reasons" });
  element.cells_.state.append(pill, reasons);
  const bar = meter("Memory");
  const growth = h("span", { class: "reasons" });
  element.cells_.memory.append(bar, growth);
  const drain = h("button", { type: "button", class: "small-button", onclick: () => askNodeDrain(element.node) }, "Drain");
  const limit = h("button", { type: "button", class: "small-button", onclick: () => askLimit(element.node) }, "Budget");
  element.cells_.actions.append(h("span", { class: "button-pair" }, limit, drain));
  return Object.assign(element, { names, pill, reasons, bar, growth, drain, limit });
}

function stateOf(node) {
  return node.is_lost ? ["bad", "lost"] : node.state === "draining" ? ["warn", "draining"] : node.is_ready ? ["ok", "ready"] : ["part", "not ready"];
}

export function showNodes(frame) {
  keyed(byId("node-rows"), frame.nodes, (node) => node.key, makeNode, (element, node) => {
    element.node = node;
    const cell = element.cells_;
    setText(element.names[0], node.name);
    setText(element.names[1], node.region);
    cell.name.title = `${node.client_address}, version ${node.version}`;
    setPill(element.pill, ...stateOf(node));
    setText(element.reasons, node.is_lost ? `silent since ${node.reported_at.slice(11, 19)}` : node.reasons.join("; "));
    const share = node.used / Math.max(1, node.limit);
    element.bar.show(share, `${bytes(node.used)} of ${bytes(node.limit)}`, limitLevel(share));
    const growth = node.seconds_to_exhaustion !== null && node.seconds_to_exhaustion < 3600 ? `full in ${seconds(node.seconds_to_exhaustion)} at +${bytes(node.growth)}/s` : "";
    // A governor that is calm does nothing.
    setText(element.growth, [node.step === "calm" ? "" : `governor: ${words(node.step)}`, growth].filter((text) => text !== "").join("; "));
    setText(cell.clients, count(node.clients));
    setText(cell.subscriptions, count(node.subscriptions));
    setText(cell.rates, `${count(node.in_per_second)} / ${count(node.out_per_second)}`);
    setText(cell.exported, `${count(node.exported_to_region)} / ${count(node.exported_to_remotes)}`);
    setText(cell.held, count(node.remote_entries));
    setText(cell.delays, `${milliseconds(node.loop_delay_milliseconds)} / ${node.bus_round_trip_milliseconds < 0 ? "fails" : milliseconds(node.bus_round_trip_milliseconds)}`);
    element.drain.disabled = element.limit.disabled = node.is_lost;
    element.drain.setAttribute("aria-label", `Drain node ${node.key}`);
    element.limit.setAttribute("aria-label", `Change the memory budget of node ${node.key}`);
  });
  byId("nodes-omitted").hidden = frame.nodes_omitted === 0;
  setText(byId("nodes-omitted"), `${count(frame.nodes_omitted)} more nodes, with more room in their memory, are not shown.`);
}
