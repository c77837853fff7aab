// What is saved as files: reviews, the period's report, lists.
import { openPage } from "/static/shared/shell.js";
import { FILTERS, filterBar, filtersOf } from "/static/shared/filters.js";
import { onState, readState, writeState } from "/static/shared/state.js";
import { h, replace } from "/static/shared/dom.js";
import { lists } from "/static/export/lists.js";
import { reportPart } from "/static/export/report.js";
import { reviewsPart } from "/static/export/reviews.js";

const DEFAULTS = { ...FILTERS, period: "month", of: "" };

openPage("export", async (main) => {
  let state = readState(DEFAULTS);
  const reviews = reviewsPart();
  const report = reportPart(state, (some) => {
    state = { ...state, ...some };
    writeState(state, { replace: true });
  });
  const bar = filterBar(state, (filters) => {
    state = { ...state, ...filters };
    writeState(state, { replace: true });
    show();
  });
  bar.addEventListener("facets", show);

  function show() {
    const { facets } = bar;
    reviews.show(filtersOf(state), facets);
    report.show(state, facets);
  }

  show();
  replace(main, h("h1", {}, "Export"), h("div.columns", {}, bar, h("div.parts", {}, reviews.element, report.element, lists(() => filtersOf(state)))));
  onState(() => {
    state = readState(DEFAULTS);
    bar.update(state);
    show();
  });
});
