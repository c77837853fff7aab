// One theme in the list.
import { long } from "/static/shared/api.js";
import { h } from "/static/shared/dom.js";
import { sparkline, stars as drawn } from "/static/shared/figures.js";
import { startRenaming } from "/static/themes/renaming.js";
import { changeInWords, many, named, percent, percentRange, shareInWords, starsInWords, trendInWords } from "/static/themes/telling.js";

const SNIPPET = 200;

/**
 * Return the list item of a theme.
 * @param {object} theme
 * @param {object} view
 * @param {?object} view.trend its shares and periods, its change point; null while not known
 * @param {?object} view.news what the news say of it
 * @param {boolean} view.chosen whether it is ticked for merging
 * @param {function(boolean)} view.onChoose
 * @param {object} view.desk carries out changes
 * @returns {HTMLLIElement}
 */
export function themeRow(theme, view) {
  const name = h("h3.theme-name", {}, h("a", { href: `/themes?theme=${theme.cluster}`, dir: "auto" }, theme.label));
  const item = h("li.theme", { "data-theme": theme.cluster });
  const choice = h("input", {
    type: "checkbox", "aria-label": `Choose “${theme.label}” for merging`, checked: view.chosen,
    onchange: (event) => view.onChoose(event.target.checked),
  });
  item.append(
    h("label.theme-choice", {}, choice),
    h("div.theme-what", {}, name, theme.name ? h("p.muted.small", { dir: "auto" }, theme.terms.join(", ")) : null,
      badges(theme, view), snippet(theme)),
    h("div.theme-size", {}, h("strong", {}, many(theme.reviews, "review")), shareOf(theme),
      theme.new ? h("span.muted.small", {}, `${many(theme.new, "new one", "new ones")}`) : null),
    h("div.theme-stars", {}, starsOf(theme)),
    h("div.theme-trend", {}, trendOf(view.trend)),
    h("div.theme-actions", {}, actions(theme, name, item, view.desk)),
  );
  return item;
}

function badges(theme, { news, trend }) {
  const change = trend?.group?.change_point;
  const told = [
    theme.hidden ? h("span.badge", {}, "hidden") : null,
    theme.origin === "adopted" ? h("span.badge", {}, "new, adopted") : null,
    news ? h("span.badge", {}, news) : null,
    change?.significant ? h("span.muted.small", {}, change.since.value > change.before.value ? "▲ " : "▼ ", changeInWords(change)) : null,
  ].filter(Boolean);
  return told.length ? h("p.theme-badges", {}, told.map((one) => [one, " "])) : null;
}

/** Return the beginning of what is said at the middle of a theme. */
function snippet({ quotes, says_nothing: saysNothing }) {
  if (saysNothing || !quotes.length) return null;
  return h("p.theme-snippet.muted.small", {}, "“", h("bdi", {}, quotes[0].text.slice(0, SNIPPET)), "”");
}

function shareOf({ share }) {
  if (!share) return null;
  return h("span", { title: shareInWords(share) }, percent(share.value), " ",
    h("span.muted.small", {}, `(${percentRange(share)})`));
}

function starsOf({ stars }) {
  if (!stars) return h("span.muted.small", {}, "no stars");
  return h("span", { title: starsInWords(stars) }, drawn(stars.value, { number: true }), h("br"),
    h("span.muted.small", { "aria-hidden": "true" }, `${stars.low.toFixed(1)}–${stars.high.toFixed(1)}`));
}

function trendOf(trend) {
  if (!trend) return null;
  if (!trend.rows) return h("span.muted.small", {}, "no dates");
  const shares = trend.rows.map((row) => row.share);
  return sparkline(shares.map((share) => share?.value ?? null), { label: trendInWords(shares, trend.periods) });
}

/** Return the buttons that change a theme; `place` holds its name, `around` is where they are found again. */
export function actions(theme, place, around, desk) {
  const again = (action) => () => around.querySelector(`[data-action=${action}]`)?.focus();
  const button = (action, label, onclick) => h("button.quiet", { type: "button", "data-action": action, onclick },
    label, h("span.hidden-text", {}, ` “${theme.label}”`));
  return [
    button("rename", "Rename", () => startRenaming(theme, place, desk, again("rename"))),
    button("hide", theme.hidden ? "Show" : "Hide", () => hide(theme, !theme.hidden, desk)),
    theme.parts > 1 ? button("split", "Split", () => split(theme, desk)) : null,
  ];
}

function hide(theme, hidden, desk) {
  return desk.change((options) => long(`/themes/${theme.cluster}`, { wait: 1 }, { method: "PATCH", body: { hidden }, ...options }),
    () => (hidden ? `${named(theme.label)} is hidden: left out of lists and news. Its reviews keep it.` : `${named(theme.label)} is shown again.`),
    { undo: () => hide({ ...theme, hidden }, !hidden, desk) });
}

function split(theme, desk) {
  return desk.change((options) => long(`/themes/${theme.cluster}/split`, { wait: 1 }, { method: "POST", ...options }),
    ({ themes }) => `${named(theme.label)} was split into ${themes.length} themes; the largest keeps the name.`);
}
