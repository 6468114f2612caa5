// The colour theme: as the system has it, or as chosen here. Runs before the page is drawn, so that it does not flash.
(() => {
  const root = document.documentElement;
  const order = ["system", "light", "dark"];
  const read = () => {
    try {
      const kept = localStorage.getItem("causeway-theme");
      return order.includes(kept) ? kept : "system";
    } catch {
      return "system";
    }
  };
  const apply = (theme) => {
    if (theme === "system") {
      root.removeAttribute("data-theme");
    } else {
      root.setAttribute("data-theme", theme);
    }
  };
  let theme = read();
  apply(theme);
  addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    if (!button) {
      return;
    }
    const label = () => {
      const text = `Colour theme: ${theme === "system" ? "as the system" : theme}`;
      button.setAttribute("aria-label", text);
      button.title = text;
    };
    label();
    button.hidden = false;
    button.addEventListener("click", () => {
      theme = order[(order.indexOf(theme) + 1) % order.length];
      try {
        localStorage.setItem("causeway-theme", theme);
      } catch {
        // Without storage it holds for this page.
      }
      apply(theme);
      label();
    });
  });
})();
