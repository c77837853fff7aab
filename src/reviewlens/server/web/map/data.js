// The map as the server has it: one binary answer with all points.
import { address, Failure, follow } from "/static/shared/api.js";

export const NO_DAY = -(2 ** 31);

/**
 * Load the points of all reviews; see `GET /map/points` of the API for the form.
 * @param {string} method `pca` or `umap`
 * @param {{signal?: AbortSignal, onProgress?: function(object): void}} options `onProgress` is told
 *   the job where the map is not made yet
 * @returns {Promise<object>} columns, one row a review: `places` (x, y in turn), `stars`, `days`,
 *   `clusters`, `product`, `source`, `language`; `n`; `outline` with the names; `ids()`, `rows()`
 */
export async function loadMap(method, { signal, onProgress } = {}) {
  const url = address("/map/points", { method });
  let response = await fetched(url, signal);
  if (response.status === 202) {
    await follow(await response.json(), { signal, onProgress });
    response = await fetched(url, signal);
  }
  return decoded(await response.arrayBuffer());
}

async function fetched(url, signal) {
  let response;
  try {
    response = await fetch(url, { signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Failure("Unreachable", "The server does not answer. Is `reviewlens serve` running?", 0);
  }
  if (response.ok) return response;
  const told = await response.json().catch(() => ({}));
  throw new Failure(told.error, told.message ?? `The server answered ${response.status}.`, response.status);
}

function decoded(buffer) {
  const text = new TextDecoder();
  const size = new DataView(buffer).getUint32(0, true);
  const outline = JSON.parse(text.decode(new Uint8Array(buffer, 4, size)));
  const n = outline.reviews;
  let at = 4 + size;
  const column = (Kind, length = n) => {
    const found = new Kind(buffer, at, length);
    at += length * 4;
    return found;
  };
  const map = {
    outline, n,
    places: column(Float32Array, 2 * n), stars: column(Float32Array), days: column(Int32Array),
    clusters: column(Int32Array), product: column(Int32Array), source: column(Int32Array),
    language: column(Int32Array),
  };
  const rest = new Uint8Array(buffer, at);
  let ids = null;
  let rows = null;
  // They are not needed to draw.
  map.ids = () => (ids ??= JSON.parse(text.decode(rest)));
  map.rows = () => (rows ??= new Map(map.ids().map((id, row) => [id, row])));
  return map;
}

/** Return what is known of a review without asking, in the names of the API. */
export function factsOf(map, row) {
  const { outline } = map;
  const day = map.days[row];
  return {
    review_id: map.ids()[row],
    rating: Number.isNaN(map.stars[row]) ? null : Math.round(map.stars[row] * 100) / 100,
    time: day === NO_DAY ? null : new Date(day * 86_400_000).toISOString(),
    product: outline.products[map.product[row]],
    source: outline.sources[map.source[row]],
    language: outline.languages[map.language[row]],
    cluster: map.clusters[row],
  };
}

/** Return a mask of rows, 1 for each of some ids. */
export function maskOf(map, ids) {
  const mask = new Uint8Array(map.n);
  const rows = map.rows();
  for (const id of ids) {
    const row = rows.get(id);
    if (row !== undefined) mask[row] = 1;
  }
  return mask;
}
