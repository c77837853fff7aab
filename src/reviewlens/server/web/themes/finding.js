// Finds themes and saves them.
import { long } from "/static/shared/api.js";
import { h } from "/static/shared/dom.js";

/**
 * Return the form that finds themes and saves them.
 * @param {object} desk carries out changes
 * @param {object} options `named`: whether the set is given a name; `taken`: names that there are
 * @returns {HTMLFormElement}
 */
export function finding(desk, { named = false, taken = [] } = {}) {
  const name = h("input", { oninput: () => name.setCustomValidity(""), type: "text", maxlength: 60, required: true, autocomplete: "off" });
  const clusters = h("input", { type: "number", min: 2, max: 1000, step: 1, placeholder: "found by itself" });
  return h("form.row", {
    "aria-label": "Find themes",
    onsubmit: (event) => {
      event.preventDefault();
      const body = { clusters: clusters.value ? Number(clusters.value) : null, name: named ? name.value.trim() : null };
      if (taken.includes(body.name)) {
        name.setCustomValidity("There is a set of this name; take another, or drop it first.");
        name.reportValidity();
        return;
      }
      desk.change((options) => long("/themes", { wait: 1 }, { method: "POST", body, ...options }),
        (found) => `${found.clusters.length} themes were found in ${found.reviews} reviews and saved.`);
    },
  },
  named ? h("label", {}, "Name of the set ", name) : null,
  h("label", {}, "About how many (optional) ", clusters),
  h("button", { type: "submit" }, "Find themes"));
}
