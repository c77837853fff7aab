// Before anything was asked: what there is, and the reviews that the filters leave.
import { get, long } from "/static/shared/api.js";
import { h, replace } from "/static/shared/dom.js";
import { bar, count, counted, date, share, stars } from "/static/shared/figures.js";
import { filtersOf } from "/static/shared/filters.js";
import { exportLinks } from "/static/shared/export.js";
import { hit } from "/static/search/hits.js";
import { monthChart } from "/static/search/months.js";

const STEP = 20;
const MOST = 1000;
const ORDERS = [
  ["-time", "Newest first"],
  ["time", "Oldest first"],
  ["rating", "Fewest stars first"],
  ["-rating", "Most stars first"],
];

/**
 * Show what the filters leave.
 * @returns {Promise<string>} what to announce
 */
export async function showListed({ place, state, signal, go }) {
  const filters = filtersOf(state);
  const [listed, facets] = await Promise.all([
    get("/reviews", { n: state.n, order: state.order, ...filters }, { signal }),
    long("/facets", filters, { signal }),
  ]);
  const order = h(
    "select",
    { onchange: () => go({ order: order.value }) },
    ORDERS.map(([value, text]) => h("option", { value, selected: value === state.order }, text)),
  );
  replace(
    place,
    h("div.overview", {}, starChart(facets), monthChart(facets, go)),
    h(
      "div.row",
      {},
      h("h2", {}, headOf(listed, facets)),
      h("label.row.small", {}, h("span.hidden-text", {}, "Order"), order),
      h("span.push", {}, exportLinks("/export", filters, { label: "these reviews" })),
    ),
    h(
      "ol.reviews",
      { "aria-label": "Reviews" },
      listed.reviews.map((review) => hit(review, { go })),
    ),
    listed.reviews.length < Math.min(listed.total, MOST)
      ? h(
          "div",
          {},
          h(
            "button",
            { type: "button", onclick: () => go({ n: state.n + STEP }, { focus: state.n }) },
            `Show ${STEP} more`,
          ),
        )
      : null,
  );
  return counted(listed.total, "review");
}

function headOf({ total }, facets) {
  return total === facets.total
    ? `All ${counted(total, "review")}`
    : `${counted(total, "review")} under these filters`;
}

function starChart({ stars: found, reviews }) {
  const known = found.filter(({ value }) => value !== "");
  if (!known.length) return null;
  const rows = new Map();
  for (const { value, count: many } of known) {
    const star = Math.round(Number(value));
    rows.set(star, (rows.get(star) ?? 0) + many);
  }
  const all = [...rows.values()].reduce((sum, many) => sum + many, 0);
  const mean =
    known.reduce((sum, { value, count: many }) => sum + Number(value) * many, 0) / (all || 1);
  return h(
    "section.card.stack",
    { "aria-labelledby": "by-stars" },
    h(
      "div.row",
      {},
      h("h2", { id: "by-stars" }, "Stars"),
      all ? stars(mean, { number: true }) : null,
    ),
    h(
      "table.starred",
      {},
      h("caption.hidden-text", {}, "Reviews by stars"),
      h(
        "tbody",
        {},
        [5, 4, 3, 2, 1].map((star) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, stars(star)),
            h("td.wide", {}, bar((rows.get(star) ?? 0) / Math.max(1, ...rows.values()))),
            h("td.number", {}, count(rows.get(star) ?? 0)),
            h("td.number.muted", {}, share((rows.get(star) ?? 0) / (all || 1))),
          ),
        ),
      ),
    ),
    all < reviews
      ? h("p.muted.small", {}, `${counted(reviews - all, "review")} without stars`)
      : null,
  );
}
