// Gives a theme another name, in the place where the name stands.
import { long } from "/static/shared/api.js";
import { h } from "/static/shared/dom.js";
import { named } from "/static/themes/telling.js";

/**
 * Put a field in the place of a theme's name until it is saved (Enter) or left as it was (Escape).
 * @param {object} theme
 * @param {HTMLElement} place what holds the name; gets it back
 * @param {object} desk carries out changes
 * @param {function()} back called when the field is gone: puts the focus where it was
 */
export function startRenaming(theme, place, desk, back) {
  const before = [...place.childNodes];
  const field = h("input", { type: "text", value: theme.label, maxlength: 200, dir: "auto", "aria-label": `New name of ${theme.label}` });
  const hint = h("p.muted.small", {}, theme.name
    ? `Enter saves, Escape leaves it. An empty name brings back its words: ${theme.terms.join(", ")}.`
    : "Enter saves, Escape leaves it. The name outlasts finding the themes anew.");
  const leave = () => {
    place.replaceChildren(...before);
    back();
    place.dispatchEvent(new CustomEvent("renamingleft", { bubbles: true }));
  };
  const form = h("form.renaming", {
    onsubmit: async (event) => {
      event.preventDefault();
      const name = field.value.trim();
      if (name === theme.label) return leave();
      const done = await desk.change((options) => long(`/themes/${theme.cluster}`, { wait: 1 }, { method: "PATCH", body: { name }, ...options }),
        () => (name ? `${named(theme.label)} is now called ${named(name)}.` : `${named(theme.name)} has its words for a name again.`));
      if (!done && form.isConnected) field.focus();
      return undefined;
    },
    onkeydown: (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      leave();
    },
  }, field, h("button", { type: "submit" }, "Save name"),
  h("button.quiet", { type: "button", onclick: leave }, "Cancel"), hint);
  place.replaceChildren(form);
  field.focus();
  field.select();
}
