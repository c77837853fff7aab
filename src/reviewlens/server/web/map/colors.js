// What colours tell: groups of reviews, each with a name, a number, a colour and a shape.
import { NO_DAY } from "/static/map/data.js";
import { SHAPES } from "/static/map/scene.js";

const MOST = 12;
const DAY = 86_400_000;

/** What the colours can tell, by name, with what it is called. */
export const COLORS = [
  ["theme", "Theme"], ["stars", "Stars"], ["product", "Product"], ["time", "Date"],
  ["source", "Source"], ["language", "Language"], ["score", "Anomaly score"],
];

/** Return what colours tell where nothing was chosen. */
export function usualColor(map) {
  if (map.outline.themes.length) return "theme";
  if (map.outline.products.length > 1) return "product";
  return "stars";
}

/**
 * Group the reviews of a map.
 * @param {object} map as `loadMap` gives it
 * @param {string} by one of `COLORS`
 * @param {Float32Array|null} scores of each row for `score`, NaN for none
 * @returns {{groups: Array<{key: string, label: string, count: number, color: number[],
 *   shape: string}>, of: Uint8Array}} the groups in order, those without reviews left out, and the
 *   place in it of each row
 */
export function groupsBy(map, by, scores = null) {
  const { names, of, ordered = false } = MAKERS[by](map, scores);
  const counts = new Array(names.length).fill(0);
  for (let row = 0; row < map.n; row += 1) counts[of[row]] += 1;
  const kept = names.map((_, at) => at).filter((at) => counts[at]);
  const place = new Uint8Array(names.length);
  kept.forEach((at, next) => { place[at] = next; });
  const colors = ordered ? scaleColors(kept.filter((at) => !names[at].plain).length) : null;
  let used = 0;
  const groups = kept.map((at) => {
    const { key, label, plain } = names[at];
    const color = plain ? custom("--muted") : colors ? colors[used] : custom(`--series-${(used % MOST) + 1}`);
    const shape = plain ? "circle" : SHAPES[used % SHAPES.length];
    if (!plain) used += 1;
    return { key, label, count: counts[at], color, shape };
  });
  return { groups, of: of.map((at) => place[at]) };
}

const MAKERS = {
  theme({ outline, clusters }) {
    const first = outline.themes.slice(0, MOST);
    const names = first.map(({ cluster, label }) => ({ key: `theme ${cluster}`, label }));
    names.push(others(outline.themes.length - MOST, "themes"), none("No theme"));
    const at = new Map(outline.themes.map(({ cluster }, place) => [cluster, Math.min(place, first.length)]));
    return { names, of: Uint8Array.from(clusters, (cluster) => at.get(cluster) ?? names.length - 1) };
  },
  stars({ stars }) {
    const names = [5, 4, 3, 2, 1].map((n) => ({ key: `${n}`, label: n === 1 ? "1 star" : `${n} stars` }));
    names.push(none("No stars"));
    // Halves go down, as 32 bits may hold a little less than was given.
    const of = Uint8Array.from(stars, (value) => (Number.isNaN(value) ? 5 : 5 - Math.max(1, Math.min(5, Math.floor(value + 1e-4)))));
    return { names, of, ordered: true };
  },
  product: ({ outline, product }) => named(outline.products, product, "products", "No product"),
  source: ({ outline, source }) => named(outline.sources, source, "sources", "No source"),
  language: ({ outline, language }) => named(outline.languages, language, "languages", "Language not known"),
  time({ days }) {
    const [first, last] = span(days);
    if (first === null) return { names: [none("No date")], of: new Uint8Array(days.length) };
    const unit = [1, 3, 6, 12, 24, 60, 120].find((months) => month(last, months) - month(first, months) < MOST) ?? 600;
    const from = month(first, unit);
    const names = [];
    for (let at = from; at <= month(last, unit); at += 1) names.push({ key: `${at}`, label: period(at, unit) });
    names.push(none("No date"));
    const of = Uint8Array.from(days, (day) => (day === NO_DAY ? names.length - 1 : month(day, unit) - from));
    return { names, of, ordered: true };
  },
  score({ n }, scores) {
    const names = [["1", "Oddest 1%"], ["5", "Next 4%"], ["20", "Next 15%"], ["100", "The other 80%"]]
      .map(([key, label]) => ({ key, label }));
    names.push(none("Not scored"));
    const rows = Array.from({ length: n }, (_, row) => row).filter((row) => !Number.isNaN(scores[row]));
    rows.sort((a, b) => scores[b] - scores[a]);
    const of = new Uint8Array(n).fill(4);
    rows.forEach((row, rank) => {
      const part = (rank + 0.5) / rows.length;
      of[row] = part <= 0.01 ? 0 : part <= 0.05 ? 1 : part <= 0.2 ? 2 : 3;
    });
    return { names, of, ordered: true };
  },
};

function named(values, codes, what, without) {
  const first = values.filter(Boolean).slice(0, MOST);
  const names = first.map((value) => ({ key: value, label: value }));
  names.push(others(values.filter(Boolean).length - MOST, what), none(without));
  const at = new Map(first.map((value, place) => [value, place]));
  const of = values.map((value) => (value ? at.get(value) ?? first.length : names.length - 1));
  return { names, of: Uint8Array.from(codes, (code) => of[code]) };
}

const others = (n, what) => ({ key: "others", label: `${Math.max(0, n).toLocaleString("en")} other ${what}`, plain: true });
const none = (label) => ({ key: "none", label, plain: true });

function span(days) {
  let first = null;
  let last = null;
  for (const day of days) {
    if (day === NO_DAY) continue;
    if (first === null || day < first) first = day;
    if (last === null || day > last) last = day;
  }
  return [first, last];
}

/** Return how many periods of some months there were before a day's. */
function month(day, months) {
  const date = new Date(day * DAY);
  return Math.floor((date.getUTCFullYear() * 12 + date.getUTCMonth()) / months);
}

function period(at, months) {
  const year = Math.floor((at * months) / 12);
  if (months === 1) return `${year}-${String(((at * months) % 12) + 1).padStart(2, "0")}`;
  if (months === 3) return `${year} Q${(at % 4) + 1}`;
  if (months === 6) return `${year} ${at % 2 ? "second" : "first"} half`;
  return months === 12 ? `${year}` : `${year} to ${year + months / 12 - 1}`;
}

/** Return so many colours from one to another, in even steps. */
function scaleColors(n) {
  const [from, middle, to] = [custom("--series-1"), custom("--series-5"), custom("--series-8")];
  return Array.from({ length: n }, (_, at) => {
    const part = n > 1 ? (2 * at) / (n - 1) : 0;
    const [a, b, rest] = part <= 1 ? [from, middle, part] : [middle, to, part - 1];
    return a.map((value, channel) => Math.round(value + (b[channel] - value) * rest));
  });
}

/** Return a colour of the style sheet as red, green and blue. */
export function custom(name) {
  const hex = getComputedStyle(document.documentElement).getPropertyValue(name).trim().slice(1);
  return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

/** Return a colour as CSS writes it. */
export function css(color) {
  return `rgb(${color.join(" ")})`;
}
