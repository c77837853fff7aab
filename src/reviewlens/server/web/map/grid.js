// Finds points by place: the nearest one, and those inside of an outline.

const CELLS = 128;

/**
 * Return an index of points.
 * @param {Float32Array} places x and y in turn
 * @returns {{box: {left: number, right: number, bottom: number, top: number}, nearest: function,
 *   inside: function}}
 */
export function gridOf(places) {
  const n = places.length / 2;
  const box = boxOf(places);
  const width = (box.right - box.left) / CELLS || 1;
  const height = (box.top - box.bottom) / CELLS || 1;
  const column = (x) => Math.max(0, Math.min(CELLS - 1, Math.floor((x - box.left) / width)));
  const line = (y) => Math.max(0, Math.min(CELLS - 1, Math.floor((y - box.bottom) / height)));
  // Rows ordered by cell; those of cell c are rows[starts[c]] to rows[starts[c + 1] - 1].
  const starts = new Uint32Array(CELLS * CELLS + 1);
  const cells = new Uint16Array(n);
  for (let row = 0; row < n; row += 1) {
    cells[row] = line(places[2 * row + 1]) * CELLS + column(places[2 * row]);
    starts[cells[row] + 1] += 1;
  }
  for (let cell = 0; cell < CELLS * CELLS; cell += 1) starts[cell + 1] += starts[cell];
  const rows = new Uint32Array(n);
  const next = starts.slice();
  for (let row = 0; row < n; row += 1) rows[next[cells[row]]++] = row;

  /** Return the nearest row within a radius that `shown[row]` says is there; -1 for none. */
  function nearest(x, y, radius, shown) {
    let found = -1;
    let least = radius * radius;
    for (let j = line(y - radius); j <= line(y + radius); j += 1) {
      const from = starts[j * CELLS + column(x - radius)];
      const to = starts[j * CELLS + column(x + radius) + 1];
      for (let at = from; at < to; at += 1) {
        const row = rows[at];
        if (!shown[row]) continue;
        const distance = (places[2 * row] - x) ** 2 + (places[2 * row + 1] - y) ** 2;
        if (distance <= least) {
          least = distance;
          found = row;
        }
      }
    }
    return found;
  }

  /** Return a mask of the shown rows inside of an outline: x and y in turn, its ends joined. */
  function inside(outline, shown) {
    const mask = new Uint8Array(n);
    const around = boxOf(outline);
    for (let row = 0; row < n; row += 1) {
      const x = places[2 * row];
      const y = places[2 * row + 1];
      if (!shown[row] || x < around.left || x > around.right || y < around.bottom || y > around.top) continue;
      if (within(x, y, outline)) mask[row] = 1;
    }
    return mask;
  }

  return { box, nearest, inside };
}

/** Tell whether a place is inside of an outline: a ray from it crosses the outline an odd number of times. */
export function within(x, y, outline) {
  let odd = false;
  const last = outline.length - 2;
  for (let at = 0, before = last; at <= last; before = at, at += 2) {
    const [ax, ay, bx, by] = [outline[at], outline[at + 1], outline[before], outline[before + 1]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) odd = !odd;
  }
  return odd;
}

function boxOf(places) {
  const box = { left: Infinity, right: -Infinity, bottom: Infinity, top: -Infinity };
  for (let at = 0; at < places.length; at += 2) {
    box.left = Math.min(box.left, places[at]);
    box.right = Math.max(box.right, places[at]);
    box.bottom = Math.min(box.bottom, places[at + 1]);
    box.top = Math.max(box.top, places[at + 1]);
  }
  return box;
}
