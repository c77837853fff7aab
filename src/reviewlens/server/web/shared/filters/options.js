// Check boxes with counts, which stay where they are while their counts change.
import { h } from "/static/shared/dom.js";
import { bar, count } from "/static/shared/figures.js";

/**
 * Return a list of check boxes.
 * @param {function(string, boolean): void} onToggle told the value and whether it is chosen now
 * @returns {{element: Element, draw: function(Array<object>): void}} `draw` takes the options in
 *   order: {value, label, reviews (null where not known), chosen}
 */
export function optionList(onToggle) {
  const element = h("div.options");
  const rows = new Map();

  function draw(options) {
    const most = Math.max(1, ...options.map((option) => option.reviews ?? 0));
    const there = new Set(options.map((option) => option.value));
    for (const [value, row] of rows) {
      if (there.has(value)) continue;
      row.element.remove();
      rows.delete(value);
    }
    for (const option of options) {
      let row = rows.get(option.value);
      if (!row) {
        row = made(option, onToggle);
        rows.set(option.value, row);
        element.append(row.element);
      }
      row.draw(option, most);
    }
    sort(options);
  }

  /** Put the rows in order, but not under the reader's hands. */
  function sort(options) {
    if (element.contains(document.activeElement)) return;
    const wanted = options.map(({ value }) => rows.get(value).element);
    if (wanted.some((row, at) => element.children[at] !== row)) element.append(...wanted);
  }

  return { element, draw };
}

function made({ value, label, drawn }, onToggle) {
  const box = h("input", { type: "checkbox", onchange: () => onToggle(value, box.checked) });
  const number = h("span.number.muted");
  const name = h("bdi.name", { title: typeof label === "string" ? label : null }, drawn ?? label);
  const element = h("label.option", {}, box, name, number);
  let line = null;
  return {
    element,
    draw({ reviews, chosen }, most) {
      box.checked = chosen;
      number.textContent = reviews === null ? "" : count(reviews);
      element.classList.toggle("none", reviews === 0);
      const next = bar((reviews ?? 0) / most);
      if (line) line.replaceWith(next);
      else element.append(next);
      line = next;
    },
  };
}
