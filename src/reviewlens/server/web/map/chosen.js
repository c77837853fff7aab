// The review that the address names: its card, or why the map has no point of it.
import { h, replace } from "/static/shared/dom.js";
import { reviewCard } from "/static/shared/reviews.js";
import { errorBox } from "/static/shared/shell.js";

/**
 * Return what tells of the chosen review.
 * @param {object} texts as `textKeeper` gives it
 * @param {{close: function(): void, clearFilters: function(): void, show: function(string): void}}
 *   told that no review is to be chosen, that all filters are to go, that a group is to be shown
 * @returns {{card: HTMLElement, missing: HTMLElement, update: function}}
 */
export function chosenReview(texts, { close, clearFilters, show }) {
  const card = h("section.stack", { "aria-label": "Chosen review", "aria-live": "polite" });
  const missing = h("div", { role: "status" });
  let now = "";

  /**
   * Tell of another review.
   * @param {string} id empty for none
   * @param {{stored?: boolean, theme?: string|null, filtered?: boolean, hidden?: object|null}} known
   *   whether the map has its point, its theme's name, whether the filters leave it out, and the
   *   group of the legend that is hidden and has it
   */
  async function update(id, { stored = false, theme = null, filtered = false, hidden = null } = {}) {
    now = id;
    const name = h("bdi", {}, `“${id}”`);
    if (id && !stored) {
      say(["No review has the id ", name, ", none has it any longer, or the map leaves it out as its language is not read. Look for what it says with Find, or on the page ",
        h("a", { href: "/" }, "Search"), "."], "Close", close);
    } else if (filtered) say(["The filters leave out the review ", name, "; clear them to see its point. Its text is below the map."], "Clear the filters", clearFilters);
    else if (hidden) {
      say(["The review ", name, " is in the group ", h("bdi", {}, `“${hidden.label}”`), ", which the legend hides; show the group to see its point. Its text is below the map."],
        "Show the group", () => show(hidden.key));
    } else replace(missing);
    if (!id || !stored) return replace(card);
    try {
      const review = await texts.one(id);
      const actions = [h("button.quiet", { type: "button", onclick: close }, "Close")];
      if (now === id) replace(card, review ? reviewCard(review, { actions, theme, onMap: false }) : null);
    } catch (error) {
      if (now === id) replace(card, errorBox(error));
    }
    return undefined;
  }

  function say(sentence, action, onclick) {
    replace(missing, h("div.notice.row", {}, h("p", {}, sentence), h("button", { type: "button", onclick }, action)));
  }

  return { card, missing, update };
}
