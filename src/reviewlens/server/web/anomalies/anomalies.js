// Reviews most unlike the rest, each with why.
import { announce } from "/static/shared/dialogs.js";
import { h, replace } from "/static/shared/dom.js";
import { count, counted, stars } from "/static/shared/figures.js";
import { filtersOf } from "/static/shared/filters.js";
import { reviewCard, reviewText, similarAddress } from "/static/shared/reviews.js";
import { exportLinks } from "/static/shared/export.js";
import { asked } from "/static/anomalies/asking.js";
import { listing } from "/static/anomalies/listing.js";
import { KINDS } from "/static/anomalies/kinds.js";
import { scoredMapAddress, themeAddress } from "/static/anomalies/links.js";

const MOST = 200;
const NONE = ["is unlike the rest", "of this kind", "of these kinds"];

/** Show the tab; `page` has `state()`, `change(some)`, `again()` and `signal`. */
export async function showAnomalies(place, page) {
  const { kinds } = page.state();
  // Without a choice all that have a reason, so that no ordinary review is listed.
  const parameters = { ...filtersOf(page.state()), kinds: kinds.length ? kinds : Object.keys(KINDS), n: MOST };
  const found = await asked(place, "/anomalies", parameters, page);
  if (!found) return;
  replace(place,
    h("p.measure.muted", {}, "What differs most from all other reviews stands first. The score tells a rank, not a fault: in any ",
      "hundred reviews one is more unlike the rest than the others."),
    kindFilter(found, kinds, page),
    heading(found, kinds, exportLinks("/anomalies", parameters, { label: "these reviews" })),
    found.notes.map((note) => h("p.notice.small", {}, `${note[0].toUpperCase()}${note.slice(1)}.`)),
    found.anomalies.length
      ? listing(found.anomalies, (one) => card(one, page), {
        label: "Reviews most unlike the rest",
        end: found.anomalies.length < MOST ? "" : `These are the first ${count(MOST)}; choose a kind or a filter for others.`,
      })
      : h("p.empty", {}, `No review ${NONE[Math.min(kinds.length, 2)]} among ${counted(found.reviews, "review")}.`));
  announce(`${counted(found.anomalies.length, "review")} listed`);
}

function heading(found, kinds, links) {
  const [shown, of] = [count(found.anomalies.length), counted(found.reviews, "review")];
  const what = kinds.length ? "of the kinds chosen, most unlike the rest first" : "most unlike the rest first";
  return h("div.row", {}, h("h2", {}, `${shown} of ${of}`), h("span.muted", {}, what),
    h("span.row.push", {}, h("a", { href: scoredMapAddress() }, "Map of the scores"), links));
}

function kindFilter(found, kinds, page) {
  const toggle = (kind, on) => page.change({ kinds: on ? [...kinds, kind] : kinds.filter((one) => one !== kind) });
  const options = Object.entries(found.kinds).map(([kind, reviews]) => h("label.kind", { title: KINDS[kind]?.means ?? "" },
    h("input", {
      type: "checkbox", checked: kinds.includes(kind), onchange: (event) => toggle(kind, event.target.checked),
    }), h("span", {}, KINDS[kind]?.label ?? kind), h("span.number.muted", {}, count(reviews))));
  return h("fieldset.kinds", {}, h("legend", {}, "Only reviews that are"), h("div.row", {}, options),
    h("details.small", {}, h("summary", {}, "What these mean"), h("dl.meanings", {}, Object.values(KINDS).map(({ label, means }) =>
      [h("dt", {}, label), h("dd", {}, means)]))));
}

function card(found, page) {
  const element = reviewCard({ ...found, rating: found.stars });
  element.querySelector(".facts").append(
    h("span.number", { title: "The largest of its marks, 0 to 1: a rank among all texts" }, `score ${found.score.toFixed(3)}`));
  element.querySelector(".doings").before(why(found), compared(found, page));
  return element;
}

/** Return the reasons of an anomaly as a list. */
export function why(found) {
  return h("ul.reasons", { role: "list", "aria-label": "Why" }, found.reasons.map(({ kind, text }) =>
    h("li", {}, h("span.badge.warn", {}, KINDS[kind]?.label ?? kind), " ", h("bdi", {}, text))));
}

/** Return what an anomaly was compared with. */
export function compared(found, page) {
  const name = h("bdi", {}, found.theme_label || `theme ${found.theme}`);
  const theme = found.theme_similarity === null ? null
    : [page.saved(found.theme) ? h("a", { href: themeAddress(found.theme) }, name) : name,
      ` (similarity ${found.theme_similarity.toFixed(2)})`];
  const facts = [
    ["Nearest theme", theme],
    ["Words hardly another review has", found.unusual_words.length ? h("bdi", {}, found.unusual_words.join(", ")) : null],
    ["Reviews with this very text", found.copies > 1 ? count(found.copies) : null],
    ["Length", `${counted(found.words, "word")}, ${counted(found.characters, "character")}`],
    ["Distance", `${found.distance.toFixed(2)} on average to the nearest texts (0 is the same, 1 has nothing in common)`],
    ["Thinness around it", `${found.lof.toFixed(2)} times what it is around its neighbours`],
  ].filter(([, value]) => value !== null);
  return h("details.compared", {}, h("summary", {}, "What it was compared with"),
    h("dl.facts-list", {}, facts.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    h("p.small.muted", {}, "The nearest other texts:"),
    h("ul.neighbors", { role: "list" }, found.neighbors.map(neighbor)));
}

function neighbor(near) {
  return h("li", {},
    h("div.row.small.muted", {}, stars(near.stars), near.product ? h("bdi", {}, near.product) : null,
      h("span", {}, `similarity ${near.similarity.toFixed(2)}`),
      h("a", { href: similarAddress(near.review_id) }, "Similar to ", h("bdi", {}, near.review_id))),
    reviewText(near.text));
}
