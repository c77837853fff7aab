// Which periods there are to report on.

/**
 * Return the periods that have reviews, latest first.
 * @param {?object} facets whose `months` tell how many reviews each month has
 * @param {string} period `month`, `quarter` or `year`
 * @param {string} chosen one that is listed even without reviews
 * @returns {Array<{name: string, reviews: number}>}
 */
export function periodsOf(facets, period, chosen = "") {
  const found = new Map(chosen ? [[chosen, 0]] : []);
  for (const { value, count } of facets?.months ?? []) {
    if (!value) continue;
    const name = nameOf(value, period);
    found.set(name, (found.get(name) ?? 0) + count);
  }
  return [...found].filter(([name, reviews]) => reviews || name === chosen).map(([name, reviews]) => ({ name, reviews }))
    .sort((one, other) => (one.name < other.name ? 1 : -1));
}

function nameOf(month, period) {
  const year = month.slice(0, 4);
  if (period === "year") return year;
  return period === "quarter" ? `${year}-Q${Math.ceil(Number(month.slice(5, 7)) / 3)}` : month;
}
