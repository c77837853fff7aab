// A labelled field with a hint, what is told of it, and what is wrong with it.
import { h, replace } from "/static/shared/dom.js";
import { LABELS } from "/static/upload/words.js";

/**
 * Return a field: a choice where `options` (value and text) are given, a check box, else an input.
 * @param {string} name of the setting
 * @param {object} options `value`, `hint`, `options`, `list` (proposals), `type`, and `onchange`, told
 *   the new value
 * @returns {object} `element`, `value()`, `set(value)`, `choose(value)` as if by hand, `tell(what)` below
 *   it, `placeholder(text)`, `first(text)` of the first option, `fail(what)` (null for nothing), `focus()`
 */
export function fieldFor(name, { value, hint = "", options = null, list = null, type = "text", onchange, ...more }) {
  const id = `upload-${name.replaceAll("_", "-")}`;
  const told = h("p.small.muted.told", { id: `${id}-told` });
  const wrong = h("div.wrong", { id: `${id}-wrong` });
  const common = { id, name, "aria-describedby": `${hint ? `${id}-hint ` : ""}${id}-told ${id}-wrong`, onchange: () => onchange(read()) };
  const check = type === "checkbox";
  const datalist = list ? h("datalist", { id: `${id}-list` }, list.map((one) => h("option", { value: one }))) : null;
  const control = options
    ? h("select", common, options.map(([of, text]) => h("option", { value: of, selected: of === value }, text)))
    : h("input", { ...common, type, value: check ? null : value, checked: check ? value : null, list: datalist?.id ?? null, autocomplete: "off", spellcheck: "false", dir: type === "text" ? "auto" : null, ...more });
  const label = h("label", { for: id }, LABELS[name]);
  const said = hint ? h("p.small.muted", { id: `${id}-hint` }, hint) : null;
  const element = h("div.field", {}, check ? h("div.row", {}, control, label) : [label, said, control], datalist, told, wrong);

  function read() {
    return check ? control.checked : control.value.trim() === "" ? "" : control.value;
  }

  return {
    element,
    value: read,
    set(next) {
      if (options && ![...control.options].some((option) => option.value === next)) control.append(h("option", { value: next }, next));
      if (check) control.checked = next;
      else control.value = next;
    },
    choose(next) {
      control.value = next;
      control.focus();
      onchange(next);
    },
    tell(what) { replace(told, what ?? ""); },
    placeholder(text) { control.placeholder = text; },
    first(text) { control.options[0].textContent = text; },
    fail(what) {
      const now = what ? h("div.error.small.stack", { role: "alert" }, what.map((one) => (typeof one === "string" ? h("p", {}, one) : one))) : null;
      replace(wrong, now);
      if (what) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
      if (what) element.scrollIntoView({ block: "nearest" });
    },
    focus() { control.focus(); },
  };
}
