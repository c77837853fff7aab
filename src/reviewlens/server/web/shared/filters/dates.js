// The filter by date.
import { h, replace } from "/static/shared/dom.js";
import { date } from "/static/shared/figures.js";

const DAY = 86_400_000;
const SPANS = [
  ["30 days", 30],
  ["90 days", 90],
  ["12 months", 365],
];

/** Return the group; `change` is told `{since, until}`. */
export function dateFilter(change) {
  const since = h("input", { type: "date", onchange: told });
  const until = h("input", { type: "date", onchange: told });
  const spans = h("div.spans");
  const reach = h("p.muted");
  const element = h(
    "details.group",
    { open: true },
    h("summary", {}, "Date"),
    h("div.dates", {}, h("label", {}, "From", since), h("label", {}, "To", until)),
    spans,
    reach,
  );
  let shown = "";

  function told() {
    change({ since: since.value, until: until.value });
  }

  function offer(last) {
    const end = new Date(last).getTime();
    replace(
      spans,
      "Last ",
      SPANS.map(([text, days]) =>
        h(
          "button.quiet",
          {
            type: "button",
            onclick: () =>
              change({
                since: new Date(end - (days - 1) * DAY).toISOString().slice(0, 10),
                until: "",
              }),
          },
          text,
        ),
      ),
    );
  }

  return {
    element,
    draw(filters, facets) {
      since.value = firstDay(filters.since);
      until.value = lastDay(filters.until);
      const [first, last] = [facets?.first, facets?.last];
      element.hidden = Boolean(facets) && !last && !filters.since && !filters.until;
      if (!last || shown === first + last) return;
      shown = first + last;
      offer(last);
      reach.textContent = `Reviews from ${date(first)} to ${date(last)}`;
    },
  };
}

/** Return the first day of what may be a year or a month. */
function firstDay(text) {
  if (!text) return "";
  return text.length === 4 ? `${text}-01-01` : text.length === 7 ? `${text}-01` : text.slice(0, 10);
}

/** Return the last day of what may be a year or a month. */
function lastDay(text) {
  if (!text) return "";
  if (text.length === 4) return `${text}-12-31`;
  if (text.length > 7) return text.slice(0, 10);
  const [year, month] = text.split("-").map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}
