// The controls above the map.
import { h } from "/static/shared/dom.js";
import { COLORS } from "/static/map/colors.js";

const MODES = [["move", "Move"], ["lasso", "Lasso"], ["rectangle", "Rectangle"]];

/**
 * Return the controls.
 * @param {object} told `color(name)`, `method(name)`, `find(text)`, `mode(name)` of what was chosen,
 *   `pickShown()` and `pickHits()` of what is to be selected
 */
export function toolbar({ color, method, find, mode, pickShown, pickHits }) {
  const colors = h("select", { onchange: () => color(colors.value) },
    COLORS.map(([value, label]) => h("option", { value }, label)));
  const methods = h("select", { onchange: () => method(methods.value) },
    h("option", { value: "pca" }, "PCA"), h("option", { value: "umap" }, "UMAP"));
  const text = h("input", { type: "search", id: "map-find", dir: "auto", maxlength: 8000, placeholder: "in plain words", autocomplete: "off" });
  const modes = MODES.map(([value, label]) => h("label", {},
    h("input", { type: "radio", name: "map-mode", value, checked: value === "move", onchange: () => mode(value) }), label));
  const hits = h("button", { type: "button", hidden: true, onclick: pickHits }, "Select what was found");
  const element = h("div.tools.stack", {},
    h("div.row", {},
      h("label", {}, "Colour by", colors), h("label", { title: "How the meaning is laid on a plane" }, "Method", methods),
      h("form.find.push", { role: "search", onsubmit: (event) => { event.preventDefault(); find(text.value.trim()); } },
        h("label", { for: "map-find" }, "Find"), text, h("button", { type: "submit" }, "Highlight"))),
    h("div.row", {},
      h("fieldset.choice", {}, h("legend", {}, "Drag to"), h("div.options", {}, modes)),
      h("button", { type: "button", onclick: pickShown }, "Select what is shown"), hits));
  text.addEventListener("search", () => { if (!text.value) find(""); });

  return {
    element,
    update(state, { found }) {
      colors.value = state.color;
      methods.value = state.method;
      if (document.activeElement !== text) text.value = state.q;
      hits.hidden = !found;
    },
    /** Choose what a drag does, as if the reader had. */
    choose(value) {
      modes.forEach((label) => { label.firstChild.checked = label.firstChild.value === value; });
      mode(value);
    },
  };
}
