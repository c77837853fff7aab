// What became of every row, in words, and what to do next.
import { h } from "/static/shared/dom.js";
import { bar, count, counted, share } from "/static/shared/figures.js";
import { saveFrom } from "/static/shared/export.js";
import { say } from "/static/shared/dialogs.js";
import { duration, inPlace, reason, without } from "/static/upload/words.js";

const ENDS = [
  ["indexed", "new", "embedded and stored"],
  ["updated", "changed", "stored already, but changed; stored anew"],
  ["unchanged", "unchanged", "stored already, just so"],
  ["duplicate", "duplicates", "another row of this file once more"],
  ["skipped", "left out", "as you asked"],
  ["rejected", "rejected", "not taken"],
];

/** Return the report as an element; `rejects` is the address of the rows that were not taken. */
export function reportElement(report, { rejects, page }) {
  const name = report.files.map(({ file }) => file).join(", ");
  return h("div.stack.report", {},
    h("h2", { tabindex: "-1" }, "Stored"),
    h("p", {}, `${counted(report.read, "row")} of `, h("bdi", {}, name), " read into ", h("bdi", {}, report.collection),
      ` in ${duration(report.seconds)}. Each row ended as one of these:`),
    ends(report),
    report.rejected ? rejected(report, rejects) : null,
    h("dl.facts-list", {}, facts(report).map(([term, value]) => [h("dt", {}, term), h("dd", {}, value)])),
    report.notes.map((note) => h("p.notice.small", {}, inPlace(note))),
    h("h3", {}, "Next"),
    h("div.row", {}, nextFile(page), h("a.button.primary", { href: "/" }, "Search the reviews"),
      h("a.button", { href: "/themes" }, "Find themes"),
      h("button", { type: "button", onclick: () => page.begin() }, "Upload another file")));
}

function ends(report) {
  const rows = ENDS.filter(([name], at) => report[name] || at === 0).map(([name, label, means]) =>
    h("tr", {}, h("th", { scope: "row" }, label), h("td.number", {}, count(report[name])),
      h("td", {}, bar(report.read ? report[name] / report.read : 0)), h("td.muted", {}, means)));
  return h("table.data.ends", {}, h("caption.hidden-text", {}, "What became of the rows"),
    h("thead.hidden-text", {}, h("tr", {}, ["What became of it", "Rows", "Share", "Meaning"].map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, rows),
    h("tfoot", {}, h("tr", {}, h("th", { scope: "row" }, "rows read"), h("td.number", {}, count(report.read)), h("td"), h("td"))));
}

function rejected(report, href) {
  const link = h("a.button", { href, onclick: save }, `Download ${report.rejected === 1 ? "the rejected row" : `the ${count(report.rejected)} rejected rows`}`);

  async function save(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    await saveFrom(href, report.rejects_file ?? "rejects.csv").catch((error) => say(error.message));
  }

  return h("section.stack", {}, h("h3", {}, "Why rows were rejected"),
    h("ul", {}, Object.entries(report.reasons).map(([name, number]) => h("li", {}, `${count(number)}: ${reason(name)}`))),
    h("div", {}, link),
    h("p.small.muted", {}, "The file has each row as it stands, with its line and the reason: mend it and upload it; what is stored already stays as it is."));
}

function facts(report) {
  const cut = report.tokens - report.tokens_embedded;
  return [
    ["Columns taken", h("bdi", {}, Object.entries(report.columns).map(([role, name]) => `${role} = ${name}`).join(", "))],
    ["Without a date", report.undated ? without(report.undated, report.undated_example) : null],
    ["Without stars", report.unrated && report.columns.rating ? without(report.unrated, report.unrated_example) : null],
    ["Tokens", `${count(report.tokens)}${cut ? `, ${count(cut)} of them beyond what the encoder reads` : ""}`],
    ["Tokens the encoder does not know", report.tokens_unknown ? share(report.tokens_unknown / Math.max(1, report.tokens)) : null],
    ["Encoder", report.encoder],
  ].filter(([, value]) => value);
}

function nextFile(page) {
  if (!page.files.length) return null;
  return h("button.primary", { type: "button", onclick: () => page.begin() }, "Go on with ", h("bdi", {}, page.files[0].name));
}
