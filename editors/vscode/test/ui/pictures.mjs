// The pictures of the README and of the walkthrough, from a real window.
import path from "node:path";

import { Workbench } from "./workbench.mjs";

const RULE = "A check against a class";
const LABELS = "tests/test_labels.py";

/** Small enough to be read where a page shows it, and nothing in it that is not ours. */
export const PICTURE_SETTINGS = {
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.activityBar.location": "hidden",
  "breadcrumbs.enabled": false,
  "window.commandCenter": false,
  "window.menuBarVisibility": "hidden",
  "editor.minimap.enabled": false,
  "editor.stickyScroll.enabled": false,
  "editor.occurrencesHighlight": "off",
  "editor.matchBrackets": "never",
  "editor.renderLineHighlight": "none",
  "editor.scrollbar.vertical": "hidden",
  "editor.scrollbar.horizontal": "hidden",
  "editor.overviewRulerBorder": false,
  "editor.hideCursorInOverviewRuler": true,
  "editor.guides.indentation": false,
  "editor.hover.above": false,
  "editor.cursorBlinking": "solid",
  "editor.fontFamily": "'DejaVu Sans Mono'",
  "editor.fontSize": 14,
  "problems.showCurrentInStatus": false,
};

const WIDTH = 900;
const HEIGHT = 560;
/** The title and the status bar speak of the test's surroundings. */
const BAR = 30;
const WHOLE = { x: 0, y: BAR, width: WIDTH, height: HEIGHT - 2 * BAR };

/** From the test's `def` down. */
async function belowDef(workbench, height) {
  const { y } = await workbench.line("def test_label_is_a_label").boundingBox();
  return { x: 0, y: y - 8, width: WIDTH, height };
}

/** MEDIA gets them. */
export async function takePictures(browser, server, project, media) {
  const look = { viewport: { width: WIDTH, height: HEIGHT }, deviceScaleFactor: 1.25 };
  const page = await browser.window(`http://${server.host}/?folder=${project}`, look);
  const workbench = new Workbench(page);
  const take = (name, clip) =>
    page.screenshot({ path: path.join(media, `${name}.png`), clip, animations: "disabled" });
  try {
    await workbench.ready();
    await workbench.command("View: Toggle Primary Side Bar Visibility");
    await workbench.open(LABELS);
    await workbench.squiggles().first().waitFor();

    await workbench.press("Control+Shift+m");
    await workbench.problems().filter({ hasText: "stale-class-after-reload" }).first().waitFor();
    await workbench.open(LABELS);
    await page.mouse.move(WIDTH / 2, 5);
    await take("walkthrough-hint", WHOLE);
    await workbench.command("View: Hide Panel");
    await workbench.problems().first().waitFor({ state: "hidden" });

    // A hover may take a quarter of the window.
    await page.setViewportSize({ width: WIDTH, height: 3 * HEIGHT });
    await workbench.open(LABELS);
    await workbench.hover(workbench.squiggles().first(), RULE);
    await take("walkthrough-hover", await belowDef(workbench, 410));
    await take("hint", await belowDef(workbench, 275));
    await workbench.press("Escape");
    await page.setViewportSize({ width: WIDTH, height: HEIGHT });
    await page.mouse.move(WIDTH / 2, 5);

    await workbench.open(LABELS);
    await workbench.goTo(12, 30);
    await workbench.press("Control+.");
    await workbench.fixes().first().waitFor();
    await take("walkthrough-fix", WHOLE);
    await take("lightbulb", await belowDef(workbench, 200));
  } catch (error) {
    await browser.picture(page, "failed pictures");
    throw error;
  } finally {
    await page.context().close();
  }
}
