// What the themes' pages ask of the server.
import { Failure, get, long } from "/static/shared/api.js";

/** Whether an error only says that there is too little to answer from. */
export function saysTooLittle(error) {
  return error instanceof Failure && ["TooFewReviews", "InputError", "NotFound"].includes(error.kind);
}

/** So many months are drawn at most; a longer time in the periods that the server finds fit. */
const MOST_MONTHS = 60;
const MONTH = 30.44 * 86_400_000;

/**
 * Ask for the themes' shares over time, by month unless there are too many of them.
 * @returns {Promise<{periods: string[], unit: string, groups: Map, rows: Map, undated: number}>}
 *   groups and rows by the theme's name; of each group a row for each period
 */
export async function askTrends(options = {}) {
  const { first, last } = await long("/facets");
  const months = (new Date(last) - new Date(first)) / MONTH;
  const period = last && months <= MOST_MONTHS ? "month" : null;
  const found = await long("/trends", { period, min_reviews: 1, wait: 1 }, options);
  const rows = new Map(found.groups.map((group) => [group.group, []]));
  for (const row of found.trends) rows.get(row.group)?.push(row);
  return {
    periods: found.periods.map((one) => one.period),
    starts: found.periods.map((one) => one.start),
    ends: found.periods.map((one) => one.end),
    unit: found.period,
    groups: new Map(found.groups.map((group) => [group.group, group])),
    rows,
    undated: found.undated,
  };
}

/** Return the name under which trends tell of a theme: its label, or with its number where two share one. */
export function nameIn(trends, theme) {
  return trends.groups.has(theme.label) ? theme.label : `${theme.label} (theme ${theme.cluster})`;
}

/** Ask for the saved sets: `[{name, used}]`. */
export async function askSets() {
  const { sets } = await get("/theme_sets");
  return sets.map(({ set, in_use: used }) => ({ name: set, used }));
}

/** Ask for what is new among the themes. */
export function askNews(options = {}) {
  return long("/news", { wait: 1 }, options);
}
