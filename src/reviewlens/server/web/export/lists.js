// Lists as files; each page has its own lists too.
import { h } from "/static/shared/dom.js";
import { exportLinks } from "/static/shared/export.js";

const LISTS = [
  ["/themes", "Themes", "what people talk about: size, share, stars, quotes; of all reviews, whatever the filters", {}],
  ["/trends", "Trends", "each theme's share and stars, period by period, with intervals", {}],
  ["/news", "News", "what grew, shrank, vanished or emerged since the themes were saved", {}],
  ["/anomalies", "Anomalies", "the 200 reviews most unlike the rest, with why", { n: 200 }],
  ["/duplicates", "Duplicates", "reviews that are copies of each other, in groups", {}],
];

/** Return the part with the lists; `filters` returns those of the page now. */
export function lists(filters) {
  return h("section", { "aria-labelledby": "lists" }, h("h2", { id: "lists" }, "Lists"),
    h("p.muted", {}, "Some are computed when they are asked for, which can take a while."),
    h("ul.plain.lists", {}, LISTS.map(([path, title, what, parameters]) => h("li.row", {},
      h("strong", {}, title), h("span.muted", {}, what),
      h("span.push", {}, exportLinks(path, () => (path === "/themes" ? {} : { ...parameters, ...filters() }), { label: title.toLowerCase() }))))));
}
