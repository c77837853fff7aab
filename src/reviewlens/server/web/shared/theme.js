// Loaded in the head, before anything is drawn, so that no page flashes in the wrong colours.
// `data-theme` on <html> is "light" or "dark": the reader's choice, else what the system prefers.
// Whenever it is set, the window gets the event `theme`.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");

  function stored() {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null; // storage is switched off: the system decides
    }
  }

  function apply(chosen) {
    const theme = chosen ?? stored() ?? (system.matches ? "dark" : "light");
    document.documentElement.dataset.theme = theme === "dark" ? "dark" : "light";
    dispatchEvent(new CustomEvent("theme"));
  }

  apply();
  system.addEventListener("change", () => apply());
  addEventListener("storage", () => apply());
  addEventListener("theme-chosen", (event) => apply(event.detail));
})();
