// Why a review was found, in plain words.
import { h } from "/static/shared/dom.js";
import { share } from "/static/shared/figures.js";
import { STRENGTHS } from "/static/shared/reviews.js";

const MODES = {
  dense: "by meaning: the query and each statement of the review as vectors",
  keyword: "by words: the query's words in the review (BM25)",
  hybrid: "by both: meaning, and the query's words in the review",
};

/** Return why a match is among the matches, as a list of terms. */
export function whyText(match, matches) {
  const lines = [
    ["Similarity", similarity(match, matches)],
    ["Strength", strength(match)],
    ["Looked for", MODES[matches.mode] ?? matches.mode],
    ["Words", words(match)],
    ["Keyword score", keywords(match)],
    [
      "Rank",
      match.score === null
        ? null
        : `${match.score.toFixed(3)}, from meaning and words together, of 1 at most.`,
    ],
    ["Sentiment", sentiment(match)],
    [
      "Place",
      match.passage > 0
        ? `It was part ${match.passage + 1} of this long review that was nearest.`
        : null,
    ],
  ];
  return h(
    "dl.terms",
    {},
    lines.filter(([, text]) => text).map(([term, text]) => [h("dt", {}, term), h("dd", {}, text)]),
  );
}

function similarity({ similarity: own }, { nearest }) {
  const best =
    nearest !== null && nearest > own ? ` The nearest review has ${nearest.toFixed(3)}.` : "";
  return `${own.toFixed(3)}: how near the meaning is, as the cosine of two vectors. 1 is the same, 0 has nothing in common.${best}`;
}

function strength({ strength: word, probability }) {
  if (!word) return null;
  return `${word}. ${STRENGTHS[word]} That it says this is ${share(probability)} probable.`;
}

function sentiment({ sentiment: value }) {
  if (value === null) return null;
  const told =
    value > 0.5 ? "praises" : value < -0.5 ? "blames" : "neither praises nor blames for sure";
  return `${value > 0 ? "+" : ""}${value.toFixed(2)} on a scale from -1 to 1: the statement ${told}.`;
}

function words({ words: found, sentence }) {
  if (!sentence) return null;
  if (!found.length)
    return "No single word of the sentence made the match: its meaning as a whole did.";
  return [
    "In the sentence that matched best these made the match: ",
    found.map((word, at) => [at ? ", " : null, h("bdi.word", {}, word)]),
    ".",
  ];
}

function keywords({ keyword_score: score }) {
  if (score === null) return null;
  return score > 0
    ? `${score.toFixed(2)} (BM25): the rarer the words it shares with the query, the more.`
    : "0: it has none of the query's words.";
}
