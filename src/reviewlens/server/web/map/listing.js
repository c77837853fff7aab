// Reviews page by page, of ids that the page has already.
import { h, replace } from "/static/shared/dom.js";
import { count, counted } from "/static/shared/figures.js";
import { reviewCard } from "/static/shared/reviews.js";
import { errorBox } from "/static/shared/shell.js";

const PAGE = 10;

/**
 * Return a list of reviews.
 * @param {object} texts as `textKeeper` gives it
 * @param {{level?: string, themes?: Map<number, string>}} options names of themes by number
 */
export function pagedReviews(texts, { themes = new Map() } = {}) {
  const told = h("p.muted.small", { role: "status" });
  const list = h("div.stack", {});
  const earlier = h("button", { type: "button", onclick: () => turn(-PAGE) }, "Earlier ones");
  const later = h("button", { type: "button", onclick: () => turn(PAGE) }, "Further ones");
  const buttons = h("div.row", {}, earlier, later);
  const element = h("div.stack", {}, told, list, buttons);
  let ids = [];
  let from = 0;
  let running = null;

  /** List other reviews. */
  function update(next) {
    ids = next;
    from = 0;
    return fill();
  }

  async function turn(step) {
    from = Math.max(0, Math.min(ids.length - 1, from + step));
    await fill();
    list.firstElementChild?.focus();
  }

  async function fill() {
    running?.abort();
    running = new AbortController();
    const { signal } = running;
    buttons.hidden = ids.length <= PAGE;
    earlier.disabled = from === 0;
    later.disabled = from + PAGE >= ids.length;
    if (!ids.length) {
      told.textContent = "No review.";
      replace(list);
      return;
    }
    const page = ids.slice(from, from + PAGE);
    told.textContent = ids.length > PAGE
      ? `${count(from + 1)} to ${count(from + page.length)} of ${counted(ids.length, "review")}` : counted(ids.length, "review");
    try {
      const found = await texts.some(page, { signal });
      replace(list, found.map((review) => reviewCard(review, { theme: themes.get(review.cluster) ?? null, onMap: false })));
    } catch (error) {
      if (error.name !== "AbortError") replace(list, errorBox(error, { retry: fill }));
    }
  }

  return { element, update };
}
