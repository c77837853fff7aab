// Storing: how far it is, and what became of every row.
import { address, follow, get, send } from "/static/shared/api.js";
import { announce } from "/static/shared/dialogs.js";
import { h, replace } from "/static/shared/dom.js";
import { progress } from "/static/shared/progress.js";
import { errorBox } from "/static/shared/shell.js";
import { reportElement } from "/static/upload/report.js";
import { bodyOf } from "/static/upload/settings.js";
import { duration, faultyField } from "/static/upload/words.js";

/** What the reader can mend on the step before: the failure is shown there. */
const MENDABLE = 422;

/** Start storing, and return the job's id. */
export async function startStoring(base, body, page) {
  const answer = await send("POST", `${base}/ingest?wait=0`, body, { signal: page.signal });
  if (answer.job) return answer.job;
  const jobs = await get("/jobs", {}, { signal: page.signal });
  return jobs.findLast(({ name }) => name === "ingest").job;
}

/** Show the third step. */
export async function showStoring(place, page) {
  const { job } = page.state();
  const again = () => resume(place, page);
  const shown = progress();
  const rest = h("p.muted.small", { role: "status" });
  place.append(h("h2", {}, "Storing"), shown.element, rest,
    h("p.notice.small.measure", {}, "You may leave this page: the work goes on, and this address shows how far it is."));
  const told = remaining();
  try {
    const now = await get(`/jobs/${encodeURIComponent(job)}`, {}, { signal: page.signal });
    const report = await followed(now, page.signal, (at) => {
      shown.show(at);
      rest.textContent = told(at);
    });
    replace(place, reportElement(report, { rejects: address(`/jobs/${encodeURIComponent(job)}/rejects`), page }));
    announce("The reviews are stored.");
    dispatchEvent(new CustomEvent("corpus-changed"));
    place.querySelector("h2").focus();
  } catch (error) {
    if (page.signal.aborted || error.name === "AbortError") return;
    if (error.kind === "Cancelled") cancelled(place, page, again);
    else failed(place, page, error, again);
  }
}

/** Follow a job without cancelling it when the page is left. */
async function followed(job, signal, onProgress) {
  const left = new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new DOMException("The page was left.", "AbortError")));
  });
  return Promise.race([follow(job, { onProgress }), left]);
}

/** Return what tells, of a job as it goes on, which step it is at and how long it will still take. */
function remaining() {
  let stage = null;
  let began = null;
  return ({ stage: now, done, total, seconds }) => {
    if (now !== stage) [stage, began] = [now, { done, seconds }];
    const checking = now === "reading" || (now === "checking" && done < total);
    const step = checking ? "Step 1 of 2: every row is checked before anything is stored."
      : now === "checking" || now === "writing" ? "Step 2 of 2: reviews are embedded and stored, up to a thousand at a time." : "";
    const passed = seconds - began.seconds;
    const gone = done - began.done;
    if (passed < 2 || gone <= 0 || done >= total) return step;
    return `${step} About ${duration(((total - done) * passed) / gone)} left.`;
  };
}

function cancelled(place, page, again) {
  replace(place, h("h2", { tabindex: "-1" }, "Cancelled"),
    h("p.notice.measure", {}, "What was stored until then stays. The same upload completes it: what is there already is not stored again."),
    h("div.row", {}, page.state().upload ? h("button.primary", { type: "button", onclick: again }, "Store the rest") : null,
      page.state().upload ? h("button", { type: "button", onclick: () => page.change({ job: "" }) }, "Back to the columns") : null,
      h("button", { type: "button", onclick: () => page.begin() }, "Another file")));
  place.querySelector("h2").focus();
}

function failed(place, page, error, again) {
  const { upload } = page.state();
  if (upload && (error.status === MENDABLE || faultyField(error))) {
    page.correct(error);
    return;
  }
  const gone = error.status === 404;
  replace(place, h("h2", { tabindex: "-1" }, gone ? "Not known any more" : "This failed"), errorBox(error),
    gone ? null : h("p", {}, "What was stored until then stays; the same upload completes it."),
    h("div.row", {}, upload && !gone ? h("button.primary", { type: "button", onclick: again }, "Try again") : null,
      upload ? h("button", { type: "button", onclick: () => page.change({ job: "" }) }, "Back to the columns") : null,
      h("button", { type: "button", onclick: () => page.begin() }, "Choose a file")));
  place.querySelector("h2").focus();
}

async function resume(place, page) {
  const base = `/uploads/${encodeURIComponent(page.state().upload)}`;
  try {
    page.change({ job: await startStoring(base, bodyOf(page.state()), page) });
  } catch (error) {
    if (error.name !== "AbortError") place.append(errorBox(error, { retry: () => resume(place, page) }));
  }
}
