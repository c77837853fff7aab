// The names of the themes on the map, the largest first, none over another.
import { h, replace } from "/static/shared/dom.js";

const CLEAR = 20; // pixels around a place that no name covers

/**
 * Return what writes names over a scene.
 * @param {Array<{label: string, x: number, y: number}>} themes the largest first
 * @param {object} scene
 */
export function labelsOver(themes, scene) {
  // The legend has the same names; here they would only be read twice.
  const element = h("div.labels", { "aria-hidden": "true" });
  const names = themes.slice(0, 60).map((theme) => ({ ...theme, node: h("span", { dir: "auto" }, theme.label) }));
  let sizes = null;
  let waiting = 0;
  let clear = null;

  function place() {
    waiting = 0;
    const { clientWidth: width, clientHeight: height } = element;
    sizes ??= names.map(({ node }) => [node.offsetWidth, node.offsetHeight]);
    const taken = [];
    if (clear) {
      const [x, y] = scene.toPixels(...clear);
      taken.push({ left: x - CLEAR, right: x + CLEAR, top: y - CLEAR, bottom: y + CLEAR });
    }
    names.forEach(({ node, x, y }, at) => {
      const [wide, high] = sizes[at];
      const [middle, centre] = scene.toPixels(x, y);
      const left = Math.max(2, Math.min(width - wide - 2, middle - wide / 2));
      const top = centre - high / 2;
      const free = middle > 0 && middle < width && top > 0 && top + high < height && wide > 0
        && !taken.some((one) => left < one.right + 4 && left + wide > one.left - 4
          && top < one.bottom + 2 && top + high > one.top - 2);
      node.style.visibility = free ? "visible" : "hidden";
      if (!free) return;
      node.style.transform = `translate(${left}px, ${top}px)`;
      taken.push({ left, right: left + wide, top, bottom: top + high });
    });
  }

  replace(element, names.map(({ node }) => node));
  function update() {
    waiting ||= requestAnimationFrame(place);
  }

  return {
    element, update,
    /** Write no name over a place on the map, x and y; null for none. */
    keepClear(next) {
      clear = next;
      update();
    },
  };
}
