// The period's report: chosen, looked at, opened or saved.
import { address, long } from "/static/shared/api.js";
import { h, replace } from "/static/shared/dom.js";
import { announce } from "/static/shared/dialogs.js";
import { filtersOf } from "/static/shared/filters.js";
import { saveFrom } from "/static/shared/export.js";
import { counted, date, share, stars } from "/static/shared/figures.js";
import { progress } from "/static/shared/progress.js";
import { reviewCard } from "/static/shared/reviews.js";
import { periodsOf } from "/static/export/periods.js";

const PERIODS = { month: "Month", quarter: "Quarter", year: "Year", week: "Week", day: "Day" };
const LATEST = "the latest with reviews";
const EXAMPLES = { week: "2026-W40", day: "2026-10-05" };

/**
 * Return the part with the report; `show(state, facets)` tells it of which reviews.
 * @param {object} first the page's state
 * @param {function(object)} onChange told `{period, of}`
 */
export function reportPart(first, onChange) {
  let state = first;
  let facets = null;
  let made = "";
  const which = h("label", {});
  const hint = h("p.muted", {});
  const body = h("div.stack", {});
  const kind = h("select", { onchange: () => choose({ period: kind.value, of: "" }) },
    Object.entries(PERIODS).map(([value, label]) => h("option", { value }, label)));
  const button = h("button.primary", { type: "submit" }, "Make the report");
  const form = h("form.row", { "aria-label": "Report", onsubmit: make }, h("label", {}, "Period ", kind), which, button);

  function choose(some) {
    state = { ...state, ...some };
    onChange(some);
    draw();
  }

  function show(next, counts) {
    state = next;
    facets = counts;
    // A report of other reviews than those the filters leave now does not stay.
    if (made && made !== asked()) replace(body);
    draw();
  }

  function asked() {
    return JSON.stringify([state.period, state.of, filtersOf(state)]);
  }

  function draw() {
    kind.value = state.period;
    form.hidden = Boolean(facets) && !facets.last;
    hint.textContent = form.hidden ? "These reviews have no dates, so that no period has a report."
      : `What reviews of one period say, against the period before: one page for a meeting.${reach(facets)}`;
    if (which.contains(document.activeElement)) return;
    const take = (event) => choose({ of: event.target.value.trim() });
    replace(which, "Which one ", EXAMPLES[state.period]
      ? h("input", { type: "text", value: state.of, placeholder: `${EXAMPLES[state.period]}, or empty: ${LATEST}`, size: 32, onchange: take })
      : h("select", { onchange: take }, h("option", { value: "" }, LATEST), periodsOf(facets, state.period, state.of).map(({ name, reviews }) =>
        h("option", { value: name, selected: name === state.of }, `${name} (${counted(reviews, "review")})`))));
  }

  async function make(event) {
    event.preventDefault();
    made = asked();
    const parameters = { period: state.period, of: state.of, ...filtersOf(state) };
    const shown = progress();
    button.disabled = true;
    replace(body, shown.element);
    try {
      const report = await long("/report", { ...parameters, format: "json", wait: 1 }, { onProgress: shown.show });
      replace(body, preview(report, { ...parameters, of: report.name }));
      announce(`The report of ${report.name} is there.`);
    } catch (error) {
      replace(body, error.kind === "Cancelled" ? h("p", { role: "status" }, "Cancelled.") : h("p.error", { role: "alert" }, error.message));
    } finally {
      shown.done();
      button.disabled = false;
    }
  }

  return { element: h("section", { "aria-labelledby": "report" }, h("h2", { id: "report" }, "The period's report"), hint, form, body), show };
}

function reach(facets) {
  return facets?.last ? ` Reviews reach from ${date(facets.first)} to ${date(facets.last)}.` : "";
}

function preview(report, asked) {
  const of = (format) => address("/report", { ...asked, format });
  const failed = h("p", { role: "alert" });
  const save = (format, label) => h("button", {
    type: "button",
    onclick: async () => {
      replace(failed);
      await saveFrom(of(format), `report.${format}`).catch((error) => replace(failed, error.message));
    },
  }, `Save as ${label}`);
  return [
    h("h3", { tabindex: -1 }, `Report of ${report.name}, ${date(report.first)} to ${date(report.last)}`),
    h("div.row", {},
      h("a.button.primary", { href: of("html"), target: "_blank", rel: "noopener" }, "Open the report", h("span.hidden-text", {}, " in a new tab")),
      save("html", "HTML"), save("xlsx", "XLSX"), save("md", "Markdown")), failed,
    h("p", {}, `${counted(report.reviews, "review")} (${counted(report.reviews_before, "review")} in ${report.name_before})`,
      report.stars ? [", ", stars(report.stars.value, { number: true })] : ", no stars", "."),
    h("h4", {}, "Main points"),
    report.claims.length ? h("ol.claims", {}, report.claims.map(claim)) : h("p.muted", {}, "There are none."),
    report.themes.length ? [h("h4", {}, "Themes"), themeTable(report)] : null,
    report.notes.length ? [h("h4", {}, "Notes"), h("ul", {}, report.notes.map((note) => h("li", {}, note)))] : null,
  ];
}

function claim({ text, quotes }) {
  return h("li", {}, h("p", { dir: "auto" }, text), quotes.length ? h("details", {},
    h("summary", {}, `${counted(quotes.length, "review")}: `, h("span.mono.small", {}, quotes.map((quote) => quote.review_id).join(", "))),
    h("ul.reviews", {}, quotes.map((quote) => h("li", {}, reviewCard(quote))))) : null);
}

function themeTable(report) {
  const theme = (one) => h("tr", {},
    h("th", { scope: "row" }, report.themes_saved
      ? h("a", { href: `/themes?theme=${one.cluster}`, dir: "auto" }, one.label) : h("span", { dir: "auto" }, one.label)),
    h("td.number", {}, one.reviews), h("td.number", {}, share(one.share.value)),
    h("td.number", {}, share(one.share_before?.value)),
    h("td.number", {}, one.significant ? "changed" : "may be chance"),
    h("td.number", {}, one.stars ? one.stars.value.toFixed(1) : "–"));
  return h("div.scroll", { tabindex: 0, role: "region", "aria-label": "Themes of the period" }, h("table.data", {},
    h("thead", {}, h("tr", {}, ["Theme", "Reviews", "Share", "Before", "Change", "Stars"].map((head, place) =>
      h(place ? "th.number" : "th", { scope: "col" }, head)))),
    h("tbody", {}, report.themes.map(theme))));
}
