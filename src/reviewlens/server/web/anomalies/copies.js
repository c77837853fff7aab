// Reviews that say the same: word for word, nearly, in meaning.
import { announce } from "/static/shared/dialogs.js";
import { h, replace } from "/static/shared/dom.js";
import { count, counted, share, when } from "/static/shared/figures.js";
import { filtersOf } from "/static/shared/filters.js";
import { reviewText } from "/static/shared/reviews.js";
import { exportLinks } from "/static/shared/export.js";
import { asked } from "/static/anomalies/asking.js";
import { choice, listing } from "/static/anomalies/listing.js";
import { members } from "/static/anomalies/members.js";

const KINDS = {
  exact: { label: "word for word", means: "the same text but for case, white space and punctuation" },
  near: { label: "nearly", means: "the same text but for small edits" },
  meaning: { label: "in meaning", means: "the same in other words" },
};
const FLAGS = {
  polarity: ["warn", "may contradict each other", "One negates what another says, or the stars are three apart."],
  short: ["plain", "short", "So short a text that people write it by chance."],
};
const NAMES = [["product_names", "products", "product"], ["source_names", "sources", "source"], ["author_names", "authors", "author"]];

/** Show the tab; `page` has `state()`, `change(some)`, `again()` and `signal`. */
export async function showCopies(place, page) {
  const { near, meaning } = page.state();
  const parameters = { ...filtersOf(page.state()), near, meaning };
  const found = await asked(place, "/duplicates", parameters, page);
  if (!found) return;
  const list = h("div.stack");
  const heading = h("h2");

  function draw() {
    const { of, order } = page.state();
    const rows = found.groups.filter((group) => !of || group.kind === of);
    if (order === "size") rows.sort((one, other) => other.review_ids.length - one.review_ids.length);
    const among = `${counted(found.reviews, "review")} (${counted(found.texts, "different text")})`;
    heading.textContent = `${counted(rows.length, "group")} of copies`;
    replace(list, rows.length ? listing(rows, (group, at) => groupCard(group, at, page), { label: "Groups of copied reviews" })
      : h("p.empty", {}, `No copies found ${of ? `${KINDS[of].label} ` : ""}among ${among}.`));
    announce(heading.textContent);
  }

  function changed(some) {
    page.change(some, { quiet: true });
    draw();
  }

  const kinds = [["", `all ${count(found.groups.length)}`],
    ...Object.entries(KINDS).map(([kind, { label }]) => [kind, `${label} ${count(found.counts[kind] ?? 0)}`])];
  const copied = found.reviews - found.texts;
  replace(place,
    h("p.measure.muted", {}, `Of ${counted(found.reviews, "review")} ${copied === 1 ? "1 repeats" : `${count(copied)} repeat`} the text of another word for word. `,
      "Nothing is removed: which of them belong together is for you to say."),
    h("div.row", {}, heading, h("span.push", {}, exportLinks("/duplicates", parameters, { label: "these groups" }))),
    h("div.row", {}, choice("Alike", kinds, page.state().of in KINDS ? page.state().of : "", (of) => changed({ of })),
      choice("First", [["", "across authors, products, dates"], ["size", "the largest"]],
        page.state().order === "size" ? "size" : "", (order) => changed({ order }))),
    thresholds(page), list);
  draw();
}

function thresholds(page) {
  const { near, meaning } = page.state();
  const field = (name, label, value, max, hint) => [
    h("label", { for: `copies-${name}` }, label),
    h("input", { id: `copies-${name}`, name, type: "number", min: 0.05, max, step: 0.01, value, required: true, "aria-describedby": `copies-${name}-hint` }),
    h("p.small.muted", { id: `copies-${name}-hint` }, hint),
  ];
  const form = h("form.thresholds", { onsubmit: apply },
    h("div", {}, field("near", "Nearly, from", near, 1, "Share of runs of three characters in common; 1 finds none.")),
    h("div", {}, field("meaning", "In meaning, from", meaning, 1.01, "Cosine similarity; above 1 finds none.")),
    h("div", {}, h("button", { type: "submit" }, "Look again")));

  function apply(event) {
    event.preventDefault();
    page.change({ near: Number(form.elements.near.value), meaning: Number(form.elements.meaning.value) });
  }

  return h("details.small", { open: near !== 0.8 || meaning !== 0.95 }, h("summary", {}, "How alike copies are"), form);
}

function groupCard(group, at, page) {
  const size = group.review_ids.length;
  const { label, means } = KINDS[group.kind];
  const title = h("h3", { id: `group-${at}` }, counted(size, "review"), " ",
    h("span.badge", { title: means }, label), group.flags.filter((flag) => flag in FLAGS).map((flag) => {
      const [kind, text, meant] = FLAGS[flag];
      return [" ", h(`span.badge.${kind}`, { title: meant }, text)];
    }));
  const facts = NAMES.map(([names, number, one]) => fact(group[number], group[names] ?? [], one)).filter(Boolean);
  facts.push(h("span", {}, group.first === group.last || !group.last ? when(group.first) : [when(group.first), " to ", when(group.last)]));
  if (group.kind !== "exact") {
    facts.push(h("span", { title: means }, group.kind === "near"
      ? `${share(group.similarity)} or more in common` : `similarity ${group.similarity.toFixed(2)} or more`));
  }
  return h("article.review.group", { "aria-labelledby": title.id, tabindex: "-1" }, title,
    h("div.facts", {}, facts), reviewText(group.quotes[0].text), members(group, page));
}

/** Return how many of something a group has, and what the first are called. */
function fact(number, names, one) {
  if (!number) return null;
  const more = number - names.length;
  const listed = names.map((name, at) => [at ? ", " : "", h("bdi", {}, name)]);
  return h("span", {}, number === 1 ? `${one} ` : `${counted(number, one)}: `, listed, more > 0 ? ` and ${count(more)} more` : "");
}
