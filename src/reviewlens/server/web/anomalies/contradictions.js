// Reviews whose stars contradict their text.
import { announce } from "/static/shared/dialogs.js";
import { h, replace } from "/static/shared/dom.js";
import { bar, counted, share, stars } from "/static/shared/figures.js";
import { filtersOf } from "/static/shared/filters.js";
import { reviewCard } from "/static/shared/reviews.js";
import { exportLinks } from "/static/shared/export.js";
import { asked } from "/static/anomalies/asking.js";
import { compared } from "/static/anomalies/anomalies.js";
import { CONTRADICTION } from "/static/anomalies/kinds.js";
import { choice, listing } from "/static/anomalies/listing.js";

const MOST = 1000;

/** Show the tab; `page` has `state()`, `change(some)`, `again()` and `signal`. */
export async function showContradictions(place, page) {
  const parameters = { ...filtersOf(page.state()), kinds: [CONTRADICTION], n: MOST };
  const found = await asked(place, "/anomalies", parameters, page);
  if (!found) return;
  const listed = [...found.anomalies].sort((one, other) => chance(other) - chance(one));
  const sides = {
    "": listed,
    praise: listed.filter((one) => one.stars < 3),
    complaint: listed.filter((one) => one.stars > 3),
  };
  const list = h("div.stack");
  const options = [["", `all ${sides[""].length}`], ["praise", `few stars, words of praise ${sides.praise.length}`],
    ["complaint", `many stars, words of complaint ${sides.complaint.length}`]];
  const chosen = page.state().says in sides ? page.state().says : "";

  function draw(says) {
    const rows = sides[says];
    replace(list, rows.length ? listing(rows, (one) => card(one, page), { label: "Reviews whose stars contradict their text" })
      : h("p.empty", {}, none(found, says)));
    announce(counted(rows.length, "review"));
  }

  replace(place,
    h("p.measure.muted", {}, "The text speaks for good stars where bad ones are given, or for bad ones where good are. ",
      "What texts of good and of bad reviews are like is learnt from these reviews themselves; irony is not understood."),
    found.notes.map((note) => h("p.notice", {}, `${note[0].toUpperCase()}${note.slice(1)}.`)),
    !listed.length ? null : h("div.row", {}, h("h2", {}, `${counted(found.anomalies.length, "review")} of ${found.reviews.toLocaleString("en")}`),
      h("span.push", {}, exportLinks("/anomalies", parameters, { label: "these reviews" }))),
    found.anomalies.length ? h("div", {}, choice("Show", options, chosen, (says) => {
      page.change({ says }, { quiet: true });
      draw(says);
    })) : null,
    told(found), list);
  draw(chosen);
}

function none(found, says) {
  const among = counted(found.reviews, "review");
  if (found.notes.length) return `Nothing can be said of ${among}: see above.`;
  return says ? "None of this side." : `No review among ${among} has stars that contradict its text.`;
}

function told({ stars_told: rate }) {
  if (rate === null || rate < 0.75) return null;
  return h("p.small.muted", {}, `Of a good and a bad review the texts tell in ${share(rate)} of cases which is the good one.`);
}

/** Return how sure it is that the text speaks for the opposite of the stars. */
function chance(found) {
  return found.stars < 3 ? found.stars_expected : 1 - found.stars_expected;
}

function card(found, page) {
  const says = found.stars < 3 ? "four or five stars" : "one or two stars";
  const element = reviewCard({ ...found, rating: found.stars });
  element.querySelector(".facts .rating").remove();
  element.querySelector(".facts").after(h("dl.against", {},
    h("div", {}, h("dt", {}, "Stars given"), h("dd", {}, stars(found.stars, { number: true }))),
    h("div", {}, h("dt", {}, "The text speaks for"),
      h("dd", {}, h("strong", {}, says), ` (${share(chance(found))} sure)`, bar(chance(found))))));
  element.querySelector(".doings").before(compared(found, page));
  return element;
}
