// What differs between two texts, word by word. Text is only ever set as text.
import { h } from "/static/shared/dom.js";

/** Words that may be added and taken away together before two texts count as too different. */
const MOST_EDITS = 400;
const MOST_WORDS = 6000;

/**
 * Return the steps from one text to another.
 * Source: Myers, "An O(ND) difference algorithm and its variations", 1986.
 * @param {string} before
 * @param {string} after
 * @returns {Array<{kind: "same"|"gone"|"new", text: string}>|null} neighbours of one kind joined;
 *   null where the texts are too long or differ in too much
 */
export function difference(before, after) {
  const [a, b] = [wordsOf(before), wordsOf(after)];
  if (a.length > MOST_WORDS || b.length > MOST_WORDS) return null;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const middle = shortest(a.slice(start, a.length - end), b.slice(start, b.length - end));
  if (!middle) return null;
  return joined([
    ...a.slice(0, start).map((text) => ({ kind: "same", text })),
    ...middle,
    ...a.slice(a.length - end).map((text) => ({ kind: "same", text })),
  ]);
}

/**
 * Return a text as an element with what differs from another marked: `<del>` for what only the
 * other has, `<ins>` for what only this one has.
 */
export function markedDifference(before, after, { language = "" } = {}) {
  const steps = difference(before, after);
  const attributes = { dir: "auto", lang: /^[a-z]{2,3}$/.test(language) ? language : null };
  if (!steps) {
    return [h("p.muted.small", {}, "These are too long, or too different, to be compared word by word."),
      h("p.text", attributes, after)];
  }
  return h("p.text", attributes, steps.map(({ kind, text }) => {
    if (kind === "same") return text;
    return kind === "gone" ? h("del", {}, text) : h("ins", {}, text);
  }));
}

const SEGMENTER = "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "word" }) : null;

/** Return the words of a text with what stands between them, nothing lost. */
function wordsOf(text) {
  if (SEGMENTER) return Array.from(SEGMENTER.segment(text), ({ segment }) => segment);
  return text.match(/[\p{L}\p{N}\p{M}]+|\s+|[^\p{L}\p{N}\p{M}\s]/gu) ?? [];
}

function shortest(a, b) {
  const most = Math.min(a.length + b.length, MOST_EDITS);
  const reach = new Map([[1, 0]]);
  const trace = [];
  for (let edits = 0; edits <= most; edits += 1) {
    trace.push(new Map(reach));
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && reach.get(k - 1) < reach.get(k + 1));
      let x = down ? reach.get(k + 1) : reach.get(k - 1) + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) [x, y] = [x + 1, y + 1];
      reach.set(k, x);
      if (x >= a.length && y >= b.length) return walkedBack(a, b, trace, edits);
    }
  }
  return null;
}

function walkedBack(a, b, trace, edits) {
  const steps = [];
  let [x, y] = [a.length, b.length];
  for (let d = edits; d > 0; d -= 1) {
    const reach = trace[d];
    const k = x - y;
    const down = k === -d || (k !== d && reach.get(k - 1) < reach.get(k + 1));
    const from = reach.get(down ? k + 1 : k - 1);
    const to = from - (down ? k + 1 : k - 1);
    while (x > from && y > to && (down ? x > from : x > from + 1)) {
      steps.push({ kind: "same", text: a[x - 1] });
      [x, y] = [x - 1, y - 1];
    }
    steps.push(down ? { kind: "new", text: b[to] } : { kind: "gone", text: a[from] });
    [x, y] = [from, to];
  }
  while (x > 0) {
    steps.push({ kind: "same", text: a[x - 1] });
    x -= 1;
  }
  return steps.reverse();
}

/** Join neighbours of one kind; between two changes, white space that both have goes with them. */
function joined(steps) {
  const out = [];
  let gone = "";
  let fresh = "";
  const flush = () => {
    if (gone) out.push({ kind: "gone", text: gone });
    if (fresh) out.push({ kind: "new", text: fresh });
    gone = fresh = "";
  };
  steps.forEach(({ kind, text }, at) => {
    const between = kind === "same" && text.trim() === "" && (gone || fresh)
      && at + 1 < steps.length && steps[at + 1].kind !== "same";
    if (kind === "gone" || between) gone += text;
    if (kind === "new" || between) fresh += text;
    if (kind !== "same" || between) return;
    flush();
    const last = out[out.length - 1];
    if (last?.kind === "same") last.text += text;
    else out.push({ kind: "same", text });
  });
  flush();
  return out;
}
