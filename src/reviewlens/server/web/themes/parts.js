// The finer parts of a theme, found when they are asked for.
import { long } from "/static/shared/api.js";
import { h, replace } from "/static/shared/dom.js";
import { progress } from "/static/shared/progress.js";
import { quoted } from "/static/themes/quotes.js";
import { saysTooLittle } from "/static/themes/data.js";
import { many } from "/static/themes/telling.js";

/** Return the section of a theme's finer parts. */
export function finerParts(number) {
  const body = h("div", {});
  const button = h("button", { type: "button", onclick: find }, "Find finer parts");
  const told = h("p.muted.small", { role: "status" }, "Groups its reviews anew, among themselves. Nothing is changed.");

  async function find() {
    const shown = progress();
    button.disabled = true;
    replace(body, shown.element);
    try {
      const found = await long("/clusters", { cluster: number, wait: 1 }, { onProgress: shown.show });
      told.textContent = `${many(found.clusters.length, "part")} of ${many(found.reviews, "review")}.`;
      replace(body, h("ul.plain", {}, found.clusters.map((part) => h("li", {}, partOf(part)))));
    } catch (error) {
      const cancelled = error.kind === "Cancelled";
      told.textContent = cancelled ? "Cancelled." : "";
      replace(body, cancelled ? null : h(saysTooLittle(error) ? "p.muted" : "p.error", { role: "alert" }, error.message));
    } finally {
      shown.done();
      button.disabled = false;
    }
  }
  return h("section", { "aria-labelledby": "parts" }, h("h2", { id: "parts" }, "Finer parts"), told, h("p", {}, button), body);
}

function partOf(part) {
  const stars = part.stars ? `, ${part.stars.value.toFixed(1)} stars` : "";
  return h("details", {}, h("summary", {}, h("strong", { dir: "auto" }, part.label), ` · ${many(part.reviews, "review")}${stars}`),
    quoted(part.quotes));
}
