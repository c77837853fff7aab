// A page's state and the address' query string, so that a view can be sent to a colleague.

/** What is left out of the address: for each name the value that need not be said. */
const usual = new Map();

/**
 * Read the page's state from the address.
 * @param {object} defaults the value of each name where the address has none; its type says how the
 *   address is read: text, number, true or false, or a list of texts (the name then repeats)
 * @returns {object} the state
 */
export function readState(defaults) {
  const given = new URLSearchParams(location.search);
  const state = {};
  for (const [name, value] of Object.entries(defaults)) {
    usual.set(name, value);
    state[name] = given.has(name) ? readAs(value, given.getAll(name)) : copied(value);
  }
  return state;
}

/**
 * Put the state into the address; what has its usual value is left out.
 * @param {object} state names and values; names of the address that it lacks stay
 * @param {{replace?: boolean}} options whether this replaces the entry of the browser's history
 *   rather than adding one
 */
export function writeState(state, { replace = false } = {}) {
  const next = addressOf(state);
  if (next === location.pathname + location.search) return;
  if (replace) history.replaceState(null, "", next);
  else history.pushState(null, "", next);
}

/** Return the address of this page, or of another, in a state. */
export function addressOf(state, path = location.pathname) {
  const query = new URLSearchParams(path === location.pathname ? location.search : "");
  for (const [name, value] of Object.entries(state)) {
    query.delete(name);
    if (isUsual(name, value)) continue;
    for (const one of [value].flat()) query.append(name, String(one));
  }
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** Call back when the reader went back or forward; the address then has the state to show. */
export function onState(callback) {
  addEventListener("popstate", () => callback());
}

function readAs(model, texts) {
  if (Array.isArray(model)) return texts.filter((text) => text !== "");
  const text = texts[texts.length - 1];
  if (typeof model === "boolean") return text === "true" || text === "1";
  if (typeof model !== "number") return text;
  const number = Number(text);
  return text.trim() !== "" && Number.isFinite(number) ? number : model;
}

function copied(value) {
  return Array.isArray(value) ? [...value] : value;
}

function isUsual(name, value) {
  if (value === null || value === undefined) return true;
  if (!usual.has(name)) return value === "" || (Array.isArray(value) && !value.length);
  return String(value) === String(usual.get(name));
}
