// Alarms that are open, and their announcement to those who hear the page.
import { byId, h, icon, keyed, setText } from "./dom.js";
import { moment, seconds, words } from "./format.js";

let known = null;

// The node that raised an alarm stands before the rule in its key; a director's own have none.
function teller(alarm) {
  const node = alarm.key.slice(0, Math.max(0, alarm.key.indexOf(`/${alarm.rule}`)));
  return node === "" || node.endsWith(`/${alarm.subject}`) ? "" : `told by ${node}`;
}

export function showAlarms(frame) {
  const list = byId("alarm-list");
  // An alarm that has become worse is another element.
  keyed(list, frame.alarms, (alarm) => `${alarm.severity} ${alarm.key}`, (alarm) => {
    const level = alarm.severity === "critical" ? "bad" : "warn";
    const [summary, cause, since, details] = [h("p", { class: "alarm-summary" }), h("p", { class: "alarm-cause" }), h("span"), h("dl", { class: "alarm-details" })];
    const element = h("li", { class: `card alarm ${level}` },
      h("p", { class: "alarm-head" }, h("span", { class: `pill ${level}` }, icon(level), alarm.severity), h("strong", {}, words(alarm.rule)), h("span", { class: "muted" }, alarm.subject), h("span", { class: "muted small" }, teller(alarm)), h("span", { class: "muted alarm-since" }, since)),
      summary, cause, details);
    return Object.assign(element, { summary, cause, since, details });
  }, (element, alarm) => {
    setText(element.summary, alarm.summary);
    setText(element.cause, alarm.cause ? `Cause: ${alarm.cause}` : "No cause found yet.");
    setText(element.since, `for ${seconds((new Date(frame.at) - new Date(alarm.opened_at)) / 1000)}`);
    element.since.title = moment(alarm.opened_at);
    const details = Object.entries(alarm.details).filter(([, value]) => value !== "");
    element.details.hidden = details.length === 0;
    keyed(element.details, details, ([name]) => name, ([name]) => h("div", {}, h("dt", {}, words(name)), h("dd")), (pair, [, value]) => setText(pair.lastElementChild, value));
  });
  byId("alarms-none").hidden = frame.alarms.length > 0;
  const total = frame.alarms.length + frame.alarms_omitted;
  setText(byId("alarm-count"), total === 0 ? "" : frame.alarms_omitted > 0 ? `${total} open, the worst ${frame.alarms.length} shown` : `${total} open`);
  document.title = total === 0 ? "Causeway Operations" : `(${total}) Causeway Operations`;
  announce(frame);
}

// Only what is new is said, and at the first frame only how many there are.
function announce(frame) {
  const keys = new Map(frame.alarms.map((alarm) => [alarm.key, alarm]));
  if (known === null) {
    if (keys.size > 0) {
      setText(byId("announce"), `${keys.size} alarms are open`);
    }
  } else {
    const opened = [...keys.values()].filter((alarm) => !known.has(alarm.key));
    const closed = [...known.values()].filter((alarm) => !keys.has(alarm.key));
    const text = [...opened.map((alarm) => `New ${alarm.severity} alarm: ${alarm.summary}`), ...closed.map((alarm) => `Alarm closed: ${alarm.summary}`)];
    if (text.length > 0) {
      setText(byId("announce"), text.slice(0, 3).join(". "));
    }
  }
  known = keys;
}
