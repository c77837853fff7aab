// Keys: everything on the page can be done without a mouse.
import { show } from "/static/shared/dialogs.js";
import { h } from "/static/shared/dom.js";
import { copyAddress } from "/static/shared/link.js";

const KEYS = [
  ["/", "Go to the search box"],
  ["↓ or j", "Next review; from the box, the first"],
  ["↑ or k", "Former review; from the first, the box"],
  ["Enter", "Why this review was found, or close it again"],
  ["s", "Reviews similar to this one"],
  ["c", "Copy the link to this view"],
  ["?", "This list"],
];
const OFF = "single-keys-off";

/** Listen to the keys of the page; letters do nothing while something is typed, or once switched off. */
export function listenToKeys({ box, results }) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]"))
      return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === box.input) {
      if (event.key === "ArrowDown" && results.step(1)) event.preventDefault();
      return;
    }
    const doing = typesInto(event.target) ? null : found(event, { box, results });
    if (doing && doing() !== false) event.preventDefault();
  });
}

/** Show which keys do what, with the switch for those that are letters. */
export async function showKeys() {
  const on = h("input", {
    type: "checkbox",
    id: "keys-on",
    checked: lettersOn(),
    onchange: () => remember(!on.checked),
  });
  await show(
    "Keys",
    h(
      "dl.keys",
      {},
      KEYS.map(([keys, text]) => [
        h(
          "dt",
          {},
          keys.split(" or ").map((key, at) => [at ? " or " : null, h("kbd", {}, key)]),
        ),
        h("dd", {}, text),
      ]),
    ),
    h(
      "div.row",
      {},
      on,
      h("label", { for: "keys-on" }, "Keys that are a single letter or sign work"),
    ),
  );
}

function found(event, { box, results }) {
  const hit = event.target.closest?.(".review") ?? null;
  const onHit = hit && event.target === hit;
  if (event.key === "ArrowDown" && hit) return () => results.step(1);
  if (event.key === "ArrowUp" && hit) return () => results.step(-1) || box.focus();
  if (event.key === "Enter" && onHit) return () => results.why(hit);
  if (!lettersOn()) return null;
  return (
    {
      "/": () => box.focus(),
      j: () => results.step(1),
      k: () => results.step(-1) || box.focus(),
      s: () => (hit ? results.similar(hit) : false),
      c: () => copyAddress(),
      "?": () => showKeys(),
    }[event.key] ?? null
  );
}

function typesInto(element) {
  const name = element.tagName;
  if (name === "SELECT" || name === "TEXTAREA" || element.isContentEditable) return true;
  return name === "INPUT" && !["checkbox", "radio", "button"].includes(element.type);
}

function lettersOn() {
  try {
    return localStorage.getItem(OFF) !== "yes";
  } catch {
    return true;
  }
}

function remember(off) {
  try {
    localStorage.setItem(OFF, off ? "yes" : "no");
  } catch {
    // Storage is switched off: the keys stay as they are.
  }
}
