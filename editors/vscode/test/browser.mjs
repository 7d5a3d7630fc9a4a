// Windows of VS Code: pages of one headless browser.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const QUIET = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"],
];

export class Browser {
  #browser;
  #pictures;

  /** EDITORS is where editors/setup put playwright; pictures go to PICTURES. */
  static async launch(editors, pictures) {
    const { chromium } = createRequire(path.join(editors, "vscode/playwright/"))("playwright-core");
    const made = new Browser();
    made.#browser = await chromium.launch({
      executablePath: "/usr/bin/chromium",
      headless: true,
      args: QUIET,
    });
    made.#pictures = pictures;
    fs.mkdirSync(pictures, { recursive: true });
    return made;
  }

  /** A window as a person sees it. */
  async window(address, look = {}) {
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 800 }, ...look });
    const page = await context.newPage();
    await page.goto(address);
    return page;
  }

  /** Runs the tests of an extension in the window's extension host; answers whether they passed. */
  async runInside(server, opened, { extension, tests, patience }) {
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    try {
      const said = [];
      const ended = new Promise((resolve) => {
        page.exposeFunction("codeAutomationExit", resolve).catch(resolve);
      });
      await page.exposeFunction("codeAutomationLog", async (_level, parts) => {
        const [, kind, text] = /^(test|picture): (.*)/s.exec(parts.join(" ")) ?? [];
        if (kind === "picture") await this.picture(page, text);
        if (kind === "test") console.log(`  ${text}`);
      });
      page.on("console", (message) => said.push(message.text()));
      const remote = (file) => `vscode-remote://${server.host}${file}`;
      const payload = JSON.stringify([
        ["extensionDevelopmentPath", remote(extension)],
        ["extensionTestsPath", remote(tests)],
        ["skipWelcome", "true"],
      ]);
      await page.goto(`http://${server.host}/?${opened}&payload=${encodeURIComponent(payload)}`);
      const late = `no end within ${patience / 1000} s`;
      let timer;
      const code = await Promise.race([
        ended,
        new Promise((next) => (timer = setTimeout(next, patience, late))),
      ]);
      clearTimeout(timer);
      if (code === 0) return true;
      console.log(`tests in the extension host: ${code}`);
      if (code === late) {
        console.log(said.slice(-20).join("\n"));
        await this.picture(page, `late ${path.basename(path.dirname(tests))}`);
      }
      return false;
    } finally {
      await context.close();
    }
  }

  async picture(page, name, options = {}) {
    const file = path.join(this.#pictures, `${name.replaceAll(" ", "-")}.png`);
    await page.screenshot({ path: file, ...options });
    return file;
  }

  async close() {
    await this.#browser.close();
  }
}
