// An answer to a question, each statement with the reviews that it is from.
import { get, long } from "/static/shared/api.js";
import { h, replace } from "/static/shared/dom.js";
import { count, counted, share, stars } from "/static/shared/figures.js";
import { filtersOf } from "/static/shared/filters.js";
import { exportLinks } from "/static/shared/export.js";
import { hit } from "/static/search/hits.js";
import { nothingFound } from "/static/search/nothing.js";

const MOST = 50;

/**
 * Show the answer to a state's question.
 * @returns {Promise<string>} what to announce
 */
export async function showAnswer({ place, state, signal, go }) {
  const parameters = { question: state.q, polarity: state.polarity, ...filtersOf(state) };
  const answer = await long("/ask", parameters, { signal });
  const notes = answer.notes.map((note) => h("p.notice.small", {}, note));
  if (!answer.answered) {
    replace(
      place,
      notes,
      answer.found || answer.kind === "off_topic" || !answer.of
        ? h("p.figure", {}, answer.text)
        : null,
      nothingFound({ nearest: null, floor: answer.floor, mode: "answer" }, state, go),
    );
    return "No review answers this";
  }
  const numbers = new Map();
  for (const { review_ids: ids } of answer.claims) {
    for (const id of ids) if (!numbers.has(id)) numbers.set(id, numbers.size + 1);
  }
  const sources = answer.evidence
    .filter(({ review_id: id }) => numbers.has(id))
    .sort((a, b) => numbers.get(a.review_id) - numbers.get(b.review_id));
  const whole = await wholeReviews(
    sources.map((source) => source.review_id),
    signal,
  );
  replace(
    place,
    h(
      "div.row",
      {},
      h("h2", {}, "What the reviews answer"),
      h("span.push", {}, exportLinks("/ask", parameters, { label: "this answer" })),
    ),
    h("p.muted.small", {}, byWhom(answer)),
    notes,
    answer.summary ? h("p.figure", {}, h("strong", {}, answer.summary)) : null,
    h(
      "ol.statements",
      { "aria-label": "Statements" },
      answer.claims.map((claim) => told(claim, numbers)),
    ),
    h("h2", {}, "Reviews it is from"),
    h(
      "ol.reviews",
      { "aria-label": "Sources" },
      sources.map((source) => cited(source, whole, numbers, go)),
    ),
  );
  return `An answer with ${counted(answer.claims.length, "statement")} from ${counted(sources.length, "review")}`;
}

function byWhom({ method, model, found, matter, of: looked }) {
  const of = matter
    ? `${counted(found, "review")} that speak of it`
    : `${counted(looked, "review")} looked at`;
  return method === "model"
    ? `Written by ${model} from ${of}; each statement names its reviews.`
    : `In the reviews' own words, from ${of}; what most of them say comes first.`;
}

function told(claim, numbers) {
  const { text, review_ids: ids, reviews, share: part, stars: mean, for: praise, against } = claim;
  const sides = praise && against ? `; ${count(praise)} for, ${count(against)} against` : "";
  return h(
    "li.card",
    {},
    h("p.text", { dir: "auto" }, text),
    h(
      "div.row.small",
      {},
      h(
        "span.muted",
        {},
        `${counted(reviews, "review")} (${share(part)})${sides}`,
      ),
      mean ? stars(mean.value, { number: true }) : null,
      h(
        "span.row",
        {},
        ids.map((id) =>
          h(
            "a.chip",
            { href: `#source-${numbers.get(id)}`, "aria-label": `Source ${numbers.get(id)}` },
            numbers.get(id),
          ),
        ),
      ),
    ),
  );
}

/** Return the reviews that the sources are sentences of, by id. */
async function wholeReviews(ids, signal) {
  const some = ids.slice(0, MOST);
  const { reviews } = await get("/reviews", { review_ids: some, n: some.length }, { signal });
  return new Map(reviews.map((review) => [review.review_id, review]));
}

function cited(source, whole, numbers, go) {
  const number = numbers.get(source.review_id);
  const review = whole.get(source.review_id) ?? { ...source, rating: source.stars };
  const item = hit({ ...review, similarity: source.similarity, sentence: source.text }, { go });
  item.id = `source-${number}`;
  item
    .querySelector(".facts")
    .prepend(h("strong.badge", {}, h("span.hidden-text", {}, "Source "), number));
  return item;
}
