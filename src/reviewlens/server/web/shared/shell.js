// What all pages have around them: header, theme, errors, the empty corpus.
import { Failure, long } from "/static/shared/api.js";
import { h, replace, svg } from "/static/shared/dom.js";
import { counted } from "/static/shared/figures.js";

const PAGES = [
  ["search", "/", "Search"],
  ["themes", "/themes", "Themes"],
  ["map", "/map", "Map"],
  ["anomalies", "/anomalies", "Anomalies"],
  ["upload", "/upload", "Upload"],
  ["export", "/export", "Export"],
];

/** Kinds of errors that mean: nothing is stored yet. */
const EMPTY = "CollectionMissing";

/** What pages may do where nothing is stored. */
const WITHOUT_REVIEWS = ["upload", "docs"];

/**
 * Build the frame, then the page: `fill(main)` may be async; what it throws is shown, and where
 * nothing is stored, what to do is shown instead.
 * @param {string} name of the page: `search`, `themes` …
 * @param {function(Element): (void|Promise<void>)} fill
 */
export async function openPage(name, fill) {
  const main = document.getElementById("main");
  main.tabIndex = -1;
  const corpus = h("span.corpus", { title: "" });
  main.before(h("a.skip", { href: "#main" }, "Skip to content"), header(name, corpus));
  const empty = tellCorpus(corpus);
  // A page that stored or deleted reviews says so.
  addEventListener("corpus-changed", () => tellCorpus(corpus));
  await run(main, fill);
  if ((await empty) && !WITHOUT_REVIEWS.includes(name)) replace(main, emptyCorpus("h1"));
}

/**
 * Show an error at the end of an element; nothing stored is told with what to do about it.
 * @param {Element} place
 * @param {Error} error a `Failure`, or what should not have happened
 * @param {{retry?: function(): void}} options what tries again, where that may help: a button calls
 *   it, and where the server said when to come back it is called then
 */
export function showError(place, error, { retry = null } = {}) {
  if (error.name === "AbortError") return;
  if (error.kind === EMPTY) {
    if (!place.querySelector(".empty")) place.append(emptyCorpus());
    return;
  }
  place.append(errorBox(error, { retry }));
}

/** Return an error as an element; see `showError`. */
export function errorBox(error, { retry = null } = {}) {
  if (!(error instanceof Failure)) console.error(error);
  const kind = error instanceof Failure ? error.kind : "Unexpected";
  const box = h(
    "div.error.stack",
    { role: "alert" },
    h("p", {}, h("span.kind", {}, `${KINDS[kind] ?? kind}: `), error.message),
  );
  const passes = error.status === 0 || error.retryAfter !== null;
  if (retry && (passes || error.status >= 500))
    box.append(retryButton(box, error.retryAfter ?? null, retry));
  return box;
}

/** Return what to do where nothing is stored; `heading` is the tag of its heading. */
function emptyCorpus(heading = "h2") {
  return h(
    "section.empty.stack",
    { "aria-labelledby": "empty" },
    h(heading, { id: "empty" }, "No reviews yet"),
    h(
      "p",
      {},
      "Drop a CSV or XLSX file with reviews at ",
      h("a", { href: "/upload" }, "Upload"),
      ". You see how its columns are read before anything is stored.",
    ),
    h(
      "p",
      {},
      "Or stop the server and run ",
      h("code", {}, "reviewlens ingest reviews.csv"),
      ", then start it again.",
    ),
    h("div", {}, h("a.button.primary", { href: "/upload" }, "Upload reviews")),
  );
}

const KINDS = {
  Unreachable: "No answer",
  InputError: "Not understood",
  FilterError: "Not understood",
  InvalidRequest: "Not understood",
  UnknownTokens: "Not understood",
  Overloaded: "Busy",
  StoreLocked: "Busy",
  StoreUnreachable: "No answer from Milvus",
  Refused: "Refused",
  NotFound: "Not found",
  TooFewReviews: "Too few reviews",
  TooLarge: "Too large",
  UnreadableFile: "Cannot be read",
  ColumnError: "Columns",
  AmbiguousDates: "Dates",
};

function retryButton(box, seconds, retry) {
  const button = h("button", { type: "button", onclick: again }, "Try again");
  let left = seconds === null ? null : Math.max(1, Math.ceil(seconds));
  const timer = left === null ? null : setInterval(tick, 1000);
  if (left !== null) button.textContent = `Try again (in ${left} s)`;

  function tick() {
    left -= 1;
    if (!box.isConnected) clearInterval(timer);
    else if (left <= 0) again();
    else button.textContent = `Try again (in ${left} s)`;
  }

  function again() {
    clearInterval(timer);
    box.remove();
    retry();
  }

  return h("div", {}, button);
}

async function run(main, fill) {
  try {
    await fill(main);
  } catch (error) {
    showError(main, error, {
      retry: () => {
        replace(main);
        run(main, fill);
      },
    });
  }
}

/** Tell the collection's name and size in the header; return whether nothing is stored. */
async function tellCorpus(place) {
  try {
    const { collection, total } = await long("/facets");
    place.textContent = `${collection} · ${counted(total, "review")}`;
    place.title = place.textContent;
    return total === 0;
  } catch (error) {
    return error.kind === EMPTY;
  }
}

function header(current, corpus) {
  const links = PAGES.map(([name, path, label]) =>
    h("li", {}, h("a", { href: path, "aria-current": name === current ? "page" : null }, label)),
  );
  return h(
    "header.masthead",
    {},
    h("a.brand", { href: "/" }, h("img", { src: "/static/icon.svg", alt: "" }), "reviewlens"),
    corpus,
    h("nav", { "aria-label": "Pages" }, h("ul", {}, links)),
    h(
      "div.tools",
      {},
      h(
        "a.button.quiet",
        {
          href: "/docs",
          title: "The HTTP API",
          "aria-current": current === "docs" ? "page" : null,
        },
        "API",
      ),
      themeButton(),
    ),
  );
}

function themeButton() {
  const drawing = svg(
    "svg",
    { viewBox: "0 0 24 24", "aria-hidden": "true" },
    svg("circle", {
      cx: 12,
      cy: 12,
      r: 8,
      fill: "none",
      stroke: "currentColor",
      "stroke-width": 2,
    }),
    svg("path", { d: "M12 4a8 8 0 0 1 0 16z", fill: "currentColor" }),
  );
  const button = h(
    "button.quiet",
    { type: "button", "aria-label": "Dark colours", onclick: turn },
    drawing,
  );
  const told = () =>
    button.setAttribute("aria-pressed", String(document.documentElement.dataset.theme === "dark"));

  function turn() {
    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    try {
      localStorage.setItem("theme", next);
    } catch {
      // Storage is switched off: the choice lasts for this page.
    }
    dispatchEvent(new CustomEvent("theme-chosen", { detail: next }));
  }

  addEventListener("theme", told);
  told();
  return button;
}
