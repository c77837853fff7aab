// The reviews of a group of copies, fetched when they are looked at.
import { send } from "/static/shared/api.js";
import { h, replace } from "/static/shared/dom.js";
import { count, counted } from "/static/shared/figures.js";
import { reviewCard } from "/static/shared/reviews.js";
import { showError } from "/static/shared/shell.js";
import { markedDifference } from "/static/anomalies/difference.js";

const AT_ONCE = 50;

/** Return what opens to the reviews of a group, each compared with the first. */
export function members(group, page) {
  const list = h("ol.reviews.members", { role: "list" });
  const place = h("div.stack", {});
  const ids = group.review_ids;
  let shown = 0;
  let first = null;
  const more = h("button", { type: "button", onclick: fetchMore });
  const details = h("details.compared", { ontoggle: () => { if (details.open && !shown) fetchMore(); } },
    h("summary", {}, `Show the ${counted(ids.length, "review")}`), place);

  async function fetchMore() {
    const next = ids.slice(shown, shown + AT_ONCE);
    const waiting = h("p.muted.busy", { role: "status" }, "Reading");
    more.remove();
    place.append(waiting);
    try {
      const answer = await send("POST", "/reviews", { review_ids: next, n: next.length }, { signal: page.signal });
      const found = new Map(answer.reviews.map((review) => [review.review_id, review]));
      const reviews = next.map((id) => found.get(id)).filter(Boolean);
      if (!shown) replace(place, legend(group), list, waiting);
      shown += next.length;
      for (const review of reviews) {
        list.append(h("li", {}, member(review, first, group)));
        first ??= review;
      }
      if (reviews.length < next.length) place.append(h("p.muted.small", {}, `${counted(next.length - reviews.length, "review")} of these were deleted meanwhile.`));
    } catch (error) {
      showError(place, error, { retry: fetchMore });
      return;
    } finally {
      waiting.remove();
    }
    if (shown < ids.length) {
      more.textContent = `Show ${count(Math.min(AT_ONCE, ids.length - shown))} more of ${count(ids.length - shown)}`;
      place.append(more);
    }
  }

  return details;
}

function legend({ kind }) {
  if (kind === "meaning") return h("p.small.muted", {}, "The same in other words, so that differences are not marked.");
  return h("p.small.muted", {}, "Compared with the first: ", h("del", {}, "what only the first says"), ", ",
    h("ins", {}, "what only this one says"), ".");
}

function member(review, first, group) {
  const element = reviewCard({ ...review, source: "" });
  const facts = element.querySelector(".facts");
  for (const [name, value] of [["Source", review.source], ["Author", review.author]]) {
    if (value) facts.append(h("span", {}, `${name.toLowerCase()} `, h("bdi", {}, value)));
  }
  if (!first || group.kind === "meaning") return element;
  const texts = [...element.querySelectorAll(".text")];
  const marked = review.text === first.text ? h("p.muted.small.text", {}, "The very same text.")
    : markedDifference(first.text, review.text, { language: review.language });
  texts[0].before(...[marked].flat());
  // A long text has a button for the whole of it, which the comparison makes needless.
  texts[0].nextElementSibling?.matches("button") && texts[0].nextElementSibling.remove();
  for (const text of texts) text.remove();
  return element;
}
