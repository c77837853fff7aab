// The figures of themes in words.
import { count, counted, share as percent } from "/static/shared/figures.js";

export { counted as many, percent };

/** Return a name in quotation marks, as text that keeps its own direction within a sentence. */
export function named(label) {
  return `“\u2068${label}\u2069”`;
}

/** Return the interval of an estimated share, short: `8.2–16%`. */
export function percentRange({ low, high }) {
  return `${percent(low).replace("%", "")}–${percent(high)}`;
}

/** Return what an estimated share means, as a sentence. */
export function shareInWords(share) {
  return `${percent(share.value)} of the reviews that say something; taken as a sample, the true share ` +
    `lies between ${percent(share.low)} and ${percent(share.high)} (95% interval).`;
}

/** Return what estimated mean stars mean, as a sentence. */
export function starsInWords(stars) {
  return `${stars.value.toFixed(2)} of 5 stars on average; 95% interval ${stars.low.toFixed(2)} ` +
    `to ${stars.high.toFixed(2)}.`;
}

/** Return a rise or fall of a share in points: `+4.2 points`. */
export function points(difference) {
  const value = difference * 100;
  return `${value > 0 ? "+" : "−"}${Math.abs(value).toFixed(1)} points`;
}

/** Return how the share of a theme changed since a point in time, as a sentence. */
export function changeInWords({ period, before, since, reviews, of }) {
  const verb = since.value > before.value ? "Rose" : "Fell";
  return `${verb} from ${percent(before.value)} to ${percent(since.value)} of the reviews since ` +
    `${period} (${count(reviews)} of ${count(of)}).`;
}

/** Return how often news would be told where nothing is new, as a sentence. */
export function rateInWords(rate) {
  return `If nothing had changed, something would still be listed here in at most ${percent(rate)} ` +
    "of cases.";
}

/** Return a theme's trend as a sentence, for those who do not see the line. */
export function trendInWords(shares, periods) {
  const given = shares.map((share, place) => [share, periods[place]]).filter(([share]) => share);
  if (!given.length) return "No dated reviews.";
  const best = given.reduce((found, one) => (one[0].value > found[0].value ? one : found));
  const [last, when] = given.at(-1);
  return `Share from ${given[0][1]} to ${when}: highest ${percent(best[0].value)} in ${best[1]}, ` +
    `last ${percent(last.value)}.`;
}
