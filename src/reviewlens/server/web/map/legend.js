// What the colours tell, as a table: for who does not see the map it is what the map shows.
import { h, replace, svg } from "/static/shared/dom.js";
import { count, share } from "/static/shared/figures.js";
import { css } from "/static/map/colors.js";

const OUTLINES = {
  circle: "M8 2a6 6 0 1 0 .01 0Z",
  square: "M3 3h10v10H3Z",
  diamond: "M8 1l7 7-7 7-7-7Z",
  triangle: "M8 2l7 12H1Z",
};

/**
 * Return a legend.
 * @param {{toggle: function(string): void, only: function(string): void,
 *   pick: function(string): void}} told the key of a group: to hide or show it, to show it alone
 *   (or all again), to select its reviews
 */
export function legendOf({ toggle, only, pick }) {
  const body = h("tbody", {});
  const caption = h("caption", {});
  const element = h("div.scroll.legend", {},
    h("table.data", {}, caption,
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Group"),
        h("th.number", { scope: "col" }, "Reviews"), h("th.number", { scope: "col" }, "Share"),
        h("th", { scope: "col" }, h("span.hidden-text", {}, "Actions")))),
      body));
  let built = null;

  /**
   * Show groups.
   * @param {string} title what they are
   * @param {Array<object>} groups as `groupsBy` gives them
   * @param {number[]} left how many reviews of each the filters leave
   * @param {Set<string>} off keys of those that are hidden
   */
  function update(title, groups, left, off) {
    if (built !== groups) {
      built = groups;
      replace(body, groups.map((group) => row(group)));
    }
    caption.textContent = `Colours and shapes: ${title.toLowerCase()}`;
    const all = left.reduce((sum, n) => sum + n, 0);
    groups.forEach((group, at) => {
      const line = body.children[at];
      const hidden = off.has(group.key);
      line.classList.toggle("off", hidden);
      line.querySelector("input").checked = !hidden;
      line.children[1].textContent = left[at] === group.count ? count(left[at]) : `${count(left[at])} of ${count(group.count)}`;
      line.children[2].textContent = all ? share(left[at] / all) : "–";
      const alone = !hidden && off.size > 0 && off.size === groups.length - 1;
      line.querySelector("[data-do=only]").setAttribute("aria-pressed", String(alone));
    });
  }

  function row({ key, label, color, shape }) {
    const swatch = svg("svg.swatch", { viewBox: "0 0 16 16", "aria-hidden": "true" },
      svg("path", { d: OUTLINES[shape], style: { fill: css(color) } }));
    return h("tr", {},
      h("th", { scope: "row" }, h("label", {},
        h("input", { type: "checkbox", onchange: () => toggle(key), "aria-label": `Show ${label}` }),
        swatch, h("bdi", {}, label))),
      h("td.number", {}), h("td.number", {}),
      h("td.doings", {},
        h("button.quiet", { type: "button", "data-do": "only", "aria-label": `Only ${label}`, onclick: () => only(key) }, "Only"),
        h("button.quiet", { type: "button", "aria-label": `Select ${label}`, onclick: () => pick(key) }, "Select")));
  }

  return { element, update };
}
