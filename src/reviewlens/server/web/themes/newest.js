// The newest reviews of a theme, some at a time.
import { get } from "/static/shared/api.js";
import { h, replace } from "/static/shared/dom.js";
import { reviewCard } from "/static/shared/reviews.js";
import { many } from "/static/themes/telling.js";

const AT_ONCE = 10;

/** Return the section of a theme's newest reviews; it fills itself. */
export function newest(number) {
  const list = h("ol.reviews", {});
  const told = h("p.muted.small", { role: "status" });
  const more = h("button", { type: "button", hidden: true, onclick: load }, "Show more reviews");
  const failed = h("div", {});

  async function load() {
    more.disabled = true;
    try {
      const found = await get("/reviews", { cluster: number, n: AT_ONCE, offset: list.children.length, order: "-time" });
      const items = found.reviews.map((review) => h("li", {}, reviewCard(review)));
      list.append(...items);
      told.textContent = `${list.children.length} of ${many(found.total, "review")}.`;
      more.hidden = list.children.length >= found.total || !items.length;
    } catch (error) {
      replace(failed, h("p.error", { role: "alert" }, error.message));
    } finally {
      more.disabled = false;
    }
  }
  load();
  return h("section", { "aria-labelledby": "newest" }, h("h2", { id: "newest" }, "Newest reviews"), told, list, failed, more);
}
