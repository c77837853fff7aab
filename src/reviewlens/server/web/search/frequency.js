// How often something is said: all reviews are counted, not the nearest few.
import { get } from "/static/shared/api.js";
import { h, replace } from "/static/shared/dom.js";
import { count, counted, date, share, sparkline, stars } from "/static/shared/figures.js";
import { filtersOf } from "/static/shared/filters.js";

const PAUSE_MILLISECONDS = 900;

/**
 * Return what shows how often a query's text is said.
 * @param {object} state of the page
 * @param {{typing: boolean, signal: AbortSignal}} options
 * @returns {{element: Element, start: function(): void}} `start` counts: soon, or when typing
 *   paused for longer
 */
export function frequency(state, { typing, signal }) {
  const element = h("section.often", { "aria-label": "How often this is said", hidden: true });

  async function start() {
    element.hidden = false;
    replace(element, h("p.muted.busy", {}, "Counting how often this is said"));
    await new Promise((done) => setTimeout(done, typing ? PAUSE_MILLISECONDS : 0));
    if (signal.aborted) return;
    try {
      const found = await get("/count_matches", { q: state.q, ...filtersOf(state) }, { signal });
      replace(element, told(found));
    } catch (error) {
      if (!signal.aborted)
        replace(
          element,
          h("p.muted", {}, `How often this is said could not be counted: ${error.message}`),
        );
    }
  }

  return { element, start };
}

function told(found) {
  if (!found.answered) return h("p", {}, "By the count over all reviews, nobody says this.");
  const months = found.groups.filter(({ by }) => by === "month");
  const products = found.groups.filter(({ by, value }) => by === "product" && value);
  return [
    h(
      "div.row",
      {},
      h("p.figure", {}, h("strong", {}, sentence(found))),
      months.length > 2
        ? sparkline(filled(months), {
            label: `Reviews counted by month, ${date(months[0].value)} to ${date(months[months.length - 1].value)}; most: ${busiest(months)}`,
            width: 140,
            height: 28,
          })
        : null,
      found.stars
        ? h(
            "span.row",
            {},
            stars(found.stars.value, { number: true }),
            h("span.muted.small", {}, "on average"),
          )
        : null,
    ),
    h(
      "details.small",
      {},
      h("summary", {}, "How this was counted"),
      h(
        "div.stack",
        {},
        details(found),
        table(months, "Month", date),
        table(products, "Product", String),
      ),
    ),
  ];
}

function sentence({ estimated, share: part, of, reviews, complete }) {
  if (!estimated)
    return `${complete ? "" : "At least "}${count(reviews)} of ${counted(of, "review")} say this`;
  const { value, low, high } = estimated;
  const whole = Math.round(value) === 0 ? "Hardly any" : `About ${count(Math.round(value))}`;
  return `${whole} of ${counted(of, "review")} say this: between ${count(Math.round(low))} and ${count(Math.round(high))} (${share(part.low)} to ${share(part.high)})`;
}

function details({
  reviews,
  of,
  min_similarity: least,
  found_share: found,
  false_share: wrong,
  complete,
  notes,
  estimated,
}) {
  return [
    h(
      "p",
      {},
      `${complete ? "" : "At least "}${counted(reviews, "review")} of ${count(of)} ${reviews === 1 ? "is" : "are"} as near as ${least.toFixed(2)}.`,
    ),
    estimated && found !== null
      ? h(
          "p",
          {},
          `Such a count finds ${share(found)} of what is said, and takes ${share(wrong)} of reviews that say something else for it; the estimate allows for both, its range by 95 of 100.`,
        )
      : null,
    notes.map((note) => h("p", {}, note)),
  ];
}

function table(groups, head, name) {
  if (!groups.length) return null;
  return h(
    "div.scroll",
    {},
    h(
      "table.data",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col" }, head),
          h("th.number", { scope: "col" }, "Counted"),
          h("th", { scope: "col" }, "Stars"),
        ),
      ),
      h(
        "tbody",
        {},
        groups.map(({ value, reviews, stars: mean }) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, h("bdi", {}, name(value))),
            h("td.number", {}, count(reviews)),
            h("td", {}, stars(mean)),
          ),
        ),
      ),
    ),
  );
}

function busiest(months) {
  const most = months.reduce((best, one) => (one.reviews > best.reviews ? one : best));
  return `${counted(most.reviews, "review")} in ${date(most.value)}`;
}

/** Return the count of every month from the first to the last, those without reviews included. */
function filled(months) {
  const known = new Map(months.map(({ value, reviews }) => [value, reviews]));
  const place = (month) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
  const [first, last] = [place(months[0].value), place(months[months.length - 1].value)];
  return Array.from({ length: last - first + 1 }, (_, at) => {
    const month = first + at;
    return known.get(`${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`) ?? 0;
  });
}
