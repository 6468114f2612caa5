// Keeps the public page up to date: fetches it again and puts the new content in, if anything but the time has changed.
const main = document.getElementById("main");
const announce = document.getElementById("announce");
const period = 10_000;
let waiting = 0;

const withoutTimes = (element) => {
  const copy = element.cloneNode(true);
  copy.querySelectorAll(".hero time").forEach((time) => time.replaceChildren());
  return copy.innerHTML;
};

async function refresh() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(period) });
    waiting = answer.ok ? 0 : waiting + 1;
    if (!answer.ok) {
      return;
    }
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
    if (!next) {
      return;
    }
    const [time, nextTime] = [main.querySelector(".hero time"), next.querySelector(".hero time")];
    if (withoutTimes(main) === withoutTimes(next)) {
      if (time && nextTime) {
        time.replaceWith(nextTime);
      }
      return;
    }
    const before = main.querySelector("h1")?.textContent;
    const focused = main.contains(document.activeElement) ? document.activeElement.id : "";
    main.replaceChildren(...next.childNodes);
    if (focused) {
      document.getElementById(focused)?.focus({ preventScroll: true });
    }
    const after = main.querySelector("h1")?.textContent;
    if (after !== before) {
      document.title = `${after} – Causeway Status`;
      announce.textContent = after;
    }
  } catch {
    waiting += 1;
  }
}

// After failures it asks less often, so that a page that many have open does not press a server that comes back.
async function loop() {
  if (document.visibilityState === "visible") {
    await refresh();
  }
  setTimeout(loop, period * Math.min(6, 1 + waiting) * (0.9 + Math.random() * 0.2));
}

setTimeout(loop, period);
