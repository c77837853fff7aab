// Lists as files.
import { address, follow, Failure } from "/static/shared/api.js";
import { say } from "/static/shared/dialogs.js";
import { h } from "/static/shared/dom.js";

const FORMATS = [
  ["xlsx", "XLSX"],
  ["csv", "CSV"],
];

/**
 * Return links that save what a route answers as a file.
 * @param {string} path of the route, under /api/v1
 * @param {object|function(): object} parameters its parameters, or what returns them when asked
 * @param {{formats?: Array<[string, string]>, label?: string}} options other formats, as pairs of
 *   `format` and text; what is saved, for who does not see where the links stand
 */
export function exportLinks(path, parameters = {}, { formats = FORMATS, label = "this list" } = {}) {
  const of = (format) =>
    address(path, { ...(typeof parameters === "function" ? parameters() : parameters), format });
  const links = formats.map(([format, text]) => {
    const link = h(
      "a.button.quiet",
      { href: of(format), "aria-label": `Save ${label} as ${text}`, onclick: save },
      text,
    );
    async function save(event) {
      link.href = of(format);
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (link.getAttribute("aria-disabled")) return;
      link.setAttribute("aria-disabled", "true");
      try {
        await saveFrom(link.href, `reviews.${format}`);
      } catch (error) {
        say(error.message);
      } finally {
        link.removeAttribute("aria-disabled");
      }
    }
    return link;
  });
  return h(
    "span.row.exports",
    {},
    h("span.muted.small", { "aria-hidden": "true" }, "Export:"),
    links,
  );
}

/** Fetch a file, waiting for long work, and let the browser save it. */
export async function saveFrom(url, name, again = true) {
  const response = await fetch(url).catch(() => {
    throw new Failure(
      "Unreachable",
      "The server does not answer. Is `reviewlens serve` running?",
      0,
    );
  });
  const json = (response.headers.get("Content-Type") ?? "").includes("json");
  if (!response.ok) {
    const told = json ? await response.json() : {};
    throw new Failure(
      told.error,
      told.message ?? `The server answered ${response.status}.`,
      response.status,
    );
  }
  if (response.status === 202 && again) {
    await follow(await response.json());
    return saveFrom(url, name, false);
  }
  const given = /filename="?([^";]+)"?/.exec(response.headers.get("Content-Disposition") ?? "");
  const blob = URL.createObjectURL(await response.blob());
  h("a", { href: blob, download: given ? given[1] : name }).click();
  setTimeout(() => URL.revokeObjectURL(blob), 60_000);
}
