// Reviews that are unlike the rest, copied reviews, and stars that contradict the text.
import { h, replace } from "/static/shared/dom.js";
import { FILTERS, filterBar } from "/static/shared/filters.js";
import { openPage } from "/static/shared/shell.js";
import { addressOf, onState, readState, writeState } from "/static/shared/state.js";
import { showAnomalies } from "/static/anomalies/anomalies.js";
import { showContradictions } from "/static/anomalies/contradictions.js";
import { showCopies } from "/static/anomalies/copies.js";

const TABS = [
  ["unlike", "Unlike the rest", showAnomalies],
  ["copies", "Copied reviews", showCopies],
  ["stars", "Stars against text", showContradictions],
];

/** The page's state; `kinds` of anomalies, `of`, `order`, `near` and `meaning` of copies, `says` of stars. */
const STATE = {
  ...FILTERS, tab: "unlike", kinds: [], of: "", order: "", near: 0.8, meaning: 0.95, says: "",
};

openPage("anomalies", (main) => {
  let state = readState(STATE);
  let running = new AbortController();
  const filters = filterBar(state, change);
  const tabs = h("nav.tabs", { "aria-label": "Kinds of anomalies" });
  const place = h("div.stack.anomalies");
  main.append(h("h1", {}, "Anomalies"), tabs,
    h("div.columns", {}, h("div.side", {}, filters), place));
  onState(() => {
    state = readState(STATE);
    filters.update(state);
    draw();
  });

  /** Change some of the state, put it into the address, and ask anew unless `quiet`. */
  function change(some, { quiet = false } = {}) {
    state = { ...state, ...some };
    writeState(state);
    if (!quiet) draw();
  }

  function draw() {
    running.abort();
    running = new AbortController();
    const [current, , show] = TABS.find(([name]) => name === state.tab) ?? TABS[0];
    replace(tabs, TABS.map(([name, label]) => h("a", {
      href: addressOf({ ...state, tab: name }),
      "aria-current": name === current ? "page" : null,
      onclick: (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        change({ tab: name });
        tabs.querySelector("[aria-current]").focus();
      },
    }, label)));
    show(place, {
      state: () => state, change, again: draw, signal: running.signal,
      /** Tell whether a theme is saved, so that it has a page. */
      saved: (theme) => Boolean(filters.facets?.themes?.some(({ value }) => String(value) === String(theme))),
    });
  }

  draw();
});
