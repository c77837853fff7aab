// What stands below the box: hits, an answer, or what there is before anything was asked.
import { announce } from "/static/shared/dialogs.js";
import { h, replace } from "/static/shared/dom.js";
import { showError } from "/static/shared/shell.js";
import { showAnswer } from "/static/search/answer.js";
import { showListed } from "/static/search/listed.js";
import { showMatches } from "/static/search/matches.js";

const SLOW_MILLISECONDS = 400;

/**
 * Return what shows the results of a state; one question is under way at most.
 * @param {function(object, object=): void} go takes changes of the state
 * @param {function(): object|null} facets what the filters last learnt
 */
export function resultsOf(go, facets) {
  const place = h("div.stack");
  const busy = h("p.muted.busy", { role: "status", hidden: true }, "Searching");
  const element = h(
    "section.content",
    { "aria-label": "Results", "aria-busy": "false" },
    busy,
    place,
  );
  let running = null;

  async function show(state, { typing = false, focus } = {}) {
    running?.abort();
    running = new AbortController();
    const { signal } = running;
    element.setAttribute("aria-busy", "true");
    const slow = setTimeout(() => {
      busy.hidden = signal.aborted;
    }, SLOW_MILLISECONDS);
    try {
      const told = await kindOf(state)({ place, state, typing, signal, go, facets: facets() });
      if (signal.aborted) return;
      if (told) announce(told);
      if (focus !== undefined) element.querySelectorAll(".reviews .review")[focus]?.focus();
    } catch (error) {
      if (signal.aborted) return;
      replace(place);
      showError(place, error, { retry: () => show(state) });
      if (error.kind === "UnknownTokens") place.append(byWords(go));
    } finally {
      clearTimeout(slow);
      if (!signal.aborted) {
        busy.hidden = true;
        element.setAttribute("aria-busy", "false");
      }
    }
    if (!signal.aborted) name();
  }

  /** Give the hits the names of their themes, which the filters know. */
  function name() {
    const names = new Map((facets()?.themes ?? []).map(({ value, label }) => [value, label]));
    for (const place of element.querySelectorAll("[data-theme-of]")) {
      const label = names.get(Number(place.dataset.themeOf));
      place.hidden = !label;
      place.querySelector("bdi").textContent = label ?? "";
    }
  }

  /** Move to the next or former hit; return whether there is one. */
  function step(by) {
    const hits = [...element.querySelectorAll(".reviews .review")];
    const at = hits.indexOf(document.activeElement?.closest(".review"));
    const next = hits[at < 0 ? (by > 0 ? 0 : -1) : at + by];
    if (!next) return at >= 0 && by > 0;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  return {
    element,
    show,
    name,
    step,
    why: (hit) => hit.querySelector("[data-do=why]")?.click(),
    similar: (hit) => hit.querySelector("[data-do=similar]")?.click(),
  };
}

/** Return what helps where the encoder does not know the language: the words need no encoder. */
function byWords(go) {
  return h(
    "div",
    {},
    h(
      "button",
      { type: "button", onclick: () => go({ mode: "keyword", way: "reviews" }) },
      "Look for the words instead",
    ),
  );
}

function kindOf({ q, similar, way }) {
  if (similar || (q && way !== "answer")) return showMatches;
  return q ? showAnswer : showListed;
}
