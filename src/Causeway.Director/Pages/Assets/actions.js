// What an operator does: a question first, then a request that carries the login's own token.
import { byId, setText } from "./dom.js";

const csrf = document.querySelector("meta[name=csrf]").content;

export async function act(action, fields = {}) {
  try {
    const answer = await fetch(`/ops/actions/${action}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Causeway-Csrf": csrf },
      body: JSON.stringify(fields),
      signal: AbortSignal.timeout(20_000),
    });
    if (answer.status === 401) {
      location.reload();
    }
    const body = await answer.json();
    return body.problem ?? "";
  } catch {
    return "the director does not answer";
  }
}

export function say(text) {
  setText(byId("announce"), text);
}

// Asks, and does it if the answer is yes. The dialog stays open with the problem if it can't be done.
export function ask({ title, text, button, danger = true, field, run, done }) {
  const dialog = byId("confirm");
  const form = dialog.querySelector("form");
  const [doIt, cancel, problem, input] = [byId("confirm-do"), byId("confirm-cancel"), byId("confirm-problem"), byId("confirm-input")];
  setText(byId("confirm-title"), title);
  setText(byId("confirm-text"), text);
  setText(doIt, button);
  doIt.className = danger ? "danger" : "primary";
  problem.hidden = true;
  byId("confirm-field").hidden = !field;
  if (field) {
    setText(byId("confirm-field").querySelector("label"), field.label);
    setText(byId("confirm-hint"), field.hint);
    input.value = field.value;
  }
  const opener = document.activeElement;
  const fail = (text) => {
    problem.hidden = false;
    setText(problem, text);
  };
  form.onsubmit = async (event) => {
    event.preventDefault();
    const value = field ? field.read(input.value) : undefined;
    if (value instanceof Error) {
      fail(value.message);
      input.focus();
      return;
    }
    doIt.disabled = true;
    const trouble = await run(value);
    doIt.disabled = false;
    if (trouble) {
      fail(trouble);
    } else {
      dialog.close();
      say(done);
    }
  };
  cancel.onclick = () => dialog.close();
  dialog.onclose = () => {
    if (opener?.isConnected) {
      opener.focus();
    }
  };
  dialog.showModal();
  (field ? input : cancel).focus();
}
