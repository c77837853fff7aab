// What a reader says about a file: in the address, and as the API takes it.

/** Each setting as it is when nothing is said; `column` holds `role:Header`, and `role:` for none. */
export const SETTINGS = Object.freeze({
  column: [], source: "", source_column: "", encoding: "", delimiter: "", date_order: "", rating_scale: "",
  text_template: "", quoted_rows: "", repeats: "", min_tokens: "", max_tokens: "", long: "", latest: "", keep_boilerplate: false, force: false, replace: false,
  mask: false, mask_author: false,
});

const NUMBERS = ["min_tokens", "max_tokens", "latest"];

/** Return the columns chosen, role to header; an empty header says none. */
export function chosenColumns(state) {
  return Object.fromEntries(state.column.map((text) => {
    const at = text.indexOf(":");
    return [text.slice(0, at), text.slice(at + 1)];
  }));
}

/** Return the state's `column` with one role set. */
export function withColumn(state, role, header) {
  return Object.entries({ ...chosenColumns(state), [role]: header }).map(([name, value]) => `${name}:${value}`);
}

/** Return the settings of a state as the body of a request. */
export function bodyOf(state) {
  const body = {};
  for (const name of Object.keys(SETTINGS)) {
    const value = state[name];
    if (name === "column" || value === "" || value === false) continue;
    body[name] = NUMBERS.includes(name) ? Number(value) : value;
  }
  const columns = chosenColumns(state);
  if (Object.keys(columns).length) body.columns = columns;
  return body;
}
