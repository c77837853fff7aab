// The box that is typed into, and how it is looked for.
import { h } from "/static/shared/dom.js";
import { copyLink } from "/static/shared/link.js";
import { showKeys } from "/static/search/keys.js";

const PAUSE_MILLISECONDS = 250;

const WAYS = [
  ["reviews", "Find reviews"],
  ["answer", "Answer a question"],
];
const MODES = [
  ["", "Automatic"],
  ["dense", "Meaning"],
  ["keyword", "Words"],
  ["hybrid", "Both"],
];
const SIDES = [
  ["", "As the query"],
  ["positive", "Praise"],
  ["negative", "Complaint"],
];

/**
 * Return the search box.
 * @param {object} state of the page
 * @param {function(object, object=): void} go takes changes of the state
 */
export function searchBox(state, go) {
  let timer = null;
  let way = state.way;
  let asked = state.q; // the text in the box may be ahead of it
  const input = h("input", {
    id: "q",
    name: "q",
    type: "search",
    dir: "auto",
    autocomplete: "off",
    spellcheck: "false",
    enterkeyhint: "search",
    maxlength: 8000,
    value: state.q,
    "aria-keyshortcuts": "/",
    oninput: typed,
    oncompositionend: typed,
  });
  const label = h("label.hidden-text", { for: "q" });
  const button = h("button.primary", { type: "submit" });
  const options = [
    choice("way", "", WAYS, (value) => go({ way: value })),
    choice("mode", "Search by", MODES, (value) => go({ mode: value })),
    choice("polarity", "Prefer", SIDES, (value) => go({ polarity: value })),
  ];
  const how = h(
    "details.how",
    {},
    h("summary", {}, "How to search"),
    h(
      "div.row",
      {},
      options.slice(1).map((option) => option.element),
    ),
  );
  const element = h(
    "form.searching",
    { role: "search", onsubmit: submitted },
    h("div.line", {}, label, input, button),
    h(
      "div.row.small",
      {},
      options[0].element,
      how,
      h(
        "span.row.push",
        {},
        copyLink(),
        h("button.quiet", { type: "button", onclick: showKeys }, "Keys"),
      ),
    ),
  );
  const wide = matchMedia("(min-width: 60.01rem)");
  const unfold = () => {
    how.open = wide.matches;
  };
  wide.addEventListener("change", unfold);
  unfold();

  function typed(event) {
    forget();
    // Chinese and Japanese are composed of letters that mean nothing yet.
    if (event.isComposing || way === "answer") return;
    timer = setTimeout(() => go(typedText(), { typing: true }), PAUSE_MILLISECONDS);
  }

  function typedText() {
    forget();
    return { q: input.value.trim(), similar: "", n: 20, any: false };
  }

  function forget() {
    clearTimeout(timer);
    timer = null;
  }

  function submitted(event) {
    event.preventDefault();
    go(typedText());
  }

  function update(next, { typing = false } = {}) {
    way = next.way;
    if (!typing && next.q !== asked) input.value = next.q;
    asked = next.q;
    const answers = way === "answer";
    button.textContent = answers ? "Ask" : "Search";
    label.textContent = answers ? "Question to the reviews" : "What reviews say";
    input.placeholder = answers
      ? "What do people say about …?"
      : "What to look for, in plain words";
    for (const option of options) option.update(next);
    options[1].element.hidden = answers;
  }

  return {
    element,
    input,
    update,
    /** Return what was typed a moment ago and waits for its pause; nothing where nothing does. */
    waiting: () => (timer === null ? {} : typedText()),
    focus: () => {
      input.focus();
      input.select();
    },
  };
}

function choice(name, title, values, onChoice) {
  const inputs = values.map(([value]) =>
    h("input", { type: "radio", name, value, onchange: () => onChoice(value) }),
  );
  const element = h(
    "fieldset.choice",
    {},
    h(title ? "legend" : "legend.hidden-text", {}, title || "What to do"),
    h(
      "span.options",
      {},
      values.map(([, text], at) => h("label", {}, inputs[at], text)),
    ),
  );
  return {
    element,
    update(state) {
      inputs.forEach((input, at) => {
        input.checked = values[at][0] === state[name];
      });
    },
  };
}
