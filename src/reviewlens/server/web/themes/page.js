// One theme's page: what it is, who says it, since when, of which products.
import { long } from "/static/shared/api.js";
import { barTable, bars, line } from "/static/shared/charts.js";
import { h, replace } from "/static/shared/dom.js";
import { facetOf } from "/static/shared/filters/facets.js";
import { nearestStar } from "/static/shared/filters/stars.js";
import { date } from "/static/shared/figures.js";
import { exportLinks } from "/static/shared/export.js";
import { askTrends, nameIn, saysTooLittle } from "/static/themes/data.js";
import { makeDesk } from "/static/themes/desk.js";
import { finerParts } from "/static/themes/parts.js";
import { newest } from "/static/themes/newest.js";
import { quoted } from "/static/themes/quotes.js";
import { actions } from "/static/themes/row.js";
import { changeInWords, many, percent, percentRange, shareInWords, starsInWords } from "/static/themes/telling.js";

const MOST_PRODUCTS = 20;
const MOST_WORDS = 12;
const STARS = [5, 4, 3, 2, 1];

/** Fill the page with one theme. */
export async function themePage(main, number) {
  const head = h("div.theme-head", {});
  const figures = h("div", {});
  const quotes = h("div", {});
  const desk = makeDesk(load);
  let theme = null;

  async function load() {
    theme = await long(`/themes/${number}`);
    document.title = `${theme.label} · Themes · reviewlens`;
    const held = head.contains(document.activeElement) ? document.activeElement.dataset.action ?? "rename" : null;
    const name = h("h1.theme-name", { dir: "auto" }, theme.label);
    const buttons = h("div.theme-actions", {});
    buttons.append(...actions(theme, name, buttons, desk).filter(Boolean));
    replace(head, h("div.section-head", {}, name, buttons), theme.name ? h("p.muted.small", { dir: "auto" }, theme.terms.join(", ")) : null);
    if (held) (buttons.querySelector(`[data-action=${held}]`) ?? buttons.firstChild).focus();
    replace(figures, figuresOf(theme));
    replace(quotes, theme.quotes.length ? quoted(theme.quotes) : h("p.muted.small", {}, "Its quotes are no longer stored."));
  }

  const back = h("p", {}, h("a", { href: "/themes" }, "← All themes"));
  replace(main, back);
  await load();
  const trend = section("Over time");
  const words = section("Words");
  const stars = section("Stars");
  const products = section("Products");
  const parts = finerParts(number);
  const latest = newest(number);
  words.body.append(wordsOf(theme));
  replace(main, back, head, figures,
    h("div.row", {}, h("a", { href: `/?cluster=${number}` }, "Search within this theme"),
      h("a", { href: `/map?cluster=${number}` }, "Show it on the map"),
      exportLinks("/export", { cluster: number }, { label: "its reviews" })),
    h("section.quotes", { "aria-labelledby": "quotes" }, h("h2", { id: "quotes" }, "Quotes"), quotes),
    trend.element, h("div.grid", {}, stars.element, products.element, words.element), parts, latest, desk.element);
  await Promise.all([fillTrend(trend.body, theme), fillFacets(stars.body, products.body, number)]);
}

function section(title) {
  const id = title.toLowerCase().replaceAll(" ", "-");
  const body = h("div", {});
  return { element: h("section", { "aria-labelledby": id }, h("h2", { id }, title), body), body };
}

function figuresOf(theme) {
  const figure = (label, ...value) => h("div", {}, h("dt", {}, label), h("dd", {}, value));
  return h("dl.figures", {},
    figure("Reviews", many(theme.reviews, "review"), theme.new ? ` (${many(theme.new, "new one", "new ones")})` : ""),
    theme.share ? figure("Share", h("span", { title: shareInWords(theme.share) }, percent(theme.share.value)), " ",
      h("span.muted.small", {}, `(95%: ${percentRange(theme.share)})`)) : null,
    figure("Stars", theme.stars ? [h("span", { title: starsInWords(theme.stars) }, theme.stars.value.toFixed(2)), " ",
      h("span.muted.small", {}, `(95%: ${theme.stars.low.toFixed(1)}–${theme.stars.high.toFixed(1)})`)] : "none given"),
    figure("Dates", theme.first ? [date(theme.first), " – ", date(theme.last)] : "none given"),
    figure("How it came", theme.origin),
    theme.hidden ? figure("Hidden", "left out of lists and news") : null);
}

function wordsOf(theme) {
  const words = Object.entries(theme.vocabulary).slice(0, MOST_WORDS);
  return h("div", {},
    theme.terms.length ? h("p", {}, "Tell it from the other themes: ",
      theme.terms.map((term, place) => [place ? ", " : "", h("strong", { dir: "auto" }, term)])) : null,
    words.length ? barTable(words.map(([, count]) => count), words.map(([word]) => word), {
      caption: "Its commonest words when it was found", label: "Word",
      href: (place) => `/?${new URLSearchParams({ q: words[place][0], cluster: theme.cluster })}`,
    }) : null);
}

async function fillTrend(body, theme) {
  replace(body, h("p.muted.small", {}, "Counting …"));
  try {
    const trends = await askTrends();
    const rows = trends.rows.get(nameIn(trends, theme));
    if (!rows) return void replace(body, h("p.muted.small", {}, "None of its reviews has a date."));
    const periods = rows.map((row) => row.period);
    const change = trends.groups.get(nameIn(trends, theme)).change_point;
    const shares = rows.map((row) => row.share);
    return void replace(body,
      change?.significant ? [h("p", {}, changeInWords(change)),
        h("details", {}, h("summary", {}, "Reviews of this change"), quoted(change.quotes))] : null,
      bars(rows.map((row) => row.reviews), periods, {
        caption: `Reviews by ${trends.unit}`, label: trends.unit,
        href: (place) => `/?${new URLSearchParams({ cluster: theme.cluster, since: trends.starts[place], until: trends.ends[place] })}`,
        columns: [
          { head: "Share", cells: shares.map((share) => (share ? `${percent(share.value)} (${percentRange(share)})` : "–")) },
          { head: "Stars", cells: rows.map((row) => row.stars?.value.toFixed(1) ?? "–") },
        ],
      }),
      line(shares.map((share) => share?.value ?? null), periods, {
        caption: `Share of all reviews by ${trends.unit}, with its 95% interval`, label: trends.unit, unit: "Share", tell: percent,
        low: shares.map((share) => share?.low ?? null), high: shares.map((share) => share?.high ?? null),
      }));
  } catch (error) {
    return void replace(body, told(error));
  }
}

async function fillFacets(stars, products, number) {
  try {
    const facets = await long("/facets", { cluster: number });
    fillStars(stars, facets);
    fillProducts(products, facets, number);
  } catch (error) {
    replace(stars, told(error));
    replace(products, told(error));
  }
}

function fillStars(body, facets) {
  const found = facetOf(facets, "stars").filter(({ reviews }) => reviews);
  if (!found.length) return replace(body, h("p.muted.small", {}, "None of its reviews has stars."));
  const counts = new Map();
  for (const { value, reviews } of found) {
    const star = nearestStar(Number(value));
    counts.set(star, (counts.get(star) ?? 0) + reviews);
  }
  return replace(body, barTable(STARS.map((value) => counts.get(value) ?? 0), STARS.map((value) => (value === 1 ? "1 star" : `${value} stars`)),
    { caption: "Reviews by stars", label: "Stars" }));
}

function fillProducts(body, facets, number) {
  const all = facetOf(facets, "products").filter(({ value, reviews }) => value && reviews);
  if (!all.length) return replace(body, h("p.muted.small", {}, "None of its reviews names a product."));
  const shown = all.slice(0, MOST_PRODUCTS);
  const more = facets.distinct_products - shown.length;
  return replace(body, barTable(shown.map(({ reviews }) => reviews), shown.map(({ label }) => label), {
    caption: "Reviews by product", label: "Product",
    href: (place) => `/?${new URLSearchParams({ cluster: number, product: shown[place].value })}`,
  }), more > 0 ? h("p.muted.small", {}, `and ${many(more, "more product", "more products")}`) : null);
}

function told(error) {
  return saysTooLittle(error) ? h("p.muted.small", {}, error.message) : h("p.error", { role: "alert" }, error.message);
}
