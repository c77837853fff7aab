// Figures as they are shown: stars, shares, dates, counts, and lines.
import { h, svg } from "/static/shared/dom.js";

const COUNT = new Intl.NumberFormat("en");
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * Return stars as an element: drawn, and said for who does not see them.
 * @param {number|null|undefined} value 1 to 5, null for none
 * @param {{number?: boolean}} options whether the number stands beside them
 */
export function stars(value, { number = false } = {}) {
  if (value === null || value === undefined) return h("span.muted", {}, "no stars");
  const told = number ? value.toFixed(1) : String(Math.round(value * 10) / 10);
  const part = `${Math.max(0, Math.min(1, value / 5)) * 100}%`;
  const drawn = h(
    "span.stars",
    { role: "img", "aria-label": `${told} of 5 stars` },
    "★★★★★",
    h("span", { "aria-hidden": "true", style: { width: part } }, "★★★★★"),
  );
  const shown = number || told.includes(".");
  return h("span.rating", {}, drawn, shown ? h("span", { "aria-hidden": "true" }, told) : null);
}

/** Return a share of 0..1 as text: `12%`, `0.4%`, `under 0.1%`. */
export function share(x) {
  if (x === null || x === undefined) return "–";
  const percent = x * 100;
  if (percent > 0 && percent < 0.1) return "under 0.1%";
  return `${COUNT.format(percent < 10 ? Math.round(percent * 10) / 10 : Math.round(percent))}%`;
}

/** Return a day as text: `5 Mar 2024`; a month where only that is given; `no date` for none. */
export function date(iso) {
  if (!iso) return "no date";
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return String(iso);
  const month = `${MONTHS[moment.getUTCMonth()]} ${moment.getUTCFullYear()}`;
  return /^\d{4}-\d{2}$/.test(iso) ? month : `${moment.getUTCDate()} ${month}`;
}

/** Return a day as a `<time>` element. */
export function when(iso) {
  return iso ? h("time", { datetime: iso }, date(iso)) : h("span.muted", {}, "no date");
}

/** Return a whole number as text, its thousands apart: `12,345`. */
export function count(n) {
  return n === null || n === undefined ? "–" : COUNT.format(n);
}

/** Return a number with what it counts: `1 review`, `1,204 reviews`. */
export function counted(n, one, many = `${one}s`) {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** Return an estimate {value, low, high} as words: `12 (8 to 17)`; `form` writes each number. */
export function estimate(of, form = count) {
  return of ? `${form(of.value)} (${form(of.low)} to ${form(of.high)})` : "not known";
}

/** Return a bar for a share of 0..1; `label` says it, null where the text beside it does. */
export function bar(part, label = null) {
  const width = `${Math.max(0, Math.min(1, part || 0)) * 100}%`;
  const told = label === null ? { "aria-hidden": "true" } : { role: "img", "aria-label": label };
  return h("span.bar", told, h("span", { style: { width } }));
}

/**
 * Return a line without axes.
 * @param {Array<number|null>} values in order of time; null leaves a gap
 * @param {{label: string, width?: number, height?: number, lowest?: number}} options `label` says
 *   in words what the line shows; `lowest` is the value of its lower edge (0)
 */
export function sparkline(values, { label, width = 96, height = 24, lowest = 0 } = {}) {
  const known = values.filter((value) => value !== null && value !== undefined);
  const top = Math.max(...known, lowest + Number.MIN_VALUE);
  const x = (at) => 2 + (values.length > 1 ? at / (values.length - 1) : 0.5) * (width - 4);
  const y = (value) => height - 2 - ((value - lowest) / (top - lowest || 1)) * (height - 4);
  let path = "";
  let gap = true;
  values.forEach((value, at) => {
    if (value === null || value === undefined) {
      gap = true;
      return;
    }
    path += `${gap ? "M" : "L"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    gap = false;
  });
  const last = values.findLastIndex((value) => value !== null && value !== undefined);
  return svg(
    "svg.spark",
    {
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "aria-label": label ?? sparkText(values),
    },
    path ? svg("path", { d: path }) : null,
    last >= 0 ? svg("circle", { cx: x(last), cy: y(values[last]), r: 2 }) : null,
  );
}

function sparkText(values) {
  const known = values.filter((value) => value !== null && value !== undefined);
  if (!known.length) return "no values";
  const [first, last] = [known[0], known[known.length - 1]];
  return `${known.length} values from ${first} to ${last}, highest ${Math.max(...known)}`;
}
