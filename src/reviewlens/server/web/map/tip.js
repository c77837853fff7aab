// What a point says, beside the pointer.
import { h, replace } from "/static/shared/dom.js";
import { stars, when } from "/static/shared/figures.js";
import { factsOf } from "/static/map/data.js";

const SHOWN = 400; // characters
const GAP = 20; // pixels, so that the ring of a chosen review is seen
const PAUSE = 15; // milliseconds on a point before its text is asked for
const PATIENCE = 250; // milliseconds after which the box is shown without its text

/**
 * Return the box that shows the review under the pointer.
 * @param {object} map as `loadMap` gives it
 * @param {object} texts as `textKeeper` gives it
 */
export function tipFor(map, texts) {
  const element = h("div.tip", { hidden: true, "aria-hidden": "true" });
  const labels = new Map(map.outline.themes.map(({ cluster, label }) => [cluster, label]));
  let at = -1;
  let place = null; // where the pointer is, and how large the stage is
  let running = null;

  /** Show a row beside a place in the stage; -1 for none. */
  function show(row, x = 0, y = 0, [width, height] = [0, 0]) {
    if (row < 0) {
      at = -1;
      running?.abort();
      element.hidden = true;
      return;
    }
    place = [x, y, width, height];
    if (row !== at) fill(row);
    else if (!element.hidden) settle();
  }

  function settle() {
    const [x, y, width, height] = place;
    element.hidden = false;
    const left = x + GAP + element.offsetWidth > width ? x - GAP - element.offsetWidth : x + GAP;
    const top = y + GAP + element.offsetHeight > height ? y - GAP - element.offsetHeight : y + GAP;
    element.style.transform = `translate(${Math.max(2, left)}px, ${Math.max(2, top)}px)`;
  }

  // Without a graphics card each change of the box costs a frame of a tenth of a second: the box
  // comes with its text, and alone only where that takes long.
  async function fill(row) {
    at = row;
    running?.abort();
    running = new AbortController();
    const { signal } = running;
    const facts = factsOf(map, row);
    const head = [h("div.row", {}, stars(facts.rating), when(facts.time)),
      facts.product ? h("div.muted", {}, h("bdi", {}, facts.product)) : null,
      labels.has(facts.cluster) ? h("div.muted", {}, h("bdi", {}, labels.get(facts.cluster))) : null];
    const tell = (...said) => {
      if (signal.aborted) return;
      clearTimeout(late);
      replace(element, head, ...said);
      settle();
    };
    const late = setTimeout(() => tell(h("div.muted", {}, "…")), PATIENCE);
    element.hidden = true;
    try {
      if (!texts.known(facts.review_id)) await new Promise((done) => setTimeout(done, PAUSE));
      if (signal.aborted) return;
      const review = await texts.one(facts.review_id, { signal });
      tell(review ? says(review) : h("div.muted", {}, "This review is stored no longer."));
    } catch (error) {
      tell(h("div", {}, error.message));
    }
  }

  return { element, show };
}

function says({ title, text }) {
  const cut = text.length > SHOWN ? `${[...text.slice(0, SHOWN)].slice(0, -1).join("")}…` : text;
  return [title ? h("div.title", { dir: "auto" }, title) : null, h("div.text", { dir: "auto" }, cut)];
}
