// The filter by any other column: conditions such as `country=DE` or `delay>=3`.
import { h, replace } from "/static/shared/dom.js";

/** Return the group; `change` is told `{where}`. */
export function whereFilter(change) {
  let chosen = [];
  const columns = h("datalist", { id: "filter-columns" });
  const input = h("input.find", {
    type: "text",
    list: columns.id,
    placeholder: "country=DE",
    autocomplete: "off",
    spellcheck: "false",
    "aria-describedby": "filter-where",
  });
  const hint = h("p.muted", { id: "filter-where" });
  const chips = h("div.row");
  const form = h("form", { onsubmit: add }, h("label", {}, "Condition", input), hint);
  const element = h("details.group", {}, h("summary", {}, "Other columns"), chips, form, columns);

  function add(event) {
    event.preventDefault();
    const wanted = input.value.trim();
    if (!wanted) return;
    input.value = "";
    change({ where: [...chosen.filter((one) => one !== wanted), wanted] });
  }

  return {
    element,
    draw(filters, facets) {
      chosen = filters.where;
      const names = facets?.columns ?? [];
      element.hidden = !names.length && !chosen.length;
      if (chosen.length) element.open = true;
      hint.textContent = names.length
        ? `With =, !=, <, <=, > or >=; columns: ${names.join(", ")}`
        : "";
      replace(
        columns,
        names.map((name) => h("option", { value: `${name}=` })),
      );
      replace(
        chips,
        chosen.map((one) =>
          h(
            "button.chip",
            {
              type: "button",
              "aria-label": `Remove the condition ${one}`,
              onclick: () => change({ where: chosen.filter((other) => other !== one) }),
            },
            h("bdi", {}, one),
            h("span", { "aria-hidden": "true" }, "×"),
          ),
        ),
      );
    },
  };
}
