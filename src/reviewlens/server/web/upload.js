// From a file to stored reviews: choose it, see how it is read, correct that, store it.
import { h, replace } from "/static/shared/dom.js";
import { openPage, showError } from "/static/shared/shell.js";
import { onState, readState, writeState } from "/static/shared/state.js";
import { showChoosing } from "/static/upload/choosing.js";
import { showMapping } from "/static/upload/mapping.js";
import { SETTINGS } from "/static/upload/settings.js";
import { showStoring } from "/static/upload/storing.js";

const STEPS = ["Choose a file", "See how it is read", "Store the reviews"];

/** `upload` is the file on the server, `job` what stores it; both are in the address. */
const STATE = { upload: "", job: "", ...SETTINGS };

openPage("upload", (main) => {
  let state = readState(STATE);
  let running = new AbortController();
  /** Files that wait for their turn; they live as long as the page is open. */
  const files = [];
  const steps = h("ol.steps", { role: "list", "aria-label": "Steps" });
  const place = h("div.stack.upload");
  main.append(h("h1", {}, "Upload"), steps, place);
  onState(() => {
    state = readState(STATE);
    draw();
  });

  const page = {
    files,
    state: () => state,
    get signal() { return running.signal; },

    /** Change some of the state, put it into the address, and draw the page anew unless `quiet`. */
    change(some, { quiet = false, replace: instead = quiet } = {}) {
      state = { ...state, ...some };
      writeState(state, { replace: instead });
      if (!quiet) draw();
    },

    /** Begin with a file anew: what was said of the one before holds no more. */
    begin(some = {}) {
      page.change({ upload: "", job: "", ...SETTINGS, ...some });
    },

    /** Show the columns again after storing failed, with why. */
    correct(failure) {
      state = { ...state, job: "" };
      writeState(state);
      draw(failure);
    },
  };

  function draw(failure = null) {
    running.abort();
    running = new AbortController();
    const at = state.job ? 2 : state.upload ? 1 : 0;
    replace(steps, STEPS.map((step, number) =>
      h("li", { "aria-current": number === at ? "step" : null }, step)));
    replace(place);
    const show = [showChoosing, showMapping, showStoring][at];
    Promise.resolve(show(place, page, failure)).catch((error) => showError(place, error, { retry: draw }));
  }

  draw();
});
