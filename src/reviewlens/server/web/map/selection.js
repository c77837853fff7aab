// What was selected: how many, their stars, words, themes, quotes and reviews; and as a file.
import { address, Failure, follow, long } from "/static/shared/api.js";
import { say } from "/static/shared/dialogs.js";
import { h, replace } from "/static/shared/dom.js";
import { bar, count, counted, date, estimate, share, stars } from "/static/shared/figures.js";
import { progress } from "/static/shared/progress.js";
import { reviewCard } from "/static/shared/reviews.js";
import { errorBox } from "/static/shared/shell.js";

const FILES = [["xlsx", "XLSX"], ["csv", "CSV"]];
const UNSURE = 0.05;

/**
 * Return the part of the page that tells of the selection.
 * @param {{list: object, onClear: function(): void}} options `list` shows its reviews
 */
export function selectionPanel({ list, onClear }) {
  const title = h("h2", { id: "selection-title", tabindex: "-1" });
  const figures = h("div.stack", {});
  const files = FILES.map(([format, text]) => h("button.quiet",
    { type: "button", "aria-label": `Save the selection as ${text}`, onclick: (event) => save(format, event.currentTarget) }, text));
  const clear = h("button", { type: "button", onclick: onClear }, "Clear the selection");
  const element = h("section.stack.selection", { "aria-labelledby": "selection-title", hidden: true },
    h("div.row", {}, title, h("div.row.push", {}, files, clear)),
    figures, h("h3", {}, "Its reviews"), list.element);
  let ids = [];
  let running = null;

  /** Tell of some reviews; of none the panel is hidden. */
  async function update(next) {
    running?.abort();
    running = new AbortController();
    const { signal } = running;
    ids = next;
    element.hidden = !ids.length;
    if (!ids.length) return;
    title.textContent = `Selection: ${counted(ids.length, "review")}`;
    list.update(ids);
    const shown = progress({ onCancel: () => running.abort() });
    replace(figures, shown.element);
    try {
      const found = await long("/selection", { n: 12 }, { method: "POST", body: { review_ids: ids }, onProgress: shown.show, signal });
      if (!signal.aborted) replace(figures, told(found));
    } catch (error) {
      if (error.name === "AbortError") shown.done();
      else if (!signal.aborted) replace(figures, errorBox(error, { retry: () => update(ids) }));
    }
  }

  async function save(format, button) {
    button.disabled = true;
    try {
      await savePosted(address("/selection/file", { format, wait: 1 }), { review_ids: ids }, `selection.${format}`);
    } catch (error) {
      say(error.message);
    } finally {
      button.disabled = false;
    }
  }

  return { element, update, focus: () => title.focus() };
}

function told(found) {
  const { reviews, rest, rated, mean, mean_rest: others, first, last, read, read_rest: readRest } = found;
  const plain = (value) => value.toFixed(2);
  return [
    h("p", {}, rated
      ? [stars(mean.value), ` ${estimate(mean, plain)} stars on average`, others ? `; the rest ${estimate(others, plain)}` : "", rated < reviews ? ` (${counted(reviews - rated, "review")} without stars)` : "", "."]
      : "None of them has stars.", first ? ` From ${date(first)} to ${date(last)}.` : ""),
    h("div.parts", {},
      rated ? parts("Stars", found.stars, (part) => (part.value ? `${part.value} ${part.value === "1" ? "star" : "stars"}` : "No stars")) : null,
      found.themes.length ? parts("Themes", found.themes, (part) => part.label) : null,
      found.products.length ? parts("Products", found.products, (part) => part.label) : null),
    words(found, rest),
    reviews > read || rest > readRest
      ? h("p.muted.small", {}, `Words and quotes are of ${counted(read, "review")} of the selection and ${count(readRest)} of the rest, drawn at random.`) : null,
    found.quotes.length ? [h("h3", {}, "What speaks for it"), found.quotes.map((quote) => reviewCard(quote, { onMap: false }))] : null,
  ];
}

function parts(title, rows, name) {
  return h("div.scroll", {}, h("table.data", {}, h("caption", {}, title),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, title.replace(/s$/, "")), h("th.number", { scope: "col" }, "Reviews"),
      h("th.number", { scope: "col" }, "Share"), h("th.number", { scope: "col" }, "Of the rest"))),
    h("tbody", {}, rows.map((part) => h("tr", {},
      h("th", { scope: "row", class: "plain-head" }, h("bdi", {}, name(part)), bar(part.share.value)),
      h("td.number", {}, count(part.reviews)), h("td.number", {}, share(part.share.value)),
      h("td.number", {}, part.share_rest ? [share(part.share_rest.value), differs(part)] : "–"))))));
}

/** Return a sign for a share that differs from the rest's beyond chance, with its meaning. */
function differs({ share: own, share_rest: other, p }) {
  if (p === null || p > UNSURE) return null;
  const more = own.value > other.value;
  return [h("span", { "aria-hidden": "true" }, more ? " ▲" : " ▼"), h("span.hidden-text", {}, more ? ", more here" : ", fewer here")];
}

function words(found, rest) {
  if (!rest) return h("p.muted", {}, "All reviews are selected: there is no rest to compare its words with.");
  if (!found.words.length) return h("p.muted", {}, "It says no word more often than the rest beyond chance.");
  return h("div.scroll", {}, h("table.data", {}, h("caption", {}, "Words it says more than the rest"),
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Word"), h("th.number", { scope: "col" }, "Of the selection"),
      h("th.number", { scope: "col" }, "Of the rest"), h("th", { scope: "col" }, "As in"))),
    h("tbody", {}, found.words.map((word) => h("tr", {},
      h("th", { scope: "row", class: "plain-head" }, h("bdi", {}, word.name)),
      h("td.number", {}, share(word.share_a.value)), h("td.number", {}, share(word.share_b.value)),
      h("td", { dir: "auto" }, word.quotes_a[0]?.text ?? ""))))));
}

/** Send a body, wait for the file that comes of it, and let the browser save it. */
async function savePosted(url, body, name) {
  let response = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (response.status === 202) {
    const job = await response.json();
    await follow(job);
    response = await fetch(address(`/jobs/${encodeURIComponent(job.job)}/result`));
  }
  if (!response.ok) {
    const failure = await response.json().catch(() => ({}));
    throw new Failure(failure.error, failure.message ?? `The server answered ${response.status}.`, response.status);
  }
  const blob = URL.createObjectURL(await response.blob());
  h("a", { href: blob, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(blob), 60_000);
}
