// The map: every review a point, near ones say alike.
import { get, long } from "/static/shared/api.js";
import { announce } from "/static/shared/dialogs.js";
import { h, replace } from "/static/shared/dom.js";
import { counted } from "/static/shared/figures.js";
import { FILTERS, filterBar, filtersOf, filtersUsed } from "/static/shared/filters.js";
import { progress } from "/static/shared/progress.js";
import { errorBox, openPage } from "/static/shared/shell.js";
import { onState, readState, writeState } from "/static/shared/state.js";
import { chosenReview } from "/static/map/chosen.js";
import { COLORS, groupsBy, usualColor } from "/static/map/colors.js";
import { loadMap, maskOf } from "/static/map/data.js";
import { legendOf } from "/static/map/legend.js";
import { pagedReviews } from "/static/map/listing.js";
import { pointsOf } from "/static/map/points.js";
import { selectionPanel } from "/static/map/selection.js";
import { stageFor } from "/static/map/stage.js";
import { textKeeper } from "/static/map/texts.js";
import { toolbar } from "/static/map/tools.js";

/**
 * `at` is the view: x,y,zoom; `pick` the selection: `outline:x,y,…`, `group:key`, `hits`, `shown`;
 * `review` the id of the one that is chosen, which the view goes to where `at` says nothing else.
 */
const STATE = { color: "", method: "pca", q: "", off: [], at: "", pick: "", review: "", ...FILTERS };
const MOST_HITS = 500;
const CORNERS = 40; // of an outline in the address
const SETTLED = 400; // milliseconds after which a view goes into the address

openPage("map", async (main) => {
  let state = readState(STATE);
  const texts = textKeeper();
  const place = h("div.stack", {});
  const bar = toolbar({
    color: (color) => go({ color, off: [], pick: state.pick.startsWith("group:") ? "" : state.pick }),
    method: (method) => {
      before = { at: state.at, pick: state.pick };
      go({ method, at: "", pick: "" });
    },
    find: (q) => go({ q, pick: state.pick === "hits" ? "" : state.pick }),
    mode: (mode) => { if (stage) stage.mode = mode; },
    pickShown: () => pick("shown"),
    pickHits: () => pick("hits"),
  });
  const filters = filterBar(state, (chosen) => go(chosen));
  const note = h("p", { role: "status" });
  const legend = legendOf({
    toggle: (key) => go({ off: state.off.includes(key) ? state.off.filter((one) => one !== key) : [...state.off, key] }),
    only: (key) => {
      const rest = grouped.groups.map((group) => group.key).filter((one) => one !== key);
      const alone = rest.every((one) => state.off.includes(one)) && !state.off.includes(key);
      go({ off: alone ? [] : rest });
    },
    pick: (key) => pick(`group:${key}`),
  });
  const chosen = chosenReview(texts, {
    close: () => choose(-1).then(() => stage.element.focus()),
    clearFilters: () => go({ ...FILTERS }),
    show: (key) => go({ off: state.off.filter((one) => one !== key) }),
  });
  const lists = { selection: null, view: null };
  let map = null;
  let stage = null;
  let selection = null;
  let grouped = null;
  let scores = null;
  let asked = {}; // what was last asked of the server, by kind
  let left = null; // rows that the filters leave, null for all
  let hits = null; // rows that say what was looked for, null where nothing is
  let shown = null;
  let picked = null;
  let pinned = -1;
  let before = {}; // what of the address goes with the method that was left
  let moving = 0;
  let opening = null;

  main.classList.add("map-page");
  main.append(h("h1.hidden-text", {}, "Map"), h("div.columns", {}, h("aside.side", { "aria-label": "Filters" }, filters), place));
  onState(() => {
    state = readState(STATE);
    filters.update(state);
    if (map) stage.show(viewOf(state.at), rowOf(state.review));
    show();
  });
  await show();

  function go(changes) {
    state = { ...state, ...changes };
    writeState(state);
    filters.update(state);
    return show();
  }

  async function show() {
    try {
      await opened();
      await Promise.all([filtered(), found(), scored()]);
    } catch (error) {
      failed(error);
      return;
    }
    if (map) draw();
  }

  /** Tell what went wrong; a map that is there stays, with the method that it has. */
  function failed(error) {
    if (error.name === "AbortError") error.message = "The map was not made, as you cancelled it.";
    const again = { retry: () => { asked = { ...asked, method: map?.outline.method, filters: null, q: null }; show(); } };
    if (!map) {
      asked = {};
      replace(place, bar.element, errorBox(error, again));
      return;
    }
    replace(note, errorBox(error, again));
    asked.method = map.outline.method;
    if (state.method === asked.method) return;
    state = { ...state, ...before, method: asked.method };
    writeState(state, { replace: true });
    draw();
  }

  /** Load the map of the method that is chosen, unless it is there. */
  function opened() {
    if (asked.method === state.method) return undefined;
    if (opening?.method !== state.method) opening = { method: state.method, done: load(state.method).finally(() => { opening = null; }) };
    return opening.done;
  }

  async function load(method) {
    const running = new AbortController();
    const shownProgress = progress({ onCancel: () => running.abort() });
    if (map) replace(note, shownProgress.element);
    else replace(place, bar.element, h("div.stage", { "aria-busy": "true" }, h("div.cover", {}, shownProgress.element)));
    bar.update({ ...state, color: state.color || "theme" }, { found: false });
    const next = await loadMap(method, { signal: running.signal, onProgress: shownProgress.show });
    stage?.close();
    replace(note);
    map = next;
    asked = { method };
    [left, hits, scores, grouped, picked, pinned, before] = [null, null, null, null, null, -1, {}];
    chosen.update("");
    const themes = new Map(map.outline.themes.map(({ cluster, label }) => [cluster, label]));
    lists.selection = pagedReviews(texts, { themes });
    lists.view = pagedReviews(texts, { themes });
    selection = selectionPanel({ list: lists.selection, onClear: () => pick("") });
    stage = await stageFor(map, texts, { picked: outlined, chosen: choose, moved });
    const inView = h("details", { ontoggle: listView }, h("summary", {}, "Reviews in view, as a list"), lists.view.element);
    lists.details = inView;
    replace(place, bar.element, note, chosen.missing, stage.element,
      h("p.muted.small", { id: "map-keys" }, keysText(map.outline)),
      map.outline.notes.map((one) => h("p.notice.small", {}, one)), chosen.card,
      h("div.below", {}, legend.element, inView), selection.element);
    await stage.open(viewOf(state.at), rowOf(state.review));
  }

  async function filtered() {
    const key = JSON.stringify(filtersOf(state));
    if (asked.filters === key) return;
    asked.filters = key;
    const mask = filtersUsed(state) ? maskOf(map, (await get("/map/matching", filtersOf(state))).review_ids) : null;
    if (asked.filters === key) left = mask;
  }

  async function found() {
    const key = JSON.stringify([state.q, state.q ? filtersOf(state) : null]);
    if (asked.q === key) return;
    asked.q = key;
    note.textContent = state.q ? "Looking …" : "";
    let mask = null;
    let told = "";
    if (state.q) {
      const answer = await get("/search", { q: state.q, n: MOST_HITS, ...filtersOf(state) });
      // A weak match is no answer on its own.
      const sure = answer.matches.filter((match) => match.strength !== "weak");
      mask = maskOf(map, sure.map((match) => match.review_id));
      const placed = mask.reduce((sum, there) => sum + there, 0);
      told = !sure.length ? `No review says “${state.q}”.`
        : `${counted(sure.length, "review")} found for “${state.q}”${sure.length === MOST_HITS ? ": the nearest ones, there may be more" : ""}${placed < sure.length ? `, ${placed} of them on the map` : ""}.`;
      told = [told, ...answer.notes].join(" ");
    }
    if (asked.q !== key) return;
    hits = mask;
    note.textContent = told;
  }

  async function scored() {
    if (state.color !== "score" || asked.scores) return;
    asked.scores = true;
    const shownProgress = progress();
    note.after(shownProgress.element);
    try {
      const told = await long("/map/scores", {}, { onProgress: shownProgress.show });
      scores = new Float32Array(map.n).fill(NaN);
      const rows = map.rows();
      told.review_ids.forEach((id, at) => { if (rows.has(id)) scores[rows.get(id)] = told.scores[at]; });
    } catch (error) {
      scores = null;
      note.textContent = error.message;
    } finally {
      shownProgress.done();
    }
  }

  function draw() {
    const known = COLORS.some(([name]) => name === state.color) && (state.color !== "score" || scores);
    const color = known ? state.color : usualColor(map);
    const theme = document.documentElement.dataset.theme;
    if (asked.color !== `${color} ${theme}` || !grouped) {
      asked.color = `${color} ${theme}`;
      grouped = groupsBy(map, color, scores);
    }
    const off = new Set(state.off);
    const counts = new Array(grouped.groups.length).fill(0);
    shown = new Uint8Array(map.n);
    for (let row = 0; row < map.n; row += 1) {
      if (left && !left[row]) continue;
      counts[grouped.of[row]] += 1;
      if (!off.has(grouped.groups[grouped.of[row]].key)) shown[row] = 1;
    }
    legend.update(COLORS.find(([name]) => name === color)[1], grouped.groups, counts, off);
    bar.update({ ...state, color }, { found: hits?.includes(1) });
    selected();
    pinned = rowOf(state.review);
    stage.draw(pointsOf(map, grouped, shown, picked ?? hits, pinned), shown, pinned);
    tellChosen(off);
    listView();
  }

  /** Tell of the chosen review where it is another than before, or is shown no longer or again. */
  function tellChosen(off) {
    const stored = pinned >= 0;
    const group = stored ? grouped.groups[grouped.of[pinned]] : null;
    const filtered = Boolean(stored && left && !left[pinned]);
    const hidden = stored && !filtered && off.has(group.key) ? group : null;
    const key = JSON.stringify([state.review, filtered, hidden?.key]);
    if (asked.review === key) return;
    asked.review = key;
    const theme = map.outline.themes.find(({ cluster }) => stored && cluster === map.clusters[pinned])?.label ?? null;
    chosen.update(state.review, { stored, theme, filtered, hidden });
    if (stored && shown[pinned]) stage.point(pinned);
  }

  /** Find what is selected, and tell of it where that is something else than before. */
  function selected() {
    picked = pickedRows();
    const rows = picked ? rowsOf(picked) : [];
    const key = state.pick ? `${rows.length} ${rows[0]} ${rows.at(-1)} ${state.pick}` : "";
    if (asked.pick === key) return;
    asked.pick = key;
    const ids = map.ids();
    selection.update(rows.map((row) => ids[row]));
    if (state.pick) announce(rows.length ? `${counted(rows.length, "review")} selected.` : "No review is there.");
    if (!rows.length) picked = null;
  }

  function pickedRows() {
    const [kind, ...rest] = state.pick.split(":");
    const value = rest.join(":");
    if (kind === "outline") return stage.grid.inside(value.split(",").map(Number), shown);
    if (kind === "shown") return shown.slice();
    if (kind === "hits") return hits ? hits.map((hit, row) => hit & shown[row]) : null;
    if (kind !== "group") return null;
    const at = grouped.groups.findIndex((group) => group.key === value);
    return shown.map((there, row) => (there && grouped.of[row] === at ? 1 : 0));
  }

  function outlined(mask, outline) {
    bar.choose("move");
    const step = Math.max(1, Math.ceil(outline.length / 2 / CORNERS));
    const corners = outline.filter((_, at) => Math.floor(at / 2) % step === 0);
    pick(`outline:${corners.map((value) => Number(value.toPrecision(3))).join(",")}`);
  }

  async function pick(what) {
    await go({ pick: what });
    if (what && picked) selection.focus();
    else stage.element.focus();
  }

  /** Choose a review, with -1 none; the view stays as it is. */
  async function choose(row) {
    if (row >= 0) await go({ review: map.ids()[row], at: written(stage.view) });
    else if (state.review) await go({ review: "" });
  }

  /** Return the row of a review, -1 where the map has no point of it. */
  function rowOf(id) {
    return (id ? map.rows().get(id) : undefined) ?? -1;
  }

  function moved(view) {
    clearTimeout(moving);
    moving = setTimeout(() => {
      state = { ...state, at: addressed(view) };
      writeState(state, { replace: true });
      listView();
    }, SETTLED);
  }

  /** Return a view for the address; all is the usual one, but not where a chosen review would be. */
  function addressed(view) {
    return pinned < 0 && written(view) === written(stage.home) ? "" : written(view);
  }

  function listView() {
    if (!lists.details?.open) return;
    const ids = map.ids();
    const rows = stage.inView();
    lists.view.update((rows.length ? rows : rowsOf(shown)).map((row) => ids[row]));
  }

  addEventListener("theme", () => { if (map && shown) draw(); });
});

function rowsOf(mask) {
  const rows = [];
  mask.forEach((there, row) => { if (there) rows.push(row); });
  return rows;
}

/** Return a view as the address has it. */
function written({ x, y, zoom }) {
  return [x, y, zoom].map((value) => Number(value.toPrecision(4))).join(",");
}

function viewOf(at) {
  const [x, y, zoom] = at.split(",").map(Number);
  return Number.isFinite(x) && Number.isFinite(y) && zoom > 0 ? { x, y, zoom } : null;
}

function keysText({ method, explained }) {
  const about = method === "umap" ? "UMAP: near points say alike; distances between groups mean nothing."
    : `PCA: near points say alike; the picture shows ${Math.round((explained[0] + explained[1]) * 100)}% of how the reviews differ, so points that lie together may still say different things.`;
  return `${about} Keys on the map: arrows move, + and − zoom, 0 shows all, Enter opens the review nearest to the middle.`;
}
