// Questions to the reader, and short messages.
import { h } from "/static/shared/dom.js";

const SHOWN_MILLISECONDS = 6000;

/**
 * Ask for some values in a dialog.
 * @param {string} title
 * @param {Array<{name: string, label: string, value?: string, type?: string, options?: Array,
 *   required?: boolean, hint?: string, maxlength?: number}>} fields one line each; `type` is that of
 *   an input (`text`), or `textarea`, `select` (with `options`: texts or [value, text] pairs) or
 *   `checkbox`
 * @param {{action?: string, text?: string}} options what the button says, and a sentence above
 * @returns {Promise<object|null>} the values by name, null where the reader closed it
 */
export function ask(title, fields, { action = "OK", text = "" } = {}) {
  const inputs = fields.map((field) => [field, control(field)]);
  const lines = inputs.map(([field, input]) => {
    const check = field.type === "checkbox";
    const label = h("label", { for: input.id }, field.label);
    return h(
      "div.field",
      {},
      check ? h("div.row", {}, input, label) : [label, input],
      field.hint ? h("p.muted.small", { id: `${input.id}-hint` }, field.hint) : null,
    );
  });
  return opened(title, [text ? h("p", {}, text) : null, lines], { action }).then((agreed) =>
    agreed
      ? Object.fromEntries(
          inputs.map(([field, input]) => [
            field.name,
            field.type === "checkbox" ? input.checked : input.value,
          ]),
        )
      : null,
  );
}

/**
 * Ask whether to go on.
 * @param {string} title
 * @param {string|Node} text what will happen
 * @param {{action?: string, danger?: boolean}} options what the button says; whether it destroys
 * @returns {Promise<boolean>}
 */
export function confirm(title, text, { action = "OK", danger = false } = {}) {
  return opened(title, text instanceof Node ? [text] : [h("p", {}, text)], { action, danger });
}

/**
 * Show something in a dialog that has nothing to answer.
 * @param {string} title
 * @param {...(Node|string|Array)} content
 * @returns {Promise<void>} when it was closed
 */
export async function show(title, ...content) {
  await opened(title, content, { action: "Close", only: true });
}

/** Say something short: shown for some seconds, and read out politely. */
export function say(message) {
  const toast = h("p", {}, message);
  toasts().append(toast);
  setTimeout(() => toast.remove(), SHOWN_MILLISECONDS);
}

/** Read something out politely without showing it: what a list now has, for example. */
export function announce(message) {
  const place = region("announced", "hidden-text");
  place.textContent = "";
  setTimeout(() => {
    place.textContent = message;
  }, 50);
}

function toasts() {
  return region("toasts", "toasts");
}

function region(id, kind) {
  let place = document.getElementById(id);
  if (!place) {
    place = h("div", { id, class: kind, role: "status", "aria-live": "polite" });
    document.body.append(place);
  }
  return place;
}

let numbered = 0;

function control({
  name,
  value = "",
  type = "text",
  options = [],
  required = false,
  hint,
  maxlength,
}) {
  numbered += 1;
  const common = {
    id: `field-${numbered}`,
    name,
    required,
    "aria-describedby": hint ? `field-${numbered}-hint` : null,
  };
  if (type === "select") {
    return h(
      "select",
      common,
      options.map((option) => {
        const [of, text] = Array.isArray(option) ? option : [option, option];
        return h("option", { value: of, selected: String(of) === String(value) }, text);
      }),
    );
  }
  if (type === "textarea")
    return h("textarea", { ...common, rows: 5, maxlength, dir: "auto" }, value);
  if (type === "checkbox") return h("input", { ...common, type, checked: Boolean(value) });
  const dir = type === "text" ? "auto" : null;
  return h("input", { ...common, type, value, maxlength, dir, autocomplete: "off" });
}

function opened(title, content, { action, danger = false, only = false }) {
  return new Promise((answer) => {
    numbered += 1;
    const close = (value) => () => dialog.close(value);
    const go = h(
      danger ? "button.danger" : "button.primary",
      { type: "submit", value: "yes" },
      action,
    );
    const form = h(
      "form",
      { method: "dialog" },
      h("h2", { id: `dialog-${numbered}` }, title),
      content,
      h(
        "div.row.ends",
        {},
        only ? null : h("button", { type: "button", onclick: close("") }, "Cancel"),
        go,
      ),
    );
    const dialog = h("dialog", { "aria-labelledby": `dialog-${numbered}` }, form);
    dialog.addEventListener("close", () => {
      answer(dialog.returnValue === "yes");
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
    const first = form.querySelector("input, select, textarea");
    if (first) {
      first.focus();
      first.select?.();
    } else if (danger) form.querySelector("button[type=button]").focus();
    else go.focus();
  });
}
