// The filter by stars: a range, chosen star by star.
import { h } from "/static/shared/dom.js";
import { stars } from "/static/shared/figures.js";
import { facetOf } from "/static/shared/filters/facets.js";
import { optionList } from "/static/shared/filters/options.js";

const ALL = [5, 4, 3, 2, 1];

/** Return the group; `change` is told `{rating}`. */
export function starFilter(change) {
  let chosen = [];
  let whole = false;
  const list = optionList((value, on) =>
    change({ rating: ratingOf(toggled(chosen, Number(value), on), { whole }) }),
  );
  const element = h("details.group", { open: true }, h("summary", {}, "Stars"), list.element);
  return {
    element,
    draw({ rating }, facets) {
      chosen = starsOf(rating);
      const found = facetOf(facets, "stars");
      whole = Boolean(found) && found.every(({ value }) => Number.isInteger(Number(value)));
      const known = new Map();
      for (const { value, reviews } of found ?? []) {
        const star = nearestStar(Number(value));
        known.set(star, (known.get(star) ?? 0) + reviews);
      }
      element.hidden = found !== null && !chosen.length && !found.some(({ reviews }) => reviews);
      list.draw(
        ALL.map((star) => ({
          value: String(star),
          label: "",
          drawn: stars(star),
          chosen: chosen.includes(star),
          reviews: found ? (known.get(star) ?? 0) : null,
        })),
      );
    },
  };
}

/** Return the whole stars that a rating such as `1..2` or `3.5..` spans. */
export function starsOf(rating) {
  if (!rating) return [];
  const [low, high] = rating.includes("..") ? rating.split("..") : [rating, rating];
  return ALL.filter(
    (star) => (low === "" || star >= Number(low)) && (high === "" || star <= Number(high)),
  );
}

/**
 * Return the rating that spans some stars. Ratings between two stars (of a ten-point scale, say)
 * belong to the nearest, halves to the even one, as they do where they are counted.
 * @param {number[]} chosen
 * @param {{whole?: boolean}} options whether there are none between two
 */
function ratingOf(chosen, { whole = false } = {}) {
  if (!chosen.length) return "";
  const [low, high] = [Math.min(...chosen), Math.max(...chosen)];
  if (low === 1 && high === 5) return "1..5";
  const reach = (star) => (whole ? 0 : star % 2 ? 0.49 : 0.5);
  return `${low > 1 ? low - reach(low) : ""}..${high < 5 ? high + reach(high) : ""}`;
}

/** Return the whole star nearest to a rating; of a half, the even one. */
export function nearestStar(rating) {
  const star = Math.round(rating);
  return Math.abs(rating % 1) === 0.5 && star % 2 ? star - 1 : star;
}

/** Return the range after one star was put on or off; it has no holes. */
function toggled(chosen, star, on) {
  if (on) {
    const [low, high] = [Math.min(star, ...chosen), Math.max(star, ...chosen)];
    return ALL.filter((one) => one >= low && one <= high);
  }
  const above = chosen.filter((one) => one > star);
  const below = chosen.filter((one) => one < star);
  return above.length > below.length ? above : below;
}
