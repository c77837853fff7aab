// Saved sets of themes: which is in use, taking another, dropping one, finding all themes anew.
import { long } from "/static/shared/api.js";
import { confirm } from "/static/shared/dialogs.js";
import { h, replace } from "/static/shared/dom.js";
import { askSets } from "/static/themes/data.js";
import { finding } from "/static/themes/finding.js";
import { named } from "/static/themes/telling.js";

/**
 * Make the disclosure of sets.
 * @param {object} desk carries out changes
 * @returns {{element: HTMLElement, load: function(): Promise}}
 */
export function setsSection(desk) {
  const body = h("div", {});
  const element = h("details.sets", { ontoggle: () => element.open && load() },
    h("summary", {}, h("h2", {}, "Sets of themes")), body);

  async function load() {
    if (!element.open) return;
    try {
      const sets = await askSets();
      const held = body.contains(document.activeElement);
      replace(body, setList(sets, desk), refit(desk),
        h("h3", {}, "A new set"), finding(desk, { named: true, taken: sets.map((one) => one.name) }));
      if (held) element.querySelector("summary").focus({ preventScroll: true });
    } catch (error) {
      replace(body, h("p.error", { role: "alert" }, error.message));
    }
  }
  return { element, load };
}

/** Return the list of sets with what can be done with each. */
export function setList(sets, desk) {
  return h("ul.plain", {}, sets.map(({ name, used }) => h("li.set", {},
    h("strong", { dir: "auto" }, name), " ", used ? h("span.badge", {}, "in use") : h("button", {
      type: "button",
      onclick: () => desk.change((options) => long(`/theme_sets/${encodeURIComponent(name)}/use`, { wait: 1 }, { method: "POST", ...options }),
        () => `The reviews now have the themes of ${named(name)}.`),
    }, "Use", h("span.hidden-text", {}, ` ${name}`)), " ",
    h("button.quiet", { type: "button", onclick: () => drop(name, used, desk) }, "Drop", h("span.hidden-text", {}, ` ${name}`)))));
}

async function drop(name, used, desk) {
  const lost = used ? "It is in use: the reviews will have no theme afterwards. " : "";
  if (!await confirm(`Drop the themes ${named(name)}?`, `${lost}Its numbers and names are lost. The reviews stay.`, { action: "Drop", danger: true })) return;
  await desk.change((options) => long(`/theme_sets/${encodeURIComponent(name)}`, { wait: 1 }, { method: "DELETE", ...options }),
    () => `The themes ${named(name)} were dropped.`);
}

function refit(desk) {
  return [
    h("h3", {}, "Find the themes anew"),
    h("p.muted.small", {}, "In all reviews, as fine as before. A theme that goes on keeps its number and its name."),
    h("p", {}, h("button", {
      type: "button",
      onclick: () => desk.change((options) => long("/themes/refit", { wait: 1 }, { method: "POST", body: {}, ...options }), refitted),
    }, "Find themes anew")),
  ];
}

function refitted({ kept, born, died, split, merged }) {
  const size = (those) => Object.keys(those).length;
  const told = [`${size(kept)} went on`, `${born.length} new`, `${died.length} gone`, `${size(split)} split`, `${size(merged)} merged`];
  return `The themes were found anew: ${told.filter((one) => !one.startsWith("0 ")).join(", ")}.`;
}
