// A filter by values of one field: products, sources, themes, languages.
import { h } from "/static/shared/dom.js";
import { facetOf } from "/static/shared/filters/facets.js";
import { optionList } from "/static/shared/filters/options.js";

const MANY = 10;
const LANGUAGES = new Intl.DisplayNames(["en"], { type: "language" });

/**
 * Return the group.
 * @param {{name: string, title: string, form: string, list: string|null}} declared what the API
 *   says of the filter: `title` is shown above, `/facets` lists its values as `list`, and those of
 *   the form `languages` are codes, of which the names are shown and which are folded away at first
 * @param {function(object): void} change told `{[name]: values}`
 */
export function valueFilter({ name, title, form, list: listed }, change) {
  const labelled = form === "languages" ? nameOf : ({ label }) => label;
  let chosen = [];
  let options = [];
  const list = optionList((value, on) =>
    change({ [name]: on ? [...chosen, value] : chosen.filter((one) => one !== value) }),
  );
  const find = h("input.find", {
    type: "search",
    "aria-label": `Find in ${title.toLowerCase()}`,
    placeholder: "Find …",
    oninput: show,
    onkeydown: take,
  });
  const element = h(
    "details.group",
    { open: form !== "languages" },
    h("summary", {}, title),
    find,
    list.element,
  );

  function show() {
    const wanted = find.value.trim().toLowerCase();
    list.draw(
      options.filter(
        ({ label, chosen: on }) => on || !wanted || label.toLowerCase().includes(wanted),
      ),
    );
  }

  /** Take a value that is not among the largest, which are all that is listed. */
  function take(event) {
    const value = find.value.trim();
    if (event.key !== "Enter" || !value || list.element.childElementCount > chosen.length) return;
    find.value = "";
    change({ [name]: [...chosen, value] });
  }

  return {
    element,
    draw(filters, facets) {
      chosen = filters[name].map(String);
      const found = facetOf(facets, listed);
      const values = new Map((found ?? []).map((one) => [one.value, one]));
      for (const value of chosen)
        if (!values.has(value))
          values.set(value, { value, label: value, reviews: found ? 0 : null });
      options = [...values.values()].map((one) => ({
        ...one,
        label: labelled(one),
        chosen: chosen.includes(one.value),
      }));
      find.hidden = Boolean(listed) && options.length <= MANY;
      element.hidden =
        Boolean(listed) && (options.length === 0 || (options.length === 1 && !chosen.length));
      show();
    },
  };
}

function nameOf({ value }) {
  try {
    return LANGUAGES.of(value) ?? value;
  } catch {
    return value;
  }
}
