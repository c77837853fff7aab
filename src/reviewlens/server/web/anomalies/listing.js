// A list that is shown piece by piece.
import { h } from "/static/shared/dom.js";
import { count } from "/static/shared/figures.js";

const AT_ONCE = 25;

/**
 * Return a list with a button for more.
 * @param {Array<object>} rows
 * @param {function(object, number): Element} draw makes the element of a row; told its place
 * @param {{label: string, end?: string}} options `label` names the list; `end` stands below the last
 */
export function listing(rows, draw, { label, end = "" }) {
  const list = h("ol.reviews", { "aria-label": label, role: "list" });
  const button = h("button", { type: "button", onclick: more });
  const last = h("p.muted", { hidden: true }, end);
  let shown = 0;

  function more() {
    const next = rows.slice(shown, shown + AT_ONCE);
    const items = next.map((row, at) => h("li", {}, draw(row, shown + at)));
    list.append(...items);
    const first = shown > 0;
    shown += next.length;
    const left = rows.length - shown;
    button.hidden = left <= 0;
    button.textContent = `Show ${count(Math.min(left, AT_ONCE))} more of ${count(left)}`;
    last.hidden = left > 0 || !end;
    if (first) items[0]?.querySelector("[tabindex], a, button, summary")?.focus();
  }

  more();
  return h("div.stack", {}, list, h("div", {}, button), last);
}

/**
 * Return one of a few as radio buttons.
 * @param {string} legend
 * @param {Array<[string, string|Array]>} options value and text
 * @param {string} chosen
 * @param {function(string): void} onChange
 */
export function choice(legend, options, chosen, onChange) {
  choice.number = (choice.number ?? 0) + 1;
  const name = `choice-${choice.number}`;
  return h("fieldset.choice", {}, h("legend", {}, legend),
    h("div.options", {}, options.map(([value, text]) => h("label", {},
      h("input", { type: "radio", name, value, checked: value === chosen, onchange: () => onChange(value) }), text))));
}
