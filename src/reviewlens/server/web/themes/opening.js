// What the list's page shows: the themes, or how to get some.
import { h, replace } from "/static/shared/dom.js";
import { askSets } from "/static/themes/data.js";
import { makeDesk } from "/static/themes/desk.js";
import { finding } from "/static/themes/finding.js";
import { listPage } from "/static/themes/list.js";
import { setList } from "/static/themes/sets.js";

/** Fill the page with the themes in use, or with the offer to find some. */
export async function openList(main) {
  const sets = await askSets();
  return sets.some((one) => one.used) ? listPage(main, () => again(main)) : offer(main, sets);
}

async function again(main) {
  await openList(main);
  main.focus({ preventScroll: true });
}

function offer(main, sets) {
  const desk = makeDesk(() => again(main));
  replace(main, h("h1", {}, "Themes"),
    h("div.empty.stack", {},
      h("p", {}, "No themes are in use. Finding them groups the reviews by what they say, names each group by its " +
        "words and saves it: reviews that come later get the theme they are nearest to, and names that you give stay."),
      h("p.muted.small", {}, "It reads all reviews; on a hundred thousand it takes minutes. It can be cancelled, and " +
        "changes no text."),
      finding(desk)),
    sets.length ? h("section", { "aria-labelledby": "saved" }, h("h2", { id: "saved" }, "Saved sets"), setList(sets, desk)) : null,
    desk.element);
}
