// What would be stored of a file, and what would not.
import { h } from "/static/shared/dom.js";
import { count, counted, share, stars, when } from "/static/shared/figures.js";
import { reviewText } from "/static/shared/reviews.js";
import { DATE_ORDERS, DELIMITERS, inPlace, reason, without } from "/static/upload/words.js";

/** Return a plan as an element. */
export function plannedElement(plan) {
  const [file] = plan.files;
  return [
    h("h3", {}, "What would become of its rows"),
    rows(plan),
    h("dl.facts-list", {}, facts(plan, file).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    plan.notes.map((note) => h("p.notice.small", {}, inPlace(note))),
    plan.first_rows.length ? [h("h3", {}, "The first rows as they would be stored"),
      h("ol.reviews", { role: "list" }, plan.first_rows.map((row) => h("li", {}, first(row))))] : null,
    plan.rejects.length ? rejects(plan) : null,
  ].flat(Infinity).filter(Boolean);
}

function rows(plan) {
  const parts = [["would be taken", plan.accepted], ["are another row once more", plan.duplicate], ["are left out, as you asked", plan.skipped], ["would be rejected", plan.rejected]];
  const why = Object.entries(plan.reasons).map(([name, number]) => `${reason(name)} (${count(number)})`).join("; ");
  return h("p", {}, `Of ${counted(plan.read, "row")} `, parts.filter(([, number], at) => number || at === 0).map(([text, number], at) =>
    [at ? ", " : "", h("strong", {}, count(number)), ` ${text}`]), why ? `: ${why}.` : ".");
}

function facts(plan, file) {
  const scales = Object.entries(plan.rating_scales).map(([source, [low, high]]) => `${source ? `${source}: ` : ""}${low} to ${high}`);
  const { tokens } = plan;
  return [
    ["Encoding", file.encoding],
    ["Delimiter", file.delimiter ? DELIMITERS[file.delimiter] ?? file.delimiter : null],
    ["Date order", file.columns.time ? DATE_ORDERS[file.date_order] ?? "the same however it is read" : null],
    ["Without a date", plan.undated && file.columns.time ? without(plan.undated, plan.undated_example) : null],
    ["Without stars", plan.unrated && file.columns.rating ? without(plan.unrated, plan.unrated_example) : null],
    ["Rating scale", scales.join(", ") || null],
    ["Length", tokens ? `${count(tokens.smallest)} to ${count(tokens.largest)} tokens, ${count(tokens.median)} in the middle` : null],
    ["Longer than one passage", tokens?.beyond_window ? `${counted(tokens.beyond_window, "review")} (a passage has ${count(plan.window)} tokens)` : null],
    ["Tokens the encoder does not know", plan.tokens_unknown ? share(plan.tokens_unknown) : null],
    ["Cost", plan.cost === null || plan.cost === undefined ? null : `$${plan.cost.toFixed(4)} at most`],
    ["Other columns, kept", file.extra.length ? h("bdi", {}, file.extra.join(", ")) : null],
  ].filter(([, value]) => value);
}

function first(row) {
  const pieces = [["product", row.product], ["author", row.author], ["source", row.source]];
  return h("article.review", { "aria-label": `Review ${row.review_id}` },
    h("div.facts", {}, stars(row.rating), row.rating_given !== null && row.rating_given !== row.rating ? h("span", {}, `given as ${row.rating_given}`) : null,
      when(row.time), pieces.filter(([, value]) => value).map(([name, value]) => h("span", {}, `${name} `, h("bdi", {}, value)))),
    reviewText(row.embedded), h("div.doings", {}, h("bdi.id", { title: "Id of the review" }, row.review_id)));
}

function rejects(plan) {
  const byLine = [...plan.rejects].sort((one, other) => one.line - other.line);
  const cells = (row) => [count(row.line), row.column ? h("bdi", {}, row.column) : "", reason(row.reason), h("bdi", {}, inPlace(row.detail))];
  return [h("h3", {}, plan.rejected > plan.rejects.length
    ? `The first ${plan.rejects.length} of ${counted(plan.rejected, "row")} that would be rejected` : "Rows that would be rejected"),
    h("div.scroll", { tabindex: "0", role: "region", "aria-label": "Rows that would be rejected" },
      h("table.data", {}, h("thead", {}, h("tr", {}, ["Line", "Column", "Why", "In detail"].map((text) => h("th", { scope: "col" }, text)))),
        h("tbody", {}, byLine.map((row) => h("tr", {}, cells(row).map((cell) => h("td", {}, cell)))))))];
}
