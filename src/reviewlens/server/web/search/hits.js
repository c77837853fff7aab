// Hits: reviews with what can be done with them, and why they were found.
import { h } from "/static/shared/dom.js";
import { reviewCard, similarAddress } from "/static/shared/reviews.js";
import { whyText } from "/static/search/why.js";

/**
 * Return a hit as a list's item.
 * @param {object} review a Match, or a review that was only listed
 * @param {{go: function, matches?: object}} options `matches` is the answer it is from
 */
export function hit(review, { go, matches = null }) {
  const why = matches ? whyOf(review, matches) : null;
  const card = reviewCard(review, {
    similarity: review.similarity ?? null,
    strength: review.strength ?? null,
    similar: false,
    actions: [
      why?.button,
      h(
        "a.button.quiet",
        { href: similarAddress(review.review_id), "data-do": "similar", onclick: similar },
        "Similar",
      ),
      themeLink(review.cluster),
    ],
  });
  if (why) card.append(why.element);

  function similar(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go({ similar: review.review_id, q: "", way: "reviews", n: 20, any: false });
    scrollTo({ top: 0 });
  }

  return h("li", {}, card);
}

/** Put another hit in the place of one, what is open and focused in it kept. */
export function renew(item, next) {
  const open = item.querySelector("[data-do=why]")?.getAttribute("aria-expanded") === "true";
  const focused = item.contains(document.activeElement) ? document.activeElement : null;
  const doing = focused?.dataset.do;
  item.replaceWith(next);
  if (open) next.querySelector("[data-do=why]").click();
  if (focused)
    (doing ? next.querySelector(`[data-do=${doing}]`) : next.querySelector(".review")).focus();
}

function whyOf(review, matches) {
  const element = h("div.why", { hidden: true });
  const button = h(
    "button.quiet",
    { type: "button", "aria-expanded": "false", "data-do": "why", onclick: toggle },
    "Why",
  );
  function toggle() {
    if (!element.firstChild) element.append(whyText(review, matches));
    element.hidden = !element.hidden;
    button.setAttribute("aria-expanded", String(!element.hidden));
  }
  return { element, button };
}

function themeLink(cluster) {
  if (cluster === undefined || cluster < 0) return null;
  return h(
    "a.button.quiet",
    { href: `/themes?theme=${cluster}`, "data-theme-of": cluster, hidden: true },
    "Theme: ",
    h("bdi"),
  );
}
