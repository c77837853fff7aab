// How a file is read: which column is what, and what would be stored; everything can be corrected.
import { get, long } from "/static/shared/api.js";
import { announce } from "/static/shared/dialogs.js";
import { h, replace } from "/static/shared/dom.js";
import { count, counted } from "/static/shared/figures.js";
import { progress } from "/static/shared/progress.js";
import { errorBox } from "/static/shared/shell.js";
import { columnTable } from "/static/upload/columns.js";
import { mappingForm } from "/static/upload/form.js";
import { plannedElement } from "/static/upload/planned.js";
import { bodyOf, SETTINGS } from "/static/upload/settings.js";
import { faultyField, inPlace } from "/static/upload/words.js";
import { startStoring } from "/static/upload/storing.js";

const PAUSE = 250;
/** How a plan's note begins that tells of an ingest that would be refused. */
const STOPS = "The ingest would stop";

/** Show the second step; `failure` is why storing failed, where it did. */
export async function showMapping(place, page, failure = null) {
  const base = `/uploads/${encodeURIComponent(page.state().upload)}`;
  const heading = h("h2", {}, "The file");
  const facts = h("p.muted");
  const alert = h("div.stack");
  const formPlace = h("div");
  const preview = h("div.stack", {});
  const columns = h("div.stack");
  const said = h("p", { role: "status" }, "Reading the file …");
  const store = h("button.primary", { type: "button", disabled: true, onclick: storeAll }, "Store");
  let form = null;
  let asking = new AbortController();
  let timer = null;

  place.append(h("div.row", {}, heading, h("span.push", {}, h("a.button", { href: "/upload", onclick: another }, "Another file"))), facts, alert,
    h("div.mapping", {}, formPlace, h("section.stack", { "aria-label": "What would be stored" }, preview, columns)),
    h("div.storing", {}, said, store));
  const fresh = await look();
  if (!fresh) return;
  if (failure) fail(failure);
  plan({ keep: failure !== null });

  function another(event) {
    event.preventDefault();
    page.begin();
  }

  /** Read the columns, and build the form for them. */
  async function look() {
    const { encoding, delimiter, quoted_rows } = page.state();
    try {
      const found = await get(`${base}/preview`, { encoding, delimiter, quoted_rows }, { signal: page.signal });
      replace(heading, h("bdi", {}, found.file));
      facts.textContent = `${counted(found.columns.length, "column")}; encoding: ${found.encoding} (${found.encoding_decided})`;
      form = mappingForm(found, page.state(), change, startAnew);
      replace(formPlace, form.element);
      replace(columns, columnTable(found, {}));
      columns.found = found;
      return true;
    } catch (error) {
      if (error.name === "AbortError") return false;
      said.textContent = "Nothing can be stored yet: see what is said above.";
      store.disabled = true;
      if (!form) offerReading(error);
      fail(error);
      return false;
    }
  }

  /** Let the encoding and the delimiter be said where the file cannot be read without. */
  function offerReading(error) {
    if (!["encoding", "delimiter"].includes(faultyField(error))) {
      replace(place, alert, h("div", {}, h("button.primary", { type: "button", onclick: () => page.begin() }, "Choose another file")));
      return;
    }
    form = mappingForm({ columns: [] }, page.state(), change, startAnew, { short: true });
    replace(formPlace, form.element);
  }

  async function change(some) {
    const [name] = Object.keys(some);
    const reread = ["encoding", "delimiter", "quoted_rows"].includes(name);
    // Other columns may come of it, so that what was chosen of these holds no more.
    page.change(reread ? { ...some, column: [], source_column: "" } : some, { quiet: true });
    clearTimeout(timer);
    if (reread) {
      if (!(await look())) return;
      form.focus(name);
    }
    timer = setTimeout(plan, PAUSE);
  }

  function startAnew() {
    page.change({ ...SETTINGS }, { quiet: true, replace: false });
    look().then((found) => { if (found) plan(); });
  }

  async function plan({ keep = false } = {}) {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    const shown = progress({ onCancel: () => asking.abort() });
    store.disabled = true;
    said.textContent = "Reading the file …";
    preview.setAttribute("aria-busy", "true");
    preview.prepend(shown.element);
    shown.element.hidden = preview.childElementCount > 1;
    try {
      const found = await long(`${base}/plan`, { wait: 1 }, {
        method: "POST", body: bodyOf(page.state()), onProgress: (job) => { shown.element.hidden = false; shown.show(job); },
        signal: AbortSignal.any([signal, page.signal]),
      });
      if (signal.aborted || page.signal.aborted) return;
      if (!keep) replace(alert);
      if (!keep) form.fail(null);
      form.update(found);
      replace(columns, columnTable(columns.found, found.files[0].columns, found.files[0].text_columns));
      replace(preview, plannedElement(found));
      ready(found);
    } catch (error) {
      if (page.signal.aborted) return;
      if (error.name === "AbortError" || error.kind === "Cancelled") {
        if (!signal.aborted || asking.signal !== signal) return;
        said.textContent = "Reading was cancelled.";
        return;
      }
      replace(preview, h("p.muted", {}, "What would be stored is shown here once the file can be read."));
      said.textContent = "Nothing can be stored yet: see what is said above.";
      fail(error);
    } finally {
      shown.done();
      if (asking.signal === signal) preview.removeAttribute("aria-busy");
    }
  }

  function ready(found) {
    const stops = found.notes.find((note) => note.startsWith(STOPS));
    store.disabled = found.accepted === 0 || stops !== undefined;
    if (stops) form.fail("force", inPlace(stops));
    store.textContent = `Store ${counted(found.accepted, "review")}`;
    said.textContent = found.read === 0 ? "The file has no row below its header."
      : `${count(found.accepted)} of ${counted(found.read, "row")} would be taken${found.rejected ? `, ${count(found.rejected)} rejected` : ""}.`;
    if (stops) said.textContent += " It would stop all the same: see why.";
    announce(said.textContent);
  }

  /** Show why something failed, next to the field at fault and on top. */
  function fail(error) {
    const told = Object.assign(Object.create(error), { message: inPlace(error.message) });
    const field = faultyField(error);
    const at = form?.fail(field, told.message, error);
    replace(alert, at ? null : errorBox(told, {}));
  }

  async function storeAll() {
    store.disabled = true;
    store.classList.add("busy");
    try {
      page.change({ job: await startStoring(base, bodyOf(page.state()), page) });
    } catch (error) {
      if (error.name === "AbortError") return;
      store.disabled = false;
      fail(error);
    } finally {
      store.classList.remove("busy");
    }
  }
}
