// Reviews by month, as bars that choose a month.
import { h } from "/static/shared/dom.js";
import { count, counted, date } from "/static/shared/figures.js";

const MOST = 60;

/**
 * Return the reviews by month; null without dates.
 * @param {object} facets as `/facets` tells
 * @param {function(object): void} go takes changes of the state
 */
export function monthChart({ months }, go) {
  const dated = filled(months.filter(({ value }) => value !== "")).slice(-MOST);
  if (dated.length < 2) return null;
  const most = Math.max(...dated.map(({ many }) => many));
  const bars = dated.map(({ month, many }) =>
    h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          title: `${date(month)}: ${counted(many, "review")}`,
          "aria-label": `${date(month)}: ${counted(many, "review")}; show this month`,
          onclick: () => go({ since: month, until: month }),
        },
        h("span", { style: { height: `${(many / most) * 100}%` } }),
      ),
    ),
  );
  return h(
    "section.card.stack",
    { "aria-labelledby": "by-month" },
    h(
      "div.row",
      {},
      h("h2", { id: "by-month" }, "Reviews by month"),
      h("span.muted.small", {}, `most: ${count(most)}`),
    ),
    h("ol.months", { role: "list" }, bars),
    h(
      "div.row.small.muted",
      {},
      h("span", {}, date(dated[0].month)),
      h("span.push", {}, date(dated[dated.length - 1].month)),
    ),
  );
}

/** Return every month from the first to the last, those without reviews included. */
function filled(months) {
  if (!months.length) return [];
  const known = new Map(months.map(({ value, count: many }) => [value, many]));
  const place = (month) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
  const [first, last] = [place(months[0].value), place(months[months.length - 1].value)];
  return Array.from({ length: last - first + 1 }, (_, at) => {
    const number = first + at;
    const month = `${String(Math.floor(number / 12)).padStart(4, "0")}-${String((number % 12) + 1).padStart(2, "0")}`;
    return { month, many: known.get(month) ?? 0 };
  });
}
