// Where other pages show what is listed here.

/** Return the address of the map coloured by how unlike the rest reviews are. */
export function scoredMapAddress() {
  return `/map?${new URLSearchParams({ color: "score" })}`;
}

/** Return the address of a theme's page. */
export function themeAddress(theme) {
  return `/themes?${new URLSearchParams({ theme })}`;
}
