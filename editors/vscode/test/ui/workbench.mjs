// What a person does in a window of VS Code, and what they then see. Every wait ends with words and a picture.
const PATIENCE_MS = 60_000;
/** A key or a move of the mouse of which nothing came in this time is made again. */
const LOST_MS = 5_000;
const LOOKS = 5;

export class Workbench {
  constructor(page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE_MS);
  }

  async ready() {
    await this.page.locator(".explorer-folders-view .monaco-list-row").first().waitFor();
  }

  /** By its name, as Ctrl+P has it. */
  async open(file) {
    await this.press("Control+p");
    await this.#quickInput(file.split("/").pop());
    await this.page.locator(".tabs-container .tab.active", { hasText: file.split("/").pop() }).waitFor();
    await this.page.locator(".monaco-editor .view-line").first().waitFor();
  }

  /** Both counted from 1. */
  async goTo(line, column) {
    await this.press("Control+g");
    await this.#quickInput(`:${line}:${column}`, { listed: false });
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
    await this.status(`Ln ${line}, Col ${column}`);
  }

  /** A command of the palette, by its title. */
  async command(title) {
    await this.press("F1");
    await this.#quickInput(`>${title}`);
  }

  async pick(text) {
    await this.#quickInput(text);
  }

  async #quickInput(text, { listed = true } = {}) {
    const widget = this.page.locator(".quick-input-widget");
    const input = widget.locator("input").first();
    await input.fill(text);
    if (listed) {
      const wanted = text.replace(/^>/, "");
      // Before it has looked, it lists what was open last. A file that was made a moment ago it may not find at the first look.
      const row = widget.locator(".monaco-list-row.focused", { hasText: wanted }).first();
      for (let look = 1; look < LOOKS && !(await isSeen(row)); look += 1) {
        await input.fill("");
        await input.fill(text);
      }
      await row.waitFor();
    }
    await this.press("Enter");
  }

  press(keys) {
    return this.page.keyboard.press(keys);
  }

  /** The open file is another than on the disk. */
  changed() {
    return this.page.locator(".tabs-container .tab.active.dirty").waitFor();
  }

  line(text) {
    return this.page.locator(".monaco-editor .view-line", { hasText: text }).first();
  }

  /** What stands above a line and can be clicked. */
  lens(title) {
    return this.page.locator(".monaco-editor .codelens-decoration a", { hasText: title }).first();
  }

  squiggles() {
    return this.page.locator(".monaco-editor .squiggly-warning");
  }

  /** One that is drawn from now on. */
  async freshSquiggle() {
    await this.squiggles().first().waitFor();
    await this.squiggles().evaluateAll((drawn) =>
      drawn.forEach((element) => element.classList.add("drawn-before")),
    );
    return this.page.locator(".monaco-editor .squiggly-warning:not(.drawn-before)").first();
  }

  /** What opens over the middle of something. It does not where lines that come in above move it away from under the mouse. */
  async hover(locator, text) {
    const wanted = this.page
      .locator(".monaco-hover:not(.hidden) .monaco-hover-content", { hasText: text })
      .first();
    const away = () => this.page.mouse.move(0, 0);
    await brought(wanted, () => this.#pointAt(locator), away);
    return wanted;
  }

  /** Only the mouse moves: Playwright's own `hover` would scroll the editor's inside, which breaks its picture. */
  async #pointAt(locator) {
    await locator.waitFor();
    const { x, y, width, height } = await locator.boundingBox();
    await this.page.mouse.move(x + width / 2, y + height / 2, { steps: 5 });
  }

  /** Opens the menu of fixes. The key is lost while the focus is still on its way back from another box. */
  async offerFixes(text) {
    const wanted = this.fixes().filter({ hasText: text }).first();
    await brought(
      wanted,
      () => this.press("Control+."),
      () => this.press("Escape"),
    );
  }

  /** The rows of the menu that Ctrl+. opens. */
  fixes() {
    return this.page.locator(".action-widget .monaco-list-row");
  }

  problems() {
    return this.page.locator(".markers-panel .monaco-list-row");
  }

  status(text) {
    return this.page.locator(".statusbar-item", { hasText: text }).first().waitFor();
  }

  /** The status bar's item, red. */
  alarm(text) {
    return this.page.locator(".statusbar-item.error-kind, .statusbar-item.has-background-color", {
      hasText: text,
    });
  }

  /** In the list behind the bell: a window that can be driven shows no toasts. */
  notification(text) {
    return this.page.locator(".notifications-center .notification-list-item", { hasText: text }).first();
  }

  /** What a Markdown preview shows. */
  preview() {
    return this.page
      .frameLocator("iframe.webview")
      .last()
      .frameLocator("iframe#active-frame")
      .locator("body");
  }

  async closeAll() {
    await this.press("Escape");
    await this.command("View: Close All Editors");
    await this.page.locator(".tabs-container .tab").first().waitFor({ state: "detached" });
  }
}

/** Waits for what an act brings. One that is lost is taken back and made again. */
async function brought(wanted, act, takeBack) {
  for (const end = Date.now() + PATIENCE_MS; ;) {
    await act();
    try {
      return await wanted.waitFor({ timeout: LOST_MS });
    } catch (error) {
      if (Date.now() > end) throw error;
      await takeBack();
    }
  }
}

/** Whether it comes within the time that a lost key is waited for. */
function isSeen(row) {
  return row.waitFor({ timeout: LOST_MS }).then(
    () => true,
    () => false,
  );
}
