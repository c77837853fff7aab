// Choosing files: dropped, or by the browser's own dialog; they are sent one after the other.
import { get } from "/static/shared/api.js";
import { h, replace } from "/static/shared/dom.js";
import { counted } from "/static/shared/figures.js";
import { errorBox } from "/static/shared/shell.js";
import { sendFile } from "/static/upload/sending.js";
import { bytes } from "/static/upload/words.js";

const ENDINGS = ".csv,.tsv,.txt,.json,.jsonl,.ndjson,.parquet,.xlsx,.xls,.xlsb,.xlsm,.ods,.pdf,.md,.markdown,.gz,.zip";

/** Show the first step. */
export function showChoosing(place, page) {
  const input = h("input", { type: "file", id: "file", multiple: true, accept: ENDINGS, "aria-describedby": "file-hint", onchange: () => take(input.files) });
  const zone = h("label.drop", { for: "file", ondragover: over, ondragleave: () => zone.classList.remove("over"), ondrop: drop },
    h("span.large", {}, "Drop a file with reviews here, or choose one"), input);
  const below = h("div.stack", { "aria-live": "polite" });
  const told = h("div.stack");
  place.append(zone, h("p.muted.measure", { id: "file-hint" }, "A table (CSV, TSV, JSON, Parquet), a workbook (XLSX, XLS, ODS) or a document (PDF, Markdown, plain text), also as .gz or .zip. ",
    "Nothing is stored before you have seen how it is read. The file stays on the machine that runs this server."), below, told);
  guard(page.signal);
  tellRunning(told, page);
  if (page.files.length) next();

  function over(event) {
    event.preventDefault();
    zone.classList.add("over");
  }

  function drop(event) {
    event.preventDefault();
    zone.classList.remove("over");
    take(event.dataTransfer.files);
  }

  function take(list) {
    const fresh = [...list];
    if (!fresh.length) return;
    page.files.push(...fresh);
    input.value = "";
    next();
  }

  async function next() {
    const file = page.files.shift();
    const stop = new AbortController();
    const bar = h("progress", { max: 1, value: 0, "aria-label": `Sending ${file.name}` });
    const numbers = h("span.small.muted.number");
    const more = page.files.length ? h("p.small.muted", {}, `${counted(page.files.length, "more file")} after it: ${page.files.map(({ name }) => name).join(", ")}`) : null;
    const abort = h("button", { type: "button", onclick: () => stop.abort() }, "Stop sending");
    const sending = h("div.progress", {}, h("span.small", {}, "Sending ", h("bdi", {}, file.name)), bar, numbers, abort);
    zone.hidden = true;
    replace(below, sending, more);
    const warn = (event) => event.preventDefault();
    addEventListener("beforeunload", warn);
    try {
      const sent = await sendFile(file, {
        signal: AbortSignal.any([stop.signal, page.signal]),
        onProgress: (done, total) => {
          bar.value = total ? done / total : 0;
          numbers.textContent = done < total ? `${bytes(done)} of ${bytes(total)}` : `${bytes(total)} sent`;
        },
      });
      page.begin({ upload: sent.upload });
    } catch (error) {
      if (page.signal.aborted) return;
      zone.hidden = false;
      const left = page.files.length ? h("div", {}, h("button", { type: "button", onclick: next }, "Go on with ", h("bdi", {}, page.files[0].name))) : null;
      replace(below, error.name === "AbortError"
        ? h("p.notice", {}, h("bdi", {}, file.name), " was not sent to its end; nothing of it is kept.")
        : h("div.stack", {}, h("p", {}, h("bdi", {}, file.name), `, ${bytes(file.size)}:`), errorBox(error)), left);
      input.focus();
    } finally {
      removeEventListener("beforeunload", warn);
    }
  }
}

/** Keep the browser from opening a file that is dropped beside the zone. */
function guard(signal) {
  for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault(), { signal });
}

/** Tell of files that are being stored now, which go on when the page is left. */
async function tellRunning(place, page) {
  const jobs = await get("/jobs", {}, { signal: page.signal }).catch(() => []);
  const now = jobs.filter(({ name, state }) => name === "ingest" && (state === "waiting" || state === "running"));
  if (now.length) {
    replace(place, h("p.notice", {}, "Reviews are being stored: ", now.map(({ job }, at) =>
      [at ? ", " : "", h("a", { href: `/upload?${new URLSearchParams({ job })}` }, now.length > 1 ? `upload ${at + 1}` : "see how far it is")])));
  }
}
