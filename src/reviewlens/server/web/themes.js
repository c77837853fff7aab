// What people talk about: the list of themes, or with `?theme=3` one of them.
import { openPage } from "/static/shared/shell.js";
import { readState } from "/static/shared/state.js";
import { openList } from "/static/themes/opening.js";
import { themePage } from "/static/themes/page.js";

openPage("themes", async (main) => {
  const { theme } = readState({ theme: "" });
  await (theme === "" ? openList(main) : themePage(main, theme));
});
