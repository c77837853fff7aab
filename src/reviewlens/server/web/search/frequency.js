// How often something is said: all reviews are counted, not the nearest few.
import { get } from "/static/shared/api.js";
import { h, replace } from "/static/shared/dom.js";
import { count, counted, date, sparkline, stars } from "/static/shared/figures.js";
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
  const groups = (name) => found.groups.filter(({ by }) => by === name);
  const months = groups("month");
  const named = (name) => groups(name).filter(({ value }) => value);
  return [
    h(
      "div.row",
      {},
      h("p.figure", {}, h("strong", {}, sentence(found))),
      months.length > 2
        ? sparkline(filled(months), {
            label: `Reviews by month, estimated, ${date(months[0].value)} to ${date(months[months.length - 1].value)}; most: ${busiest(months)}`,
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
        table(named("product"), "Product", String),
        table(named("stars"), "Stars", String),
      ),
    ),
  ];
}

function sentence({ answered, estimate, of, literal }) {
  if (!answered)
    return `By the count over all reviews, nobody says this; should one have been missed, at most ${count(Math.round(estimate.high))} do.`;
  const words = literal
    ? `; ${counted(literal, "review has", "reviews have")} all its words in one statement`
    : "";
  return `${range(estimate)} of ${counted(of, "review")} say this${words}`;
}

/** Return a number of reviews in words: as a figure where its interval is no wider than it. */
function range({ value, low, high }) {
  const [middle, least, most] = [value, low, high].map(Math.round);
  if (least === most) return count(middle);
  if (most - least <= Math.max(2, middle) && 2 * least >= Math.min(middle, most - 2))
    return `About ${count(middle)} (${count(least)} to ${count(most)})`;
  return least ? `At least ${count(least)} and at most ${count(most)}` : `At most ${count(most)}`;
}

function details({ answered, for: praise, against, notes }) {
  return [
    answered
      ? h(
          "p",
          {},
          `Praise: ${range(praise).toLowerCase()}. Complaint: ${range(against).toLowerCase()}. The ranges hold the true number 95 times of 100: each review that may say this counts by how surely it does, and how far such sums are off was measured.`,
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
          h("th.number", { scope: "col" }, "Estimated"),
          h("th.number", { scope: "col" }, "With its words"),
        ),
      ),
      h(
        "tbody",
        {},
        groups.map(({ value, reviews, literal }) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, h("bdi", {}, name(value))),
            h("td.number", {}, count(Math.round(reviews))),
            h("td.number", {}, count(literal)),
          ),
        ),
      ),
    ),
  );
}

function busiest(months) {
  const most = months.reduce((best, one) => (one.reviews > best.reviews ? one : best));
  return `about ${counted(Math.round(most.reviews), "review")} in ${date(most.value)}`;
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
