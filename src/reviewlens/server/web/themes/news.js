// What is new since the themes were saved, with the button that makes a theme of what emerges.
import { long } from "/static/shared/api.js";
import { h, replace } from "/static/shared/dom.js";
import { exportLinks } from "/static/shared/export.js";
import { askNews, saysTooLittle } from "/static/themes/data.js";
import { many, named, percent, points, rateInWords } from "/static/themes/telling.js";
import { quoted } from "/static/themes/quotes.js";

const KINDS = [
  ["emerging", "Emerging", "New reviews speak of something that hardly any review spoke of before."],
  ["growing", "Growing", "A larger share of the new reviews than of those before."],
  ["shrinking", "Shrinking", "A smaller share of the new reviews than of those before."],
  ["vanished", "Vanished", "Hardly any review since, where many were to be expected."],
];

/**
 * Make the section of news.
 * @param {object} desk carries out changes
 * @param {function(object)} onNews told of the news when they have arrived
 * @returns {{element: HTMLElement, load: function(): Promise}}
 */
export function newsSection(desk, onNews) {
  const body = h("div", { "aria-busy": "true" }, h("p.muted.small", {}, "Looking for what is new …"));
  const title = h("h2", { id: "news", tabindex: -1 }, "What is new");
  const element = h("section.news", { "aria-labelledby": "news" },
    h("div.section-head", {}, title, exportLinks("/news", {}, { label: "the news" })), body);

  async function load() {
    try {
      const news = await askNews();
      const held = body.contains(document.activeElement);
      replace(body, told(news, desk));
      if (held) title.focus();
      onNews(news);
    } catch (error) {
      if (!saysTooLittle(error)) return void replace(body, h("p.error", { role: "alert" }, error.message));
      replace(body, h("p.muted.small", {}, error.message));
    } finally {
      body.removeAttribute("aria-busy");
    }
  }
  return { element, load };
}

function told(news, desk) {
  const kinds = KINDS.filter(([kind]) => news[kind].length);
  const notes = news.notes.map((note) => h("p.muted.small", {}, note));
  if (!kinds.length) {
    return [news.reviews
      ? h("p", {}, `Nothing: ${many(news.reviews, "new review")} speak of the themes as often as the ` +
        `${many(news.reviews_before, "review")} before.`) : null, notes];
  }
  return [
    h("p.muted.small", {}, `${many(news.reviews, "review")} that came since the themes were saved, against ` +
      `${many(news.reviews_before, "review")} before. ${rateInWords(news.rate)}`),
    kinds.map(([kind, title, meaning]) => h("section.news-kind", {},
      h("h3", {}, title), h("p.muted.small", {}, meaning),
      h("ul.plain", {}, news[kind].map((one, place) => h("li", {}, item(kind, one, place, desk)))))),
    notes,
  ];
}

function item(kind, one, place, desk) {
  const name = kind === "emerging"
    ? h("strong", { dir: "auto" }, one.label)
    : h("a", { href: `/themes?theme=${one.cluster}`, dir: "auto" }, one.label);
  const from = kind === "emerging" && one.reviews_before === 0 ? "none before"
    : `${percent(one.share_before.value)} before`;
  const figures = `${many(one.reviews, "new review")}: ${percent(one.share.value)} of the new ones, ${from} ` +
    `(${points(one.difference.value)}; 95% interval ${points(one.difference.low)} to ${points(one.difference.high)}).`;
  return [
    h("p", {}, name, " ", h("span.badge", {}, kind)),
    h("p", {}, figures),
    kind === "emerging" ? emerging(one, place + 1, desk) : null,
    h("details", {}, h("summary", {}, kind === "shrinking" || kind === "vanished" ? "What they said" : "What they say"),
      quoted(one.quotes)),
  ];
}

function emerging(one, number, desk) {
  const near = one.nearest.map((theme, at) => [at ? ", " : "",
    h("a", { href: `/themes?theme=${theme.cluster}`, dir: "auto" }, theme.label), ` (${theme.reviews})`]);
  async function adopt(event) {
    const place = event.target.closest("button").parentElement;
    const done = await desk.change(
      (options) => long("/themes/adopt", { wait: 1 }, { method: "POST", body: { which: [number] }, ...options }),
      () => `${named(one.label)} is a theme now.`);
    if (!done) return;
    // The news are counted anew meanwhile; the place in them would be another by then.
    const told = h("p.muted.small", { tabindex: -1 }, "It is a theme now.");
    if (place.isConnected) place.replaceWith(told);
    if (document.activeElement === document.body) told.focus();
  }
  return [
    near.length ? h("p.muted.small", {}, "Its reviews are now in: ", near, ".") : null,
    h("div", {}, h("button", { type: "button", onclick: adopt }, "Make it a theme", h("span.hidden-text", {}, `: ${one.label}`))),
  ];
}
