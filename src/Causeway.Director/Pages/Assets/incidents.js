// Incidents with their public timeline, the alarms behind them, and an operator's own words.
import { act, ask, say } from "./actions.js";
import { byId, h, keyed, setClass, setPill, setText } from "./dom.js";
import { moment, words } from "./format.js";

const levels = { operational: "ok", degraded_performance: "warn", partial_outage: "part", major_outage: "bad" };
export const stateLevel = (state) => levels[state] ?? "none";

function form(incident) {
  const id = `note-${incident.id}`;
  const text = h("textarea", { id, rows: 3, maxlength: 2000, required: true, "aria-describedby": `${id}-hint` });
  const problem = h("p", { class: "notice bad", role: "alert", hidden: true });
  const button = h("button", { type: "submit", class: "primary" }, "Publish");
  return h("form", {
    class: "annotate",
    onsubmit: async (event) => {
      event.preventDefault();
      button.disabled = true;
      const trouble = await act("annotate", { incident: incident.id, text: text.value });
      button.disabled = false;
      problem.hidden = !trouble;
      setText(problem, trouble);
      if (!trouble) {
        text.value = "";
        say("Published on the status page");
      }
      text.focus();
    },
  }, h("label", { for: id }, "Add to the public timeline"), h("p", { class: "muted small", id: `${id}-hint` }, "Everybody reads this on the status page: name no nodes, addresses or customers."), text, problem, button);
}

function make(incident) {
  const [pill, meta, timeline, evidence, title] = [h("span"), h("p", { class: "muted" }), h("ol", { class: "timeline" }), h("ul", { class: "evidence" }), h("span")];
  const behind = h("details", {}, h("summary", {}, "Alarms behind it (not public)"), evidence);
  const body = [meta, timeline, behind, form(incident)];
  const element = h("article", { class: "card incident" }, h("h3", {}, title, " ", pill), body);
  return Object.assign(element, { pill, meta, timeline, evidence, title, behind });
}

export function showIncidents(frame) {
  keyed(byId("incident-list"), frame.incidents, (incident) => incident.id, make, (element, incident) => {
    setText(element.title, incident.title);
    setClass(element, `card incident ${incident.is_open ? stateLevel(incident.impact) : "over"}`);
    setPill(element.pill, incident.is_open ? stateLevel(incident.impact) : "ok", incident.phase.toLowerCase());
    setText(element.meta, `${moment(incident.detected_at)} – ${incident.recovered_at ? moment(incident.recovered_at) : "ongoing"}`);
    const entries = incident.timeline.map((entry, i) => ({ ...entry, i })).reverse();
    keyed(element.timeline, entries, (entry) => String(entry.i),
      (entry) => h("li", { class: `phase-${entry.phase.toLowerCase()}` }, h("p", { class: "entry-head" }, h("strong", {}, entry.phase), " ", h("span", { class: "muted" }, `${entry.is_by_operator ? "by an operator, " : ""}${moment(entry.at)}`)), h("p", { class: "entry-text" })),
      (item, entry) => setText(item.lastElementChild, entry.text));
    element.behind.hidden = incident.evidence.length === 0;
    keyed(element.evidence, incident.evidence, (each) => each.key, () => h("li"),
      (item, each) => setText(item, `${moment(each.at)}: ${each.summary} Cause: ${each.cause}`));
  });
  byId("incidents-none").hidden = frame.incidents.length > 0;
  showGone(frame);
}

function showGone(frame) {
  const gone = frame.components.filter((component) => component.is_gone);
  byId("gone").hidden = gone.length === 0;
  keyed(byId("gone-list"), gone, (component) => component.id, (component) => h("li", {}, `${component.region}, ${words(component.state)} `,
    h("button", {
      type: "button", class: "small-button",
      onclick: () => ask({
        title: `Take region ${component.region} off the status page?`,
        text: "It no longer reports. Taken off, it does not count as down any more; its past incidents stay.",
        button: "Take it off",
        run: () => act("retire-region", { region: component.region }),
        done: `Region ${component.region} is off the status page`,
      }),
    }, "Take off the page")), () => {});
}

export function showEvents(frame) {
  keyed(byId("event-list"), frame.events, (event) => String(event.sequence),
    (event) => h("li", { class: `event ${event.kind}` }, h("time", { datetime: event.at }, event.at.slice(11, 19)), h("span", { class: "event-kind" }, { note: "note", good: "good", bad: "trouble", operator: "operator" }[event.kind]), h("span", {}, event.text)), () => {});
  byId("events-none").hidden = frame.events.length > 0;
}
