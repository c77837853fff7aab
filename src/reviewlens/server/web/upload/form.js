// The form in which the reading of a file is corrected.
import { h } from "/static/shared/dom.js";
import { fieldFor } from "/static/upload/fields.js";
import { chosenColumns, withColumn } from "/static/upload/settings.js";
import { DATE_ORDERS, DELIMITERS, ROLES } from "/static/upload/words.js";

const ENCODINGS = ["utf-8", "cp1252", "iso-8859-1", "iso-8859-15", "utf-16", "cp1250", "cp1251", "cp1253", "cp1254", "cp1256",
  "gb18030", "big5", "shift_jis", "euc-kr", "koi8-r", "mac-roman"];
const SCALES = ["1..5", "0..5", "0..10", "1..10", "0..100", "0..1", "-1..1"];

/**
 * Return the form.
 * @param {object} found the file's columns, as `preview` of the API gives them
 * @param {object} state the page's
 * @param {function(object): void} change told the settings that changed
 * @param {function(): void} anew takes back everything that was chosen
 * @param {{short?: boolean}} options whether only delimiter and encoding can be said, as the columns are
 *   not known yet
 * @returns {{element, update, fail, focus}} `update(plan)` shows what the plan took; `fail(name, message,
 *   error)` puts a message at a field, and tells whether it did; `fail(null)` takes all messages away
 */
export function mappingForm(found, state, change, anew, { short = false } = {}) {
  const headers = found.columns.map(({ name }) => name);
  const examples = Object.fromEntries(found.columns.map(({ name, examples: some }) => [name, some]));
  const guessed = Object.fromEntries(found.columns.filter(({ role }) => role).map(({ name, role }) => [role, name]));
  const fields = new Map();
  let columns = chosenColumns(state);
  const columnOptions = [["", "no column"], ...headers.map((name) => [name, name])];

  function add(name, options) {
    const field = fieldFor(name, options);
    fields.set(name, field);
    return field.element;
  }

  const setting = (name, options) => add(name, {
    ...options, value: state[name], onchange: (value) => change({ [name]: value }),
  });

  const roles = ROLES.map(([role, , hint]) => add(role, {
    hint, options: columnOptions, value: columns[role] ?? guessed[role] ?? "",
    onchange: (header) => {
      const column = withColumn({ column: Object.entries(columns).map(([name, value]) => `${name}:${value}`) }, role, header);
      columns = chosenColumns({ column });
      showExample(role, header);
      change({ column });
    },
  }));

  const reading = [
    setting("delimiter", { options: [["", "found out"], ...Object.entries(DELIMITERS).map(([sign, text]) => [sign === "\t" ? "tab" : sign, text])] }),
    setting("encoding", { list: ENCODINGS, hint: "Where letters with accents look wrong: cp1252, for example." }),
  ];
  const rest = () => [
    setting("date_order", { options: [["", "as the dates tell"], ...Object.entries(DATE_ORDERS)] }),
    setting("rating_scale", { list: SCALES, hint: "Lowest and highest possible, such as 1..10." }),
    setting("source", { hint: "Where these reviews come from: a shop, a survey. It becomes part of their ids." }),
    setting("mask", { type: "checkbox" }), setting("mask_author", { type: "checkbox" }),
  ];
  const more = () => h("details.more", { open: ["text_template", "quoted_rows", "repeats", "min_tokens", "max_tokens", "long", "latest", "keep_boilerplate", "force", "replace"].some((name) => state[name]) },
    h("summary", {}, "More"),
    h("div.stack", {},
      setting("text_template", { hint: "What is embedded, columns in braces: {Summary} | {Text}. Without a text column it makes the text." }),
      setting("quoted_rows", { options: [["", "split where nothing else fits"], ["split", "split into the fields inside"], ["keep", "kept as they stand"]] }),
      setting("repeats", { options: [["", "reviews of their own"], ["drop", "duplicates: only the first is kept"]] }),
      setting("long", { options: [["", "split into passages"], ["truncate", "cut off at the encoder's window"]] }),
      h("div.pair", {}, setting("min_tokens", { type: "number", placeholder: "1", min: 0 }), setting("max_tokens", { type: "number", placeholder: "8000", min: 1 })),
      setting("latest", { type: "number", min: 1, hint: "Takes only so many, the latest by date." }),
      setting("keep_boilerplate", { type: "checkbox" }), setting("force", { type: "checkbox" }), setting("replace", { type: "checkbox" })));

  const element = h("form.stack.corrections", { onsubmit: (event) => event.preventDefault(), "aria-label": "How the file is read" },
    short ? null : [h("h3", {}, "Which column is what"), h("div.roles", {}, roles,
      setting("source_column", { hint: "A column that tells where each review comes from", options: columnOptions }))],
    h("h3", {}, "How it is written"), reading, short ? null : [rest(), more(),
      h("div", {}, h("button", { type: "button", onclick: anew }, "As guessed at first"))]);
  for (const [role] of ROLES) if (fields.has(role)) showExample(role, fields.get(role).value());
  if (!short) showGuess({ encoding: found.encoding, delimiter: found.delimiter });

  function showExample(role, header) {
    const some = examples[header] ?? [];
    fields.get(role).tell(!header ? null : some.length
      ? ["such as ", some.slice(0, 2).map((one, at) => [at ? " · " : "", h("bdi", {}, one.length > 60 ? `${one.slice(0, 59)}…` : one)])]
      : "empty in the first rows");
  }

  function showGuess({ encoding, delimiter, date_order: order, scales }) {
    fields.get("encoding").placeholder(encoding ?? "");
    if (delimiter !== undefined) fields.get("delimiter").first(delimiter ? `found out: ${DELIMITERS[delimiter] ?? delimiter}` : "found out: none");
    if (order !== undefined) fields.get("date_order").first(order ? `as the dates tell: ${DATE_ORDERS[order] ?? order}` : "as the dates tell");
    if (scales !== undefined) fields.get("rating_scale").placeholder(scales);
  }

  function update(plan) {
    const [file] = plan.files;
    for (const [role] of ROLES) {
      const header = file.columns[role] ?? "";
      fields.get(role).set(header);
      showExample(role, header);
    }
    const scales = [...new Set(Object.values(plan.rating_scales).map(([low, high]) => `${low}..${high}`))];
    showGuess({ ...file, scales: scales.join(", ") });
  }

  function fail(name, message = "", error = null) {
    for (const field of fields.values()) field.fail(null);
    const field = name ? fields.get(name) : null;
    if (!field || !message) return false;
    for (let around = field.element.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
    field.fail([message, error ? offers(name, error, field) : null]);
    return true;
  }

  return { element, update, fail, focus: (name) => fields.get(name)?.focus() };
}

/** Return the choices that settle an error right where it is shown. */
function offers(name, error, field) {
  if (name !== "date_order") return null;
  const orders = ["dmy", "mdy"];
  return h("div.row", {}, orders.map((order) => h("button", { type: "button", onclick: () => field.choose(order) }, DATE_ORDERS[order])));
}
