// The texts of reviews, asked for by id and kept for a while.
import { get, send } from "/static/shared/api.js";

const KEPT = 500;

/** Return what finds reviews by their ids. */
export function textKeeper() {
  const kept = new Map();

  function keep(review) {
    kept.delete(review.review_id);
    kept.set(review.review_id, review);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value);
  }

  return {
    /** Return a review that is known already, or undefined. */
    known: (id) => kept.get(id),
    /** Return one review, null where it is stored no longer. */
    async one(id, { signal } = {}) {
      if (!kept.has(id)) (await get("/reviews", { review_ids: id, n: 1 }, { signal })).reviews.forEach(keep);
      return kept.get(id) ?? null;
    },
    /** Return some reviews, in the order of their ids. */
    async some(ids, { signal } = {}) {
      const found = await send("POST", "/reviews", { review_ids: ids, n: ids.length, order: "id" }, { signal });
      found.reviews.forEach(keep);
      const by = new Map(found.reviews.map((review) => [review.review_id, review]));
      return ids.map((id) => by.get(id)).filter(Boolean);
    },
  };
}
