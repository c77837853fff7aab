// What is told where no review says what was looked for.
import { h } from "/static/shared/dom.js";
import { FILTERS, filtersUsed } from "/static/shared/filters.js";

/**
 * Return that nothing was found, how near the nearest review is, and what to try.
 * @param {object} matches as answered; of an answer to a question only its `floor`, with the mode
 *   `answer`
 * @param {object} state of the page
 * @param {function(object): void} go takes changes of the state
 */
export function nothingFound(matches, state, go) {
  const used = filtersUsed(state);
  const answers = matches.mode === "answer";
  const doing = (text, changes) =>
    h("button", { type: "button", onclick: () => go(changes) }, text);
  const near = matches.nearest !== null && matches.nearest !== undefined;
  return h(
    "section.empty.stack",
    { "aria-labelledby": "nothing" },
    h("h2", { id: "nothing" }, headOf(state, answers, matches)),
    h("p", {}, told(matches, used, answers)),
    state.q
      ? h("p", {}, "Other words may help: a few, or a short sentence, as a customer would say it.")
      : null,
    h(
      "div.row",
      {},
      used ? doing("Search all reviews, without filters", { ...FILTERS }) : null,
      answers ? doing("Find reviews instead", { way: "reviews" }) : null,
      matches.mode === "dense" && state.q ? doing("Look for the words", { mode: "keyword" }) : null,
      near && state.q && !state.any
        ? doing("Show the nearest reviews anyway", { any: true })
        : null,
    ),
  );
}

function headOf({ similar }, answers, matches) {
  if (similar) return "No review is like this one";
  return answers ? "No review answers this" : nothingSaid(matches);
}

/** Return that nothing was found, in few words. */
export function nothingSaid(matches) {
  if (matches.nearest === null) return "No review found";
  return mayBeSaid(matches) ? "No review surely says this" : "No review says this";
}

/** Tell whether one of the reviews that are near may say it after all. */
export function mayBeSaid({ near = [] }) {
  return near.some(({ probability }) => probability >= 0.25);
}

function told({ nearest, floor, mode, opposite = [] }, used, answers) {
  const among = used ? " under these filters" : "";
  if (answers) return `No review${among} is near enough to the question.`;
  if (mode === "keyword") return `No review${among} has these words.`;
  if (nearest === null) return `There is no review${among} that can be found by meaning.`;
  if (floor !== null) return `No review${among} has a similarity of ${floor.toFixed(2)} or more.`;
  return opposite.length
    ? `Those found${among} are about it and take the other side.`
    : `Of the nearest${among} none says it for sure.`;
}
