// Where changes are carried out: one at a time, with progress, and told of when they are done.
import { send } from "/static/shared/api.js";
import { h, replace } from "/static/shared/dom.js";
import { say } from "/static/shared/dialogs.js";
import { progress } from "/static/shared/progress.js";

/**
 * Make the place that carries out changes; put its `element` at the end of the page.
 * @param {function(): Promise} reload called after each change, to show what is by now
 * @returns {{element: HTMLElement, change: function, tell: function}}
 */
export function makeDesk(reload) {
  const told = h("div.desk-told", { role: "status" });
  const failed = h("div.desk-failed", { role: "alert" });
  const working = h("div.desk-working");
  const element = h("div.desk", {}, working, told, failed);
  let busy = false;

  /** Say what happened, with a button that undoes it where there is an `undo`. */
  function tell(sentence, undo = null) {
    // The change may have put another page in the place of this one.
    if (!element.isConnected) return say(sentence);
    const held = element.contains(document.activeElement);
    replace(failed);
    replace(told, h("p", {}, sentence),
      undo ? h("button", { type: "button", onclick: undo }, "Undo") : null,
      h("button.quiet", { type: "button", onclick: () => dismiss(told) }, "Dismiss"));
    if (held) told.querySelector("button").focus();
    return undefined;
  }

  function dismiss(place) {
    replace(place);
    document.getElementById("main").focus({ preventScroll: true });
  }

  function fail(error) {
    if (error.kind === "Cancelled") return tell("Cancelled.");
    if (!error.kind) console.error(error);
    replace(told);
    replace(failed, h("p", {}, error.message),
      h("button.quiet", { type: "button", onclick: () => dismiss(failed) }, "Dismiss"));
    return undefined;
  }

  /**
   * Carry out a change, then reload and tell of it.
   * @param {function({onProgress: function})} call sends it to the server
   * @param {function(*): string} sentence what happened, from what the server answered
   * @param {object} options `undo`: a function for the Undo button
   * @returns {Promise<boolean>} whether it was done
   */
  async function change(call, sentence, { undo = null } = {}) {
    if (busy) {
      tell("Another change is under way; wait for its end.");
      return false;
    }
    busy = true;
    let job = null;
    let stopped = false;
    const shown = progress({ onCancel: () => { stopped = true; } });
    const onProgress = (now) => {
      // Cancelled before the server had named the job: it is asked to stop as soon as it has.
      if (stopped && !job) send("POST", `/jobs/${encodeURIComponent(now.job)}/cancel`).catch(() => {});
      job = now;
      shown.show(now);
    };
    // What is over within a moment needs no progress.
    const late = setTimeout(() => replace(working, shown.element), 500);
    try {
      const answer = await call({ onProgress });
      await reload();
      tell(sentence(answer), undo);
      return true;
    } catch (error) {
      if (error.kind === "Cancelled") await reload().catch(() => {});
      fail(error);
      return false;
    } finally {
      clearTimeout(late);
      shown.done();
      replace(working);
      busy = false;
    }
  }

  return { element, change, tell, fail };
}
