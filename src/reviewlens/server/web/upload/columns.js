// All columns of a file with examples.
import { h } from "/static/shared/dom.js";
import { counted } from "/static/shared/figures.js";
import { ROLES } from "/static/upload/words.js";

/** Return the columns as a table; `taken` is role to header as the plan has it, `texts` those that are joined. */
export function columnTable(found, taken, texts = []) {
  const labels = Object.fromEntries(ROLES.map(([role, label]) => [role, label]));
  const roles = Object.fromEntries(Object.entries(taken).map(([role, name]) => [name, labels[role] ?? role]));
  for (const name of texts) roles[name] = labels.text;
  const rows = found.columns.map(({ name, role, examples }) => {
    const as = Object.keys(taken).length ? roles[name] : labels[role];
    return h("tr", {}, h("th", { scope: "row" }, h("bdi", {}, name)),
      h("td", {}, as ? h("span.badge.good", {}, as) : h("span.muted", {}, "kept, can be filtered on")),
      h("td", {}, examples.length
        ? h("ul.plain", { role: "list" }, examples.map((one) => h("li.example", { dir: "auto" }, one)))
        : h("span.muted", {}, "empty in the first rows")));
  });
  return h("details", { open: true }, h("summary", {}, h("h3", {}, `All ${counted(found.columns.length, "column")}`)),
    h("div.scroll", { tabindex: "0", role: "region", "aria-label": "All columns" },
      h("table.data", {}, h("thead", {}, h("tr", {}, ["Column", "Taken as", "Examples"].map((text) => h("th", { scope: "col" }, text)))),
        h("tbody", {}, rows))));
}
