// A long question of the page: how far it is while it runs, then its answer, or why there is none.
import { long } from "/static/shared/api.js";
import { h, replace } from "/static/shared/dom.js";
import { progress } from "/static/shared/progress.js";
import { showError } from "/static/shared/shell.js";

/** Seconds in which an answer is waited for before it is told how far it is. */
const WAIT = 1;

/**
 * Ask, showing how far it is in `place`, with a button that stops it.
 * @param {Element} place emptied first
 * @param {string} path of the route
 * @param {object} parameters
 * @param {{signal: AbortSignal, again: function(): void}} page `signal` ends the question when
 *   another takes its place; `again` asks once more
 * @returns {Promise<object|null>} the answer; null where there is none to show
 */
export async function asked(place, path, parameters, { signal, again }) {
  const stop = new AbortController();
  const shown = progress({ onCancel: () => stop.abort() });
  replace(place, shown.element);
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await long(path, { ...parameters, wait: WAIT }, {
      signal: AbortSignal.any([signal, stop.signal]),
      onProgress: shown.show,
    });
    return signal.aborted ? null : answer;
  } catch (error) {
    if (signal.aborted) return null;
    replace(place);
    if (stop.signal.aborted || error.kind === "Cancelled") place.append(stopped(again));
    else showError(place, error, { retry: again });
    return null;
  } finally {
    if (!signal.aborted) {
      shown.done();
      place.removeAttribute("aria-busy");
    }
  }
}

function stopped(again) {
  return h("div.notice.stack", { role: "status" }, h("p", {}, "This was cancelled before there was an answer."),
    h("div", {}, h("button", { type: "button", onclick: again }, "Ask again")));
}
