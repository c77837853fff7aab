// What `/facets` tells, in the form that the filters take.

const NO_THEME = "-1";

/**
 * Return the values of one filter; reviews that have none are left out, but for themes.
 * @param {object|null} facets as answered
 * @param {string|null} list which of its lists; null for none
 * @returns {Array<{value: string, label: string, reviews: number}>|null} null before the answer
 */
export function facetOf(facets, list) {
  if (!facets) return null;
  return (facets[list] ?? [])
    .filter(({ value }) => value !== "")
    .map(({ value, label, count }) => {
      const text = String(value);
      const none = list === "themes" && text === NO_THEME;
      return { value: text, label: none ? "No theme" : label || text, reviews: count };
    });
}
