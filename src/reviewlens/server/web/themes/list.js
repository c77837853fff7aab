// The list of themes: what is new on top, sorted and searched, changed in place.
import { h, replace } from "/static/shared/dom.js";
import { onState, readState, writeState } from "/static/shared/state.js";
import { exportLinks } from "/static/shared/export.js";
import { long } from "/static/shared/api.js";
import { date } from "/static/shared/figures.js";
import { askSets, askTrends, nameIn, saysTooLittle } from "/static/themes/data.js";
import { makeDesk } from "/static/themes/desk.js";
import { mergeBar } from "/static/themes/merging.js";
import { newsSection } from "/static/themes/news.js";
import { themeRow } from "/static/themes/row.js";
import { setsSection } from "/static/themes/sets.js";
import { many, named } from "/static/themes/telling.js";

/** What the address tells of the list. */
export const DEFAULTS = { sort: "news", find: "", hidden: false };

const SORTS = {
  news: ["New and growing first", (one) => -one.rank],
  size: ["Most reviews", () => 0],
  low: ["Fewest stars", (one) => one.theme.stars?.value ?? 9],
  high: ["Most stars", (one) => -(one.theme.stars?.value ?? 0)],
  name: ["Name", (one) => one.theme.label],
};

/** Fill the page with the list of the themes in use; `onNone` is called when none are any more. */
export async function listPage(main, onNone) {
  let state = readState(DEFAULTS);
  let found = await askThemes(state);
  let trends = null;
  let newsOf = new Map();
  const chosen = new Set();

  const lead = h("p.lead", {});
  const list = h("ol.themes", { "aria-labelledby": "all" });
  const count = h("p.muted.small", { role: "status" });
  const desk = makeDesk(reload);
  const news = newsSection(desk, (told) => {
    newsOf = new Map([...["growing", "shrinking", "vanished"].flatMap((kind) => told[kind].map((one) => [one.cluster, kind]))]);
    show();
  });
  const sets = setsSection(desk);
  const merging = mergeBar(desk, () => found.themes, chosen, show);
  const controls = listControls(state, async (change) => {
    const asks = change.hidden !== undefined;
    state = { ...state, ...change };
    writeState(state, { replace: true });
    if (asks) found = await askThemes(state);
    show();
  });

  async function reload() {
    if (!(await askSets()).some((one) => one.used)) return onNone();
    found = await askThemes(state);
    for (const one of [...chosen]) if (!found.themes.some((theme) => theme.cluster === one)) chosen.delete(one);
    show({ changed: true });
    sets.load();
    // News and trends follow on their own: a rename does not wait for them.
    news.load();
    loadTrends();
    return undefined;
  }

  async function loadTrends() {
    try {
      trends = await askTrends();
    } catch (error) {
      if (!saysTooLittle(error)) return desk.fail(error);
      trends = { none: true };
    }
    return show();
  }

  function show({ changed = false } = {}) {
    // Trends and news that arrive do not take away the field in which a name is being written.
    if (!changed && list.querySelector(".renaming")) return;
    replace(lead, `${many(found.reviews, "review")}; the themes ${named(found.set)} were saved on `, date(found.created),
      found.new ? `, and ${many(found.new, "review has", "reviews have")} come since.` : "; none has come since.");
    const wanted = state.find.trim().toLocaleLowerCase();
    const shown = ranked(found.themes, trends, newsOf, state.sort)
      .filter(({ theme }) => [theme.label, ...theme.terms].some((text) => text.toLocaleLowerCase().includes(wanted)));
    keepFocus(list, () => replace(list, shown.map(({ theme, trend }) => themeRow(theme, {
      trend, news: newsOf.get(theme.cluster), chosen: chosen.has(theme.cluster), desk,
      onChoose: (on) => {
        if (on) chosen.add(theme.cluster);
        else chosen.delete(theme.cluster);
        merging.show();
      },
    }))));
    count.textContent = wanted ? `${many(shown.length, "theme")} of ${found.themes.length}` : many(shown.length, "theme");
    merging.show();
  }

  replace(main, h("h1", {}, "Themes"), lead, news.element,
    h("section", { "aria-labelledby": "all" },
      h("div.section-head", {}, h("h2", { id: "all" }, "All themes"), exportLinks("/themes", () => ({ hidden: state.hidden || null }), { label: "the themes" })),
      controls, count, merging.element, heads(), list),
    sets.element, desk.element);
  list.addEventListener("renamingleft", () => show());
  show();
  onState(async () => {
    state = readState(DEFAULTS);
    found = await askThemes(state);
    show();
  });
  news.load();
  loadTrends();
}

function askThemes({ hidden }) {
  return long("/themes", { hidden: hidden || null });
}

function listControls(state, onChange) {
  return h("form.row", { role: "search", "aria-label": "Themes", onsubmit: (event) => event.preventDefault() },
    h("label", {}, "Find a theme ", h("input", { type: "search", value: state.find, oninput: (event) => onChange({ find: event.target.value }) })),
    h("label", {}, "Order ", h("select", { onchange: (event) => onChange({ sort: event.target.value }) },
      Object.entries(SORTS).map(([value, [label]]) => h("option", { value, selected: value === state.sort }, label)))),
    h("label", {}, h("input", { type: "checkbox", checked: state.hidden, onchange: (event) => onChange({ hidden: event.target.checked }) }),
      " Show hidden themes"));
}

/** Return what stands above the columns, for who sees them; each figure says itself what it is. */
function heads() {
  return h("div.theme.theme-heads.muted.small", { "aria-hidden": "true" },
    ["", "Theme", "Reviews, share (95% interval)", "Stars (95% interval)", "Share over time", ""].map((text) => h("span", {}, text)));
}

/** Return the themes with their trends in the order wanted; those that say nothing stay last. */
function ranked(themes, trends, newsOf, sort) {
  const all = themes.map((theme) => {
    const trend = trendFor(theme, trends);
    const change = trend?.group?.change_point;
    const rises = change?.significant && change.since.value > change.before.value;
    const rank = newsOf.get(theme.cluster) === "growing" ? 3 : theme.origin === "adopted" ? 2 : rises ? 1 : 0;
    return { theme, trend, rank };
  });
  const key = (SORTS[sort] ?? SORTS.news)[1];
  return all.sort((one, other) => one.theme.says_nothing - other.theme.says_nothing ||
    compared(key(one), key(other)) || other.theme.reviews - one.theme.reviews);
}

function compared(one, other) {
  return typeof one === "string" ? one.localeCompare(other) : one - other;
}

function trendFor(theme, trends) {
  if (!trends) return null;
  if (trends.none) return {};
  const name = nameIn(trends, theme);
  return { group: trends.groups.get(name), rows: trends.rows.get(name), periods: trends.periods };
}

/** Change a list and put the focus back on what had it, as far as that is still there. */
function keepFocus(list, change) {
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  const item = focused?.closest("[data-theme]");
  const key = item && `[data-theme="${item.dataset.theme}"] ${focused.dataset.action ? `[data-action=${focused.dataset.action}]`
    : focused.matches("input[type=checkbox]") ? "input[type=checkbox]" : focused.closest(".renaming") ? "[data-action=rename]" : "a"}`;
  const place = item ? [...list.children].indexOf(item) : -1;
  change();
  if (!item) return;
  const next = list.querySelector(key) ?? list.children[Math.min(place, list.children.length - 1)]?.querySelector("a");
  next?.focus({ preventScroll: false });
}
