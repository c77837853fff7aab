// Which reviews a page is about: stars, dates, product, source, language, theme.
import { get, long } from "/static/shared/api.js";
import { h, replace } from "/static/shared/dom.js";
import { starFilter } from "/static/shared/filters/stars.js";
import { dateFilter } from "/static/shared/filters/dates.js";
import { valueFilter } from "/static/shared/filters/values.js";
import { whereFilter } from "/static/shared/filters/where.js";
import { count, counted } from "/static/shared/figures.js";

/** What filters there are, as the API describes them. */
const DECLARED = await get("/filters");
const FIRST_DATE = DECLARED.find(({ form }) => form === "date");

/** The filters of a page's state as they are when nothing is chosen: `readState({...FILTERS, …})`. */
export const FILTERS = Object.freeze(
  Object.fromEntries(DECLARED.map(({ name, many }) => [name, many ? [] : ""])),
);

/** Return the filters of a state as parameters of a request. */
export function filtersOf(state) {
  return Object.fromEntries(
    Object.keys(FILTERS).map((name) => [name, state[name] ?? FILTERS[name]]),
  );
}

/** Return how many filters of a state are in use. */
export function filtersUsed(state) {
  return Object.values(filtersOf(state)).filter((value) => value.length > 0).length;
}

/**
 * Return the filters of a page as an element, each choice with the reviews it would leave.
 * @param {object} state has the names of `FILTERS`; it is read, never changed
 * @param {function(object): void} onChange told all filters anew, by name, whenever one changes
 * @returns {HTMLElement} with `update(state)`, to be called when the state changed otherwise (back,
 *   forward, a link), and `facets`, what the server last told of the reviews
 */
export function filterBar(state, onChange) {
  let now = filtersOf(state);
  let running = null;
  const groups = DECLARED.map((declared) => groupOf(declared, change)).filter(Boolean);
  const title = h("summary", {}, "Filters");
  const told = h("p.muted", { role: "status" });
  const clear = h(
    "button.quiet",
    { type: "button", onclick: () => change({ ...FILTERS }) },
    "Clear all",
  );
  const wide = matchMedia("(min-width: 60.01rem)");
  const element = h(
    "details.filters",
    { open: wide.matches },
    title,
    h("div.row", {}, told, clear),
    h(
      "div.groups",
      {},
      groups.map((group) => group.element),
    ),
  );
  wide.addEventListener("change", () => {
    element.open = wide.matches;
  });
  element.facets = null;
  element.update = update;

  function change(some) {
    now = { ...now, ...some };
    draw();
    load();
    onChange({ ...now });
  }

  function update(other) {
    const next = filtersOf(other);
    const same = JSON.stringify(next) === JSON.stringify(now);
    now = next;
    draw();
    if (!same) load();
  }

  async function load() {
    running?.abort();
    running = new AbortController();
    const { signal } = running;
    try {
      element.facets = await long("/facets", now, { signal });
    } catch (error) {
      if (error.name === "AbortError") return;
      // The page's own request tells the same failure where it matters.
      element.facets = null;
    }
    if (!signal.aborted) draw();
    if (!signal.aborted)
      element.dispatchEvent(new CustomEvent("facets", { detail: element.facets }));
  }

  function draw() {
    const used = filtersUsed(now);
    replace(title, used ? `Filters (${used})` : "Filters");
    clear.hidden = !used;
    const { facets } = element;
    told.textContent = facets ? reached(facets) : "";
    for (const group of groups) group.draw(now, facets);
  }

  draw();
  load();
  return element;
}

/** Return the group of a filter; both ends of a date are in one. */
function groupOf(declared, change) {
  const { form } = declared;
  if (form === "stars") return starFilter(change);
  if (form === "date") return declared === FIRST_DATE ? dateFilter(change) : null;
  return form === "conditions" ? whereFilter(change) : valueFilter(declared, change);
}

function reached({ reviews, total }) {
  return reviews === total
    ? counted(total, "review")
    : `${count(reviews)} of ${counted(total, "review")}`;
}
