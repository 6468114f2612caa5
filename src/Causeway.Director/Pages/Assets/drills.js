// Drills, where this director can start them.
import { act, ask } from "./actions.js";
import { byId, h, keyed, setText } from "./dom.js";
import { percent } from "./format.js";

export async function loadDrills() {
  if (!byId("drills")) {
    return;
  }
  byId("nav-drills").hidden = false;
  const answer = await fetch("/ops/drills");
  const offers = answer.ok ? await answer.json() : [];
  keyed(byId("drill-list"), offers, (offer) => offer.name, (offer) => h("li", {}, h("span", {}, h("strong", {}, offer.name), h("span", { class: "muted" }, ` ${offer.description}`)),
    h("button", {
      type: "button", class: "small-button drill-start", "aria-label": `Start drill ${offer.name}`,
      onclick: () => ask({
        title: `Start drill ${offer.name}?`,
        text: `${offer.description.replace(/[.]$/, "")}. It breaks this deployment on purpose.`,
        button: "Start the drill",
        run: () => act("start-drill", { name: offer.name }),
        done: `Drill ${offer.name} is started`,
      }),
    }, "Start")), () => {});
  byId("drill-stop").addEventListener("click", () => ask({
    title: "Stop the drill?",
    text: "What it broke is put back.",
    button: "Stop the drill",
    run: () => act("stop-drill"),
    done: "The drill is stopped",
  }));
}

export function showDrill(frame) {
  if (!byId("drills")) {
    return;
  }
  const state = frame.drill;
  byId("drill-state").hidden = !state;
  for (const button of document.querySelectorAll(".drill-start")) {
    button.disabled = Boolean(state?.is_running);
  }
  if (state) {
    setText(byId("drill-name"), `${state.name}, ${state.is_running ? percent(state.progress) : "ended"}`);
    setText(byId("drill-step"), state.step);
    byId("drill-progress").value = state.progress;
    byId("drill-stop").hidden = !state.is_running;
    byId("drill-report").hidden = !state.has_report;
    byId("drill-counts").hidden = state.held + state.failed === 0;
    setText(byId("drill-counts"), `${state.held} expectations held, ${state.failed} failed`);
  }
}
