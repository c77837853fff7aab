// The address of what is shown, for a colleague.
import { say, show } from "/static/shared/dialogs.js";
import { h } from "/static/shared/dom.js";

/** Return a button that copies the address of the page as it is now. */
export function copyLink({ text = "Copy link" } = {}) {
  return h("button.quiet", { type: "button", onclick: copyAddress }, text);
}

/** Copy the address of the page as it is now; where the browser does not let us, show it. */
export async function copyAddress() {
  try {
    await navigator.clipboard.writeText(location.href);
    say("The link to this view is in the clipboard.");
  } catch {
    const input = h("input", {
      type: "text",
      readonly: true,
      value: location.href,
      "aria-label": "Link to this view",
    });
    await show("Link to this view", input);
  }
}
