// Joins chosen themes to one: which name stays is asked first.
import { long } from "/static/shared/api.js";
import { ask } from "/static/shared/dialogs.js";
import { h } from "/static/shared/dom.js";
import { many, named } from "/static/themes/telling.js";

/**
 * Make the bar that tells what is chosen, and merges it.
 * @param {object} desk carries out changes
 * @param {function(): Array} themes those that are listed now
 * @param {Set<number>} chosen their numbers
 * @param {function()} onClear called when the choice was emptied
 * @returns {{element: HTMLElement, show: function()}}
 */
export function mergeBar(desk, themes, chosen, onClear) {
  const told = h("span", { role: "status" });
  const merge = h("button", { type: "button", onclick: open }, "Merge …");
  const clear = h("button.quiet", { type: "button", onclick: empty }, "Clear choice");
  const element = h("div.merge-bar", {}, told, merge, clear);

  function empty() {
    chosen.clear();
    onClear();
  }

  function show() {
    const none = chosen.size === 0;
    const text = none ? "Tick two or more themes to merge them." : `${many(chosen.size, "theme")} chosen.`;
    if (told.textContent !== text) told.textContent = text;
    merge.disabled = chosen.size < 2;
    clear.hidden = none;
  }

  async function open() {
    const those = themes().filter((theme) => chosen.has(theme.cluster)).sort((one, other) => other.reviews - one.reviews);
    const kept = await askWhichStays(those);
    if (kept === null) return;
    const others = those.filter((theme) => theme !== kept);
    const done = await desk.change(
      (options) => long(`/themes/${kept.cluster}/merge`, { wait: 1 }, { method: "POST", body: { themes: others.map((one) => one.cluster) }, ...options }),
      () => `${those.length} themes were merged into ${named(kept.label)}.`);
    if (!done) return;
    empty();
    document.querySelector(`[data-theme="${kept.cluster}"] h3 a`)?.focus();
  }
  return { element, show };
}

async function askWhichStays(those) {
  const options = those.map((theme, place) => [place, `${theme.label} (${many(theme.reviews, "review")})`]);
  const told = await ask(`Merge ${those.length} themes`, [
    { name: "kept", label: "Which name and number stay?", type: "select", options, value: 0 },
  ], { action: "Merge", text: "Their reviews become one theme. There is no undo: splitting it again gives other parts." });
  return told === null ? null : those[Number(told.kept)];
}
