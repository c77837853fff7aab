// What is drawn of each review: where, in which colour and shape, how large.
import { custom } from "/static/map/colors.js";
import { RING, SHAPES } from "/static/map/scene.js";

const DIMMED = 0.14;

/**
 * Return the points to draw; those that stand out are drawn last, over the others.
 * @param {object} map as `loadMap` gives it
 * @param {{groups: Array, of: Uint8Array}} grouped as `groupsBy` gives it
 * @param {Uint8Array} shown 1 for each row that is drawn
 * @param {Uint8Array|null} marked 1 for each row that stands out; null where none does
 * @param {number} pinned a row that is drawn in a ring, -1 for none
 */
export function pointsOf(map, { groups, of }, shown, marked, pinned = -1) {
  let n = pinned >= 0 && shown[pinned] ? 2 : 0; // the ring and its ground
  for (const one of shown) n += one;
  const places = new Float32Array(2 * n);
  const colors = new Uint8Array(4 * n);
  const looks = new Uint8Array(2 * n);
  const size = n > 20_000 ? 4 : n > 4_000 ? 5 : n > 800 ? 7 : 9;
  const alpha = n > 20_000 ? 170 : 215;
  const shapes = groups.map(({ shape }) => SHAPES.indexOf(shape));
  let at = 0;

  function add(row, look, opacity, color = groups[of[row]].color, shape = shapes[of[row]]) {
    places[2 * at] = map.places[2 * row];
    places[2 * at + 1] = map.places[2 * row + 1];
    colors.set(color, 4 * at);
    colors[4 * at + 3] = opacity;
    looks[2 * at] = shape;
    looks[2 * at + 1] = look;
    at += 1;
  }

  for (let row = 0; row < map.n; row += 1) {
    if (shown[row] && row !== pinned && !marked?.[row]) add(row, size, marked ? alpha * DIMMED : alpha);
  }
  for (let row = 0; marked && row < map.n; row += 1) {
    if (shown[row] && row !== pinned && marked[row]) add(row, n > 20_000 ? size : size + 2, 255);
  }
  if (pinned >= 0 && shown[pinned]) {
    add(pinned, size + 12, 255, custom("--surface"), SHAPES.indexOf("circle"));
    add(pinned, size + 2, 255);
    add(pinned, size + 12, 255, custom("--text"), RING);
  }
  return { n, places, colors, looks };
}
