// What the server's words for roles, settings, reasons and stages are here.
import { h } from "/static/shared/dom.js";
import { counted } from "/static/shared/figures.js";

/** Roles in the order in which they are asked for: name, label, what it is. */
export const ROLES = [
  ["text", "Text", "What the customer wrote"],
  ["title", "Title", "A headline above it"],
  ["rating", "Rating", "Stars, points or per cent"],
  ["time", "Date", "When it was written"],
  ["product", "Product", "What it is about"],
  ["author", "Author", "Who wrote it"],
  ["id", "Id", "What tells it apart from all others"],
];

/** Labels of the settings by their name; the form's fields are called so. */
export const LABELS = {
  ...Object.fromEntries(ROLES.map(([role, label]) => [role, label])),
  source: "Source name", source_column: "Source", encoding: "Encoding", delimiter: "Delimiter", date_order: "Date order",
  rating_scale: "Rating scale", text_template: "Text template", quoted_rows: "Rows in one cell", repeats: "Identical rows", min_tokens: "Fewest tokens",
  max_tokens: "Most tokens", long: "Long reviews", latest: "Only the latest",
  keep_boilerplate: "Keep what stands on many reviews", force: "Store it although the encoder cannot read it",
  replace: "Replace reviews of the same ids", mask: "Mask e-mail addresses, phone numbers, names in columns …",
  mask_author: "Mask the author alone",
};

export const DATE_ORDERS = { dmy: "day, month, year", mdy: "month, day, year", ymd: "year, month, day" };

export const DELIMITERS = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar" };

const REASONS = {
  ragged_row: "more or fewer fields than the header has",
  bad_quotes: "quotes in the wrong place",
  unclosed_quote: "a quote that is never closed",
  undecodable: "characters that are none in this encoding",
  nul_byte: "a NUL byte in it",
  too_large: "too large to be stored",
  duplicate_id: "an id that another row has",
  too_short: "too short, or no text",
  too_long: "too long",
};

/** Return why rows are rejected, in words. */
export function reason(name) {
  return REASONS[name] ?? name.replaceAll("_", " ");
}

/** Return how many reviews have none of something, with a value that could not be read. */
export function without(number, example) {
  return example ? [counted(number, "review"), ", such as ", h("bdi", {}, `“${example}”`)] : counted(number, "review");
}

/** Return the name of the setting that a flag of the command line is for. */
function settingOf(flag) {
  const name = flag.replaceAll("-", "_");
  const role = name.endsWith("_column") && name !== "source_column" ? name.slice(0, -"_column".length) : name;
  return role in LABELS ? role : null;
}

/** Return the server's sentence with the fields of this page in the place of the command's flags. */
export function inPlace(message) {
  return message
    .replaceAll(/--date-order (dmy|mdy|ymd)( or (dmy|mdy|ymd))?/g, (_, one, __, other) =>
      [one, other].filter(Boolean).map((order) => `“${DATE_ORDERS[order]}”`).join(" or "))
    .replaceAll(/--[a-z]+-column ''/g, "“no column”")
    .replaceAll("--source NAME", "--source")
    .replaceAll(/(with )?--([a-z]+(?:-[a-z]+)*)/g, (whole, before, flag) => {
      const setting = settingOf(flag);
      return setting ? `${before ? "at " : ""}“${LABELS[setting]}”` : whole;
    });
}

/** Return the name of the setting that a failure is about, null where it is about the file. */
export function faultyField(failure) {
  const setting = failure.field?.replace(/^columns\./, "");
  return setting in LABELS ? setting : null;
}

/** Return bytes as text. */
export function bytes(size) {
  if (size < 1000) return `${size} bytes`;
  const units = ["kB", "MB", "GB"];
  let at = 0;
  let value = size / 1000;
  while (value >= 1000 && at < units.length - 1) [value, at] = [value / 1000, at + 1];
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[at]}`;
}

/** Return seconds as text: `40 s`, `3 min`, `1 h 20 min`. */
export function duration(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
