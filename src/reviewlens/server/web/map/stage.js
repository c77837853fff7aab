// The map itself: points, names, the outline that is drawn, the box beside the pointer, keys.
import { h, replace } from "/static/shared/dom.js";
import { counted } from "/static/shared/figures.js";
import { gridOf } from "/static/map/grid.js";
import { labelsOver } from "/static/map/labels.js";
import { lasso } from "/static/map/lasso.js";
import { canDraw, drawingLibrary, sceneIn } from "/static/map/scene.js";
import { tipFor } from "/static/map/tip.js";

const REACH = 12; // pixels from a point in which it answers
const FINGER = 24; // the same, where a finger points
const AROUND = 30; // reviews that are seen around one that is gone to
const MOST_NEAR = 64; // as far as a view goes in to have them apart
const STEP = 0.15; // of the stage that an arrow key moves
const ZOOM = 1.5;

/**
 * Return the stage.
 * @param {object} map as `loadMap` gives it
 * @param {object} texts as `textKeeper` gives it
 * @param {object} told `picked(mask, outline)` of rows inside of an outline, in units of the map;
 *   `chosen(row)` of a click, -1 beside all points; `moved(view)` of another view
 */
export async function stageFor(map, texts, { picked, chosen, moved }) {
  const grid = gridOf(map.places);
  const tip = tipFor(map, texts);
  const canvas = h("div.canvas", {});
  const drawn = lasso((pixels) => {
    const outline = pixels.flatMap((_, at) => (at % 2 ? [] : scene.toMap(pixels[at], pixels[at + 1])));
    picked(grid.inside(outline, shown), outline);
  });
  const zooms = h("div.zooms", {},
    zoomButton("+", "Zoom in", () => enlarge(ZOOM)), zoomButton("−", "Zoom out", () => enlarge(1 / ZOOM)),
    zoomButton("⟲", "Show the whole map", () => scene?.reset()));
  const element = h("div.stage", {
    tabindex: "0", role: "application", "aria-label": `Map of ${counted(map.n, "review")}`, "aria-describedby": "map-keys",
    "aria-busy": "true",
  }, canvas, drawn.element, tip.element, zooms);
  let shown = new Uint8Array(map.n);
  let scene = null;
  let labels = null;
  let pressed = null;
  let pointed = -1; // the row whose text is shown without a pointer on it

  /** Begin to draw; the element has to be on the page. `view` and `row` are those of `show`. */
  async function open(view, row) {
    const library = canDraw() ? await drawingLibrary() : null;
    if (!library) {
      replace(element, h("div.cover", {}, h("p", { role: "alert" }, canDraw()
        ? "The script that draws the map did not load; pip install 'reviewlens[server]' brings the package it is in. The tables below say the same."
        : "This browser cannot draw with WebGL, so there is no picture. The tables below say the same.")));
      element.setAttribute("aria-busy", "false");
      return;
    }
    scene = sceneIn(library, canvas, grid.box, {
      onMove: (now) => { follow(); labels?.update(); moved(now); },
      onDrawn: () => { if (element.getAttribute("aria-busy") === "true") element.setAttribute("aria-busy", "false"); },
    });
    labels = labelsOver(map.outline.themes, scene);
    canvas.after(labels.element);
    if (view || row >= 0) show(view, row);
    labels.update();
  }

  function zoomButton(text, label, onclick) {
    return h("button", { type: "button", "aria-label": label, title: label, onclick }, h("span", { "aria-hidden": "true" }, text));
  }

  function enlarge(by) {
    if (scene) scene.show({ ...scene.view, zoom: scene.view.zoom * by });
  }

  /** Show a view; without one a row in the middle of those near it, and without a row all. */
  function show(view, row) {
    if (view) scene?.show(view);
    else if (row >= 0) scene?.show(around(row));
    else scene?.reset();
  }

  function around(row) {
    const [x, y] = placeOf(row);
    const far = new Float32Array(map.n).map((_, other) => Math.hypot(map.places[2 * other] - x, map.places[2 * other + 1] - y)).sort();
    const reach = far[Math.min(AROUND, map.n - 1)];
    const zoom = (scene.view.zoom / scene.scale) * (Math.min(canvas.clientWidth, canvas.clientHeight) / 2 / reach);
    return { x, y, zoom: Math.max(1, Math.min(MOST_NEAR, zoom)) };
  }

  const placeOf = (row) => [map.places[2 * row], map.places[2 * row + 1]];

  /** Show what is said at the row that is pointed at, beside its point wherever that moves. */
  function follow() {
    const [x, y] = pointed >= 0 ? scene.toPixels(...placeOf(pointed)) : [-1, -1];
    const size = [canvas.clientWidth, canvas.clientHeight];
    if (x < 0 || y < 0 || x > size[0] || y > size[1]) tip.show(-1);
    else tip.show(pointed, x, y, size);
  }

  function leave() {
    pointed = -1;
    tip.show(-1);
  }

  function under(event) {
    const { left, top } = canvas.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const reach = event.pointerType === "touch" ? FINGER : REACH;
    const row = scene ? grid.nearest(...scene.toMap(x, y), reach / scene.scale, shown) : -1;
    return { row, x, y };
  }

  canvas.addEventListener("pointermove", (event) => {
    pointed = -1;
    if (event.buttons) return tip.show(-1);
    const { row, x, y } = under(event);
    element.classList.toggle("pointing", row >= 0);
    return tip.show(row, x, y, [canvas.clientWidth, canvas.clientHeight]);
  });
  canvas.addEventListener("pointerleave", leave);
  canvas.addEventListener("pointerdown", (event) => { pressed = [event.clientX, event.clientY]; });
  canvas.addEventListener("click", (event) => {
    if (!pressed || Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) > 4) return;
    chosen(under(event).row);
  });
  element.addEventListener("keydown", (event) => {
    if (event.target !== element || !scene || event.ctrlKey || event.metaKey || event.altKey) return;
    const done = KEYS[event.key];
    if (!done) return;
    event.preventDefault();
    done();
  });

  const move = (x, y) => () => {
    const { view, scale } = scene;
    scene.show({ ...view, x: view.x + (x * STEP * canvas.clientWidth) / scale, y: view.y + (y * STEP * canvas.clientHeight) / scale });
  };
  const KEYS = {
    ArrowLeft: move(-1, 0), ArrowRight: move(1, 0), ArrowUp: move(0, 1), ArrowDown: move(0, -1),
    "+": () => enlarge(ZOOM), "=": () => enlarge(ZOOM), "-": () => enlarge(1 / ZOOM),
    0: () => scene.reset(), Home: () => scene.reset(), Escape: () => chosen(-1),
    Enter: () => chosen(grid.nearest(scene.view.x, scene.view.y, canvas.clientWidth / scene.scale, shown)),
  };

  return {
    element, open, grid, show,
    /** The view as it is, and the one that has all; null where nothing is drawn. */
    get view() { return scene?.view ?? null; },
    get home() { return scene?.home ?? null; },
    /** Draw points; `mask` says which rows they are, `pinned` the one in a ring, -1 for none. */
    draw(points, mask, pinned) {
      shown = mask;
      leave();
      scene?.draw(points);
      labels?.keepClear(pinned >= 0 && mask[pinned] ? placeOf(pinned) : null);
    },
    /** Show what a row says beside its point. */
    point(row) {
      pointed = row;
      if (scene) follow();
    },
    set mode(next) {
      element.classList.toggle("outlining", next !== "move");
      drawn.mode = next;
      if (scene) scene.movable = next === "move";
    },
    /** Give back what the picture holds of the graphics card. */
    close() { scene?.close(); },
    /** Rows that are shown in the part of the map that is seen, the nearest to its middle first. */
    inView() {
      if (!scene) return [];
      const { x, y } = scene.view;
      const [wide, high] = [canvas.clientWidth / 2 / scene.scale, canvas.clientHeight / 2 / scene.scale];
      const rows = [];
      for (let row = 0; row < map.n; row += 1) {
        if (shown[row] && Math.abs(map.places[2 * row] - x) <= wide && Math.abs(map.places[2 * row + 1] - y) <= high) rows.push(row);
      }
      const far = (row) => (map.places[2 * row] - x) ** 2 + (map.places[2 * row + 1] - y) ** 2;
      return rows.sort((a, b) => far(a) - far(b));
    },
  };
}
