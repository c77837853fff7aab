// Where other pages show what is listed here.

const MOST_CHARACTERS = 200;

/** Return the address of the map with a review, and those that say the same, marked. */
export function mapAddress({ text }) {
  const plain = text.replace(/\s+/g, " ").trim();
  // A character that two code units make is not torn in two.
  const q = Array.from(plain).slice(0, MOST_CHARACTERS).join("");
  return `/map?${new URLSearchParams({ q })}`;
}

/** Return the address of the map coloured by how unlike the rest reviews are. */
export function scoredMapAddress() {
  return `/map?${new URLSearchParams({ color: "score" })}`;
}

/** Return the address of a theme's page. */
export function themeAddress(theme) {
  return `/themes?${new URLSearchParams({ theme })}`;
}
