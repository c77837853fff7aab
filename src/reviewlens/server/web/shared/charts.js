// Small charts. Each has its figures as a table too: a picture alone tells not everybody.
import { h, svg } from "/static/shared/dom.js";

const WIDTH = 1000;
const HEIGHT = 140;
const ROW_HEAD = { color: "inherit", font: "inherit", whiteSpace: "normal" };

/**
 * Return a bar chart of a value for each label, in order, such as reviews by month.
 * @param {number[]} values 0 or more
 * @param {string[]} labels as many
 * @param {object} options
 * @param {string} options.caption what is shown: the caption of picture and table
 * @param {string} [options.unit] head of the column of values
 * @param {string} [options.label] head of the column of labels
 * @param {function(number): string} [options.tell] a value in words
 * @param {function(number): ?string} [options.href] where the label of a row leads
 * @param {Array<{head: string, cells: Array<string|number>}>} [options.columns] further columns of
 *   the table
 * @returns {HTMLElement} a figure
 */
export function bars(values, labels, { caption, tell = plain, ...table }) {
  const most = Math.max(1, ...values);
  const step = WIDTH / Math.max(1, values.length);
  const shapes = values.map((value, place) => {
    const height = (value / most) * HEIGHT;
    return svg("g", {},
      svg("title", {}, `${labels[place]}: ${tell(value)}`),
      // The whole column answers the pointer, so that a small bar is found as easily as a large one.
      svg("rect", { x: place * step, y: 0, width: step, height: HEIGHT, fill: "transparent" }),
      svg("rect", {
        x: place * step + step * 0.12, y: HEIGHT - height, width: step * 0.76, height,
        style: { fill: "var(--accent)" },
      }));
  });
  return figure(caption, labels, tell(most), shapes, tableOf(values, labels, { caption, tell, ...table }));
}

/**
 * Return a line chart of a value for each label; a gap where a value is null.
 * @param {Array<?number>} values
 * @param {string[]} labels as many
 * @param {object} options as for `bars`, and besides
 * @param {Array<?number>} [options.low] lower bounds of the values; the band is drawn with `high`
 * @param {Array<?number>} [options.high] upper bounds
 * @returns {HTMLElement} a figure
 */
export function line(values, labels, { caption, tell = plain, low = values, high = values, ...table }) {
  const given = [...values, ...high].filter(isGiven);
  const most = Math.max(...given, Number.EPSILON);
  const x = (place) => ((place + 0.5) / labels.length) * WIDTH;
  const y = (value) => HEIGHT - (value / most) * HEIGHT;
  const shapes = runs(values).flatMap((places) => {
    const points = (of) => places.map((place) => `${x(place)},${y(of[place] ?? values[place])}`);
    const band = [...points(high), ...points(low).reverse()].join(" ");
    const dash = `${x(places[0]) - 4},${y(values[places[0]])}`;
    return [
      svg("polygon", { points: band, style: { fill: "var(--accent)", opacity: "0.2" } }),
      svg("polyline", {
        points: [...(places.length === 1 ? [dash] : []), ...points(values)].join(" "),
        fill: "none", "vector-effect": "non-scaling-stroke", "stroke-width": 2,
        style: { stroke: "var(--accent)" },
      }),
    ];
  });
  const columns = values.map((value, place) => svg("rect",
    { x: (place / labels.length) * WIDTH, y: 0, width: WIDTH / labels.length, height: HEIGHT, fill: "transparent" },
    svg("title", {}, `${labels[place]}: ${isGiven(value) ? tell(value) : "none"}`)));
  return figure(caption, labels, tell(most), [...shapes, ...columns],
    tableOf(values, labels, { caption, tell, ...table }));
}

/**
 * Return a table whose rows have a bar each, such as reviews by product: for long labels.
 * Parameters as for `bars`.
 * @returns {HTMLElement} a table
 */
export function barTable(values, labels, options) {
  const most = Math.max(1, ...values);
  const bar = (value) => h("td", { "aria-hidden": "true", style: { width: "40%" } },
    h("span.bar", {}, h("span", { style: { width: `${(value / most) * 100}%` } })));
  return tableOf(values, labels, { ...options, bar });
}

function figure(caption, labels, top, shapes, table) {
  const drawing = svg("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img",
    "aria-label": `${caption}. The figures are in the table below.`,
    style: { width: "100%", height: "9rem", display: "block", borderBottom: "1px solid var(--edge)" },
  }, shapes);
  const shown = [labels[0], labels.length > 2 ? labels[Math.floor((labels.length - 1) / 2)] : null,
    labels.length > 1 ? labels.at(-1) : null].filter((label) => label !== null && label !== undefined);
  return h("figure.chart", {},
    h("figcaption", {}, caption, h("span.muted.small", {}, ` (highest: ${top})`)),
    drawing,
    h("div.muted.small", { "aria-hidden": "true", style: { display: "flex", justifyContent: "space-between" } }, shown.map((label) => h("span", {}, label))),
    h("details", {}, h("summary", {}, "The figures as a table"), h("div.scroll", {}, table)));
}

function tableOf(values, labels, { caption, tell = plain, unit = "Reviews", label = "", href = () => null, columns = [], bar = null }) {
  const head = h("tr", {}, h("th", { scope: "col" }, label || h("span.hidden-text", {}, "Name")),
    h("th.number", { scope: "col" }, unit), bar ? h("td", { "aria-hidden": "true" }) : null,
    columns.map((column) => h("th.number", { scope: "col" }, column.head)));
  const rows = values.map((value, place) => {
    const to = href(place);
    const name = to ? h("a", { href: to, dir: "auto" }, labels[place]) : h("span", { dir: "auto" }, labels[place]);
    return h("tr", {}, h("th", { scope: "row", style: ROW_HEAD }, name),
      h("td.number", {}, isGiven(value) ? tell(value) : "–"), bar?.(value),
      columns.map((column) => h("td.number", {}, column.cells[place])));
  });
  return h("table.data", {}, h("caption.hidden-text", {}, caption), h("thead", {}, head), h("tbody", {}, rows));
}

function runs(values) {
  const found = [];
  values.forEach((value, place) => {
    if (!isGiven(value)) return;
    if (place > 0 && isGiven(values[place - 1])) found.at(-1).push(place);
    else found.push([place]);
  });
  return found;
}

function isGiven(value) {
  return value !== null && value !== undefined;
}

function plain(value) {
  return value.toLocaleString("en");
}
