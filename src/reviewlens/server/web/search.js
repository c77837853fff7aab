// The search page: the state in the address, and which question follows from it.
import { openPage } from "/static/shared/shell.js";
import { FILTERS, filterBar } from "/static/shared/filters.js";
import { h } from "/static/shared/dom.js";
import { onState, readState, writeState } from "/static/shared/state.js";
import { searchBox } from "/static/search/box.js";
import { listenToKeys } from "/static/search/keys.js";
import { resultsOf } from "/static/search/results.js";

const STATE = {
  q: "",
  way: "reviews",
  mode: "",
  polarity: "",
  similar: "",
  any: false,
  n: 20,
  order: "-time",
  ...FILTERS,
};

openPage("search", async (main) => {
  let state = readState(STATE);
  const box = searchBox(state, go);
  const filters = filterBar(state, (chosen) => go({ ...chosen, n: STATE.n }));
  const results = resultsOf(go, () => filters.facets);
  main.append(
    h("h1.hidden-text", {}, "Search"),
    box.element,
    h("div.columns", {}, h("aside.side", { "aria-label": "Filters" }, filters), results.element),
  );
  filters.addEventListener("facets", () => results.name());
  listenToKeys({ box, results, go: (changes) => go(changes) });
  onState(() => {
    state = readState(STATE);
    show();
  });
  if (!state.q && !state.similar && matchMedia("(hover: hover)").matches) box.focus();
  show();

  /**
   * Go to another state and show it.
   * @param {object} changes of the state
   * @param {{typing?: boolean, focus?: number}} options whether the reader is still typing: the
   *   address is then changed without a step in the history, and what takes longer waits; which
   *   review of the list to go to, as when there are more of them
   */
  function go(changes, { typing = false, focus } = {}) {
    const before = state;
    state = { ...state, ...box.waiting(), ...changes };
    const kind = (of) => `${Boolean(of.q)} ${of.similar} ${of.way}`;
    writeState(state, { replace: (typing && kind(before) === kind(state)) || focus !== undefined });
    show({ typing, focus });
  }

  function show({ typing = false, focus } = {}) {
    box.update(state, { typing });
    filters.update(state);
    results.show(state, { typing, focus });
    document.title = `${titleOf(state)} · reviewlens`;
  }
});

function titleOf({ q, similar }) {
  if (similar) return `Like ${similar}`;
  return q ? `${q} – Search` : "Search";
}
