import { CHECKS } from "./checks.mjs";
import { Workbench } from "./workbench.mjs";

/** Opens a window on the project and looks at what a person would; answers whether all was as it should be. */
export async function look(browser, server, { project, expected }) {
  const page = await browser.window(`http://${server.host}/?folder=${project}`);
  const workbench = new Workbench(page);
  let failures = 0;
  try {
    await workbench.ready();
    for (const [name, check] of Object.entries(CHECKS)) {
      const started = Date.now();
      const picture = (of) => browser.picture(page, of);
      try {
        await check({ workbench, picture, server, project, expected });
        console.log(`  ok ${name} (${Date.now() - started} ms)`);
      } catch (error) {
        failures += 1;
        const file = await browser.picture(page, `failed ${name.replaceAll(/\W+/g, " ")}`);
        console.log(`  FAIL ${name}: ${error.message.split("Call log:")[0].trim()}\n    ${file}`);
        await page.keyboard.press("Escape");
      }
    }
  } finally {
    await page.context().close();
  }
  return failures === 0;
}
