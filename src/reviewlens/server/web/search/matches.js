// The reviews that say what was typed, or what another review says.
import { get } from "/static/shared/api.js";
import { h, replace } from "/static/shared/dom.js";
import { count, counted } from "/static/shared/figures.js";
import { filtersOf } from "/static/shared/filters.js";
import { reviewCard } from "/static/shared/reviews.js";
import { exportLinks } from "/static/shared/export.js";
import { frequency } from "/static/search/frequency.js";
import { hit, renew } from "/static/search/hits.js";
import { mayBeSaid, nothingFound, nothingSaid } from "/static/search/nothing.js";

const STEP = 20;
const MOST = 200;
const TYPING_MILLISECONDS = 300;

/**
 * Show the matches of a state. They are shown as soon as they are found; the sentence of each is
 * looked for after that, and how often it is said comes last.
 * @returns {Promise<string>} what to announce
 */
export async function showMatches({ place, state, typing, signal, go }) {
  const like = state.similar !== "";
  const [path, parameters] = like ? similarTo(state) : searchFor(state);
  const [matches, origin] = await Promise.all([
    get(path, parameters, { signal }),
    like ? get("/reviews", { review_ids: state.similar, n: 1 }, { signal }) : null,
  ]);
  const hits = matches.matches.map((match) => hit(match, { go, matches }));
  const often = like ? null : frequency(state, { typing, signal });
  const list = h("ol.reviews", { "aria-label": "Hits" }, hits);
  replace(
    place,
    origin ? originOf(origin.reviews[0], state, go) : null,
    often?.element,
    matches.notes.map((note) => h("p.notice.small", {}, note)),
    hits.length
      ? [headOf(matches, state, path, parameters), list, more(matches, state, go)]
      : nothingFound(matches, state, go),
    apart("The opposite", matches.opposite, matches, go),
    apart(
      mayBeSaid(matches) ? "Near, and may say it" : "Near, but does not say it",
      matches.near,
      matches,
      go,
    ),
  );
  if (!like && hits.length) later(explain, typing, signal).catch(() => {});
  if (often && matches.answered) often.start();
  return hits.length ? `${counted(hits.length, "review")} found` : nothingSaid(matches);

  async function explain() {
    const explained = await get(path, { ...parameters, explain: true }, { signal });
    explained.matches.forEach((match, at) => {
      if (!hits[at] || match.review_id !== matches.matches[at].review_id) return;
      const next = hit(match, { go, matches: explained });
      const theme = hits[at].querySelector("[data-theme-of]");
      next.querySelector("[data-theme-of]")?.replaceWith(theme);
      renew(hits[at], next);
      hits[at] = next;
    });
  }
}

/** Return reviews that are no answer, below a heading; nothing where there are none. */
function apart(heading, some, matches, go) {
  if (!some.length) return null;
  const list = h("ol.reviews", { "aria-label": heading });
  list.append(...some.map((match) => hit(match, { go, matches })));
  return h("section.stack", { "aria-label": heading }, h("h2", {}, heading), list);
}

/** Do what takes longer: at once, or when typing paused. */
async function later(work, typing, signal) {
  if (typing) await new Promise((done) => setTimeout(done, TYPING_MILLISECONDS));
  if (!signal.aborted) await work();
}

function searchFor(state) {
  return [
    "/search",
    {
      q: state.q,
      n: state.n,
      mode: state.mode,
      polarity: state.polarity,
      min_similarity: state.any ? -1 : "",
      ...filtersOf(state),
    },
  ];
}

function similarTo(state) {
  return ["/similar", { review_id: state.similar, n: state.n, ...filtersOf(state) }];
}

function headOf(matches, state, path, parameters) {
  const many = matches.matches.length;
  const near = matches.mode === "dense";
  const text = state.similar
    ? `${counted(many, "review")} most like it`
    : `${counted(many, "review")}, ${near ? "nearest" : "best"} first`;
  return h(
    "div.row",
    {},
    h("h2", {}, text),
    h(
      "span.push",
      {},
      exportLinks(
        path,
        { ...parameters, explain: path === "/search" ? true : "" },
        { label: "these reviews" },
      ),
    ),
  );
}

function more({ matches }, state, go) {
  if (matches.length < state.n || state.n >= MOST) return null;
  const n = Math.min(MOST, state.n + STEP);
  return h(
    "div",
    {},
    h(
      "button",
      { type: "button", onclick: () => go({ n }, { focus: matches.length }) },
      `Show up to ${count(n)}`,
    ),
  );
}

function originOf(review, state, go) {
  const back = h("button.quiet", { type: "button", onclick: () => go({ similar: "" }) }, "Close");
  return h(
    "section.stack.origin",
    { "aria-labelledby": "origin" },
    h("div.row", {}, h("h2", { id: "origin" }, "Reviews like this one"), h("span.push", {}, back)),
    review ? reviewCard(review, { similar: false }) : null,
  );
}
