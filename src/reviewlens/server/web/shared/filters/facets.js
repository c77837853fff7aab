// What `/facets` tells, in the form that the filters take.

/** The name of each filter's list in what `/facets` answers. */
const LISTS = {
  stars: "stars",
  product: "products",
  source: "sources",
  language: "languages",
  cluster: "themes",
};
const NO_THEME = "-1";

/**
 * Return the values of one filter; reviews that have none are left out, but for themes.
 * @param {object|null} facets as answered
 * @param {string} name `stars`, `product`, `source`, `language` or `cluster`
 * @returns {Array<{value: string, label: string, reviews: number}>|null} null before the answer
 */
export function facetOf(facets, name) {
  if (!facets) return null;
  return facets[LISTS[name]]
    .filter(({ value }) => value !== "")
    .map(({ value, label, count }) => {
      const text = String(value);
      const none = name === "cluster" && text === NO_THEME;
      return { value: text, label: none ? "No theme" : label || text, reviews: count };
    });
}
