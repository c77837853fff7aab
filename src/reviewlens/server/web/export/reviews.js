// The reviews themselves, all or those that filters leave.
import { h, replace } from "/static/shared/dom.js";
import { count, counted } from "/static/shared/figures.js";
import { address } from "/static/shared/api.js";

const FORMATS = [
  ["csv", "CSV", "for a spreadsheet or a script; cells that a spreadsheet would run as a formula are made harmless"],
  ["xlsx", "XLSX", "for a spreadsheet"],
  ["jsonl", "JSON lines", "one review a line, every field as it is stored"],
  ["parquet", "Parquet", "for data tools"],
];

/** Return the part with the reviews; `show(filters, facets)` tells it which. */
export function reviewsPart() {
  const told = h("p", { role: "status" });
  const links = h("ul.plain.stack", {});

  function show(filters, facets) {
    const text = facets ? sentence(facets) : "";
    if (told.textContent !== text) told.textContent = text;
    // These are links, not requests of the page: the file goes to disk as it comes, however large.
    replace(links, FORMATS.map(([format, name, what]) => h("li", {},
      h("a.button", { href: address("/export", { format, ...filters }), download: "" }, `Save as ${name}`), " ",
      h("span.muted.small", {}, what))));
  }

  return {
    element: h("section", { "aria-labelledby": "reviews" }, h("h2", { id: "reviews" }, "Reviews"), told, links),
    show,
  };
}

function sentence({ reviews, total }) {
  if (reviews === total) return `All ${counted(total, "review")}, with every column that was stored.`;
  return `${count(reviews)} of ${counted(total, "review")}, with every column that was stored.`;
}
