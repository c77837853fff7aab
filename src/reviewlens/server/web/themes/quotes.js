// Quotes as review cards.
import { h } from "/static/shared/dom.js";
import { reviewCard } from "/static/shared/reviews.js";

/** Return quotes as a list of review cards. */
export function quoted(quotes) {
  return h("ul.reviews", {}, quotes.map((quote) => h("li", {}, reviewCard(quote))));
}
