// Draws an outline over the map with the pointer: free, or a rectangle.
import { svg } from "/static/shared/dom.js";

const STEP = 4; // pixels between two corners of a free outline
const LEAST = 6; // pixels: less was a click

/**
 * Return a layer that takes the pointer while it is switched on.
 * @param {function(Array<number>): void} onDrawn told the outline in pixels: x and y in turn
 */
export function lasso(onDrawn) {
  const path = svg("path", {});
  const element = svg("svg.lasso", { "aria-hidden": "true" }, path);
  let mode = "move";
  let outline = null;
  let start = null;

  const at = (event) => {
    const { left, top } = element.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };

  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (!event.isPrimary) return void clear(); // a second finger is no corner
    element.setPointerCapture(event.pointerId);
    start = at(event);
    outline = [...start];
    event.preventDefault();
  });
  element.addEventListener("pointermove", (event) => {
    if (!outline) return;
    const [x, y] = at(event);
    if (mode === "rectangle") outline = [...start, x, start[1], x, y, start[0], y];
    else if (Math.hypot(x - outline.at(-2), y - outline.at(-1)) >= STEP) outline.push(x, y);
    draw();
  });
  element.addEventListener("pointerup", () => {
    const found = outline;
    clear();
    if (!found || found.length < 6) return;
    const xs = found.filter((_, place) => place % 2 === 0);
    const ys = found.filter((_, place) => place % 2 === 1);
    const wide = Math.max(...xs) - Math.min(...xs);
    const high = Math.max(...ys) - Math.min(...ys);
    if (wide >= LEAST && high >= LEAST) onDrawn(found);
  });
  element.addEventListener("pointercancel", clear);

  function clear() {
    outline = null;
    start = null;
    draw();
  }

  function draw() {
    if (!outline) path.removeAttribute("d");
    else path.setAttribute("d", `M${outline.join(" ")}Z`);
  }

  return {
    element,
    /** `move`, `lasso` or `rectangle`. */
    set mode(next) {
      mode = next;
      element.classList.toggle("on", next !== "move");
      clear();
    },
  };
}
