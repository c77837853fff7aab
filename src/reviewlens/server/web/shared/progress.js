// How far long work is, with a button that stops it.
import { send } from "/static/shared/api.js";
import { h, replace } from "/static/shared/dom.js";
import { count } from "/static/shared/figures.js";

/**
 * Return what shows a job: `long(path, parameters, {onProgress: shown.show})`, then `shown.done()`.
 * @param {{onCancel?: function}} options called when the reader cancels, besides asking the server
 *   to stop; pass one that aborts the request's signal where nothing may come after
 * @returns {{element: Element, show: function(object): void, done: function(): void}} `show` takes
 *   a Job; `done` takes the element away
 */
export function progress({ onCancel } = {}) {
  const bar = h("progress", { "aria-label": "Progress" });
  const text = h("span.small", { role: "status" }, "Starting …");
  const numbers = h("span.small.muted.number", {});
  const button = h("button", { type: "button", onclick: cancel }, "Cancel");
  const element = h("div.progress", {}, text, bar, numbers, button);
  let job = null;
  let stage = null;

  function show(now) {
    job = now;
    if (now.stage !== stage) {
      stage = now.stage;
      text.textContent = now.state === "waiting" ? "Waiting for other work …" : told(now);
    }
    if (now.total > 0) {
      bar.max = now.total;
      bar.value = now.done;
    } else bar.removeAttribute("value");
    replace(
      numbers,
      now.total > 0 ? `${count(now.done)} of ${count(now.total)}` : "",
      now.seconds >= 2 ? ` ${Math.round(now.seconds)} s` : "",
    );
  }

  function done() {
    element.remove();
  }

  async function cancel() {
    button.disabled = true;
    text.textContent = "Cancelling …";
    onCancel?.();
    if (job) await send("POST", `/jobs/${encodeURIComponent(job.job)}/cancel`).catch(() => {});
  }

  return { element, show, done };
}

function told({ name, stage }) {
  const words = stage || name;
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} …`;
}
