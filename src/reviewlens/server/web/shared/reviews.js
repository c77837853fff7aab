// A review as every page shows it. Its text is only ever set as text.
import { h, replace } from "/static/shared/dom.js";
import { count, stars, when } from "/static/shared/figures.js";

const WHOLE = 1200;
const AROUND = 350;
const UNSPACED =
  /[^\p{L}\p{N}]|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Thai}|\p{Script=Lao}|\p{Script=Khmer}|\p{Script=Myanmar}/u;
const INVISIBLE = /[\s\p{Cf}\p{Cc}\u115f\u1160\u2800\u3164\uffa0]/gu;

/**
 * Return a review as an element, `article.review`.
 * @param {object} review as the API gives it: review_id, text, title, rating or stars, time, product,
 *   source, …; fields that it lacks are not shown
 * @param {object} options
 * @param {string|null} [options.sentence] the sentence to mark; else the review's own
 * @param {string[]} [options.words] words to mark in it; else the review's own
 * @param {number|null} [options.similarity] shown where given
 * @param {string|null} [options.strength] `strong`, `fair` or `weak`
 * @param {Array<Node>} [options.actions] buttons and links below the text
 * @param {string|null} [options.theme] its theme's name
 * @param {boolean} [options.similar] whether there is a link to reviews like it
 * @param {boolean} [options.onMap] whether there is a link to its point on the map
 * @returns {HTMLElement}
 */
export function reviewCard(review, options = {}) {
  const {
    similarity = null,
    strength = null,
    actions = [],
    theme = null,
    similar = true,
    onMap = true,
  } = options;
  const sentence = options.sentence ?? review.sentence ?? null;
  const words = options.words ?? review.words ?? [];
  const id = review.review_id;
  return h(
    "article.review",
    { "data-review": id, tabindex: "-1", "aria-label": `Review ${id}` },
    h(
      "div.facts",
      {},
      stars(review.rating ?? review.stars ?? null),
      when(review.time),
      piece("Product", review.product),
      piece("Source", review.source),
      piece("Theme", theme),
      strength ? strengthBadge(strength) : null,
      similarity === null
        ? null
        : h(
            "span.number",
            { title: "Similarity of meaning: cosine, 1 at most" },
            `similarity ${similarity.toFixed(2)}`,
          ),
    ),
    review.title ? h("p.title", { dir: "auto" }, review.title) : null,
    reviewText(review.text, { sentence, words, language: review.language }),
    h(
      "div.doings",
      {},
      actions,
      similar
        ? h("a.button.quiet", { href: similarAddress(id), "data-do": "similar" }, "Similar")
        : null,
      onMap ? h("a.button.quiet", { href: mapAddress(id), "data-do": "map" }, "On the map") : null,
      h("bdi.id", { title: "Id of the review" }, id),
    ),
  );
}

/** Return the address of the reviews like one. */
export function similarAddress(id) {
  return `/?${new URLSearchParams({ similar: id })}`;
}

/** Return the address of the map with a review in its middle. */
function mapAddress(id) {
  return `/map?${new URLSearchParams({ review: id })}`;
}

/** Return how sure a hit is as a badge: in words, not by colour alone. */
function strengthBadge(strength) {
  const kind = { strong: "good", fair: "plain", weak: "warn" }[strength] ?? "plain";
  return h(`span.badge.${kind}`, { title: STRENGTHS[strength] ?? "" }, strength);
}

/** What `strength` means, in words. */
export const STRENGTHS = {
  strong: "It very probably says this.",
  fair: "It probably says this, or has the words in one statement.",
  weak: "On its own it would not count as an answer.",
};

/**
 * Return the text of a review with a sentence marked, and words in it marked more strongly. A long
 * text is cut around the sentence, with a button for the whole.
 */
export function reviewText(text, { sentence = null, words = [], language = "" } = {}) {
  const seen = text.replace(INVISIBLE, "") !== "";
  const attributes = { dir: "auto", lang: /^[a-z]{2,3}$/.test(language) ? language : null };
  if (!seen) return h("p.text.muted", {}, "(This text has no visible characters.)");
  const place = sentence ? find(text, sentence) : null;
  const apart =
    sentence && !place && sentence.trim() !== text.trim()
      ? h(
          "p.sentence.text",
          attributes,
          h("span.hidden-text", {}, "Matching sentence: "),
          marked(sentence, words),
        )
      : null;
  if (text.length <= WHOLE) return [h("p.text", attributes, withMark(text, place, words)), apart];

  const from = place ? Math.max(0, cut(text, place.start - AROUND)) : 0;
  const to = Math.min(
    text.length,
    cut(text, (place ? place.end : 0) + (place ? AROUND : 2 * AROUND)),
  );
  const part = h("p.text", attributes);
  const button = h("button.quiet", { type: "button", "aria-expanded": "false", onclick: toggle });
  let whole = true;
  function toggle() {
    whole = !whole;
    button.setAttribute("aria-expanded", String(whole));
    button.textContent = whole ? "Show less" : `Show all ${count(text.length)} characters`;
    replace(
      part,
      whole
        ? withMark(text, place, words)
        : [
            from > 0 ? "… " : null,
            withMark(text, place, words, from, to),
            to < text.length ? " …" : null,
          ],
    );
  }
  toggle();
  return [part, apart, button];
}

function piece(name, value) {
  return value
    ? h("span", {}, h("span.hidden-text", {}, `${name}: `), h("bdi", { title: name }, value))
    : null;
}

/** Return a place near `at` that does not tear a character in two. */
function cut(text, at) {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

/** Find a sentence in a text, white space and HTML in it aside; the server cleans both. */
function find(text, sentence) {
  const start = text.indexOf(sentence);
  if (start >= 0) return { start, end: start + sentence.length };
  const pieces = sentence.trim().split(/\s+/).map(quoted);
  if (!pieces[0] || pieces.length > 200) return null;
  const hit = new RegExp(pieces.join("(?:\\s|<[^<>]{0,80}>|&nbsp;)+"), "u").exec(text);
  return hit ? { start: hit.index, end: hit.index + hit[0].length } : null;
}

/** Return what finds a word but not a part of another; where words are not set apart, anywhere. */
function wholeWord(word) {
  const before = UNSPACED.test(word.slice(0, 1)) ? "" : "(?<![\\p{L}\\p{N}])";
  const after = UNSPACED.test(word.slice(-1)) ? "" : "(?![\\p{L}\\p{N}])";
  return before + quoted(word) + after;
}

function quoted(text) {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function withMark(text, place, words, from = 0, to = text.length) {
  if (!place) return [text.slice(from, to)];
  return [
    text.slice(from, place.start),
    marked(text.slice(place.start, place.end), words),
    text.slice(place.end, to),
  ];
}

function marked(sentence, words) {
  if (!words.length) return h("mark", {}, sentence);
  const wanted = [...words].sort((a, b) => b.length - a.length).map(wholeWord);
  const pieces = sentence.split(new RegExp(`(${wanted.join("|")})`, "u"));
  return h(
    "mark",
    {},
    pieces.map((piece, at) => (at % 2 ? h("b", {}, piece) : piece)),
  );
}
