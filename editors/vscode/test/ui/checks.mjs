// What a person must see: name, and what shows it. They run in this order, in one window.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";

import { endServers } from "./servers.mjs";

const LABELS = "tests/test_labels.py";
const TILL = "tests/test_till.py";
const SOLD =
  'SOLD = []\n\n\ndef test_first_sale():\n    SOLD.append("apple")\n    assert SOLD == ["apple"]\n';
const CURE = "Import `Label` inside the test";
const FIRST_SENTENCE =
  "A check against a class that a reload has replaced since the test module imported it.";

export const CHECKS = {
  async "a hint is underlined"({ workbench, picture }) {
    await workbench.open(LABELS);
    await workbench.squiggles().first().waitFor();
    await workbench.goTo(13, 30);
    await picture("squiggle");
  },

  async "the status bar counts the file's hints"({ workbench }) {
    await workbench.status("flakeless: 5");
  },

  async "a hover says why"({ workbench, picture }) {
    const hover = await workbench.hover(workbench.squiggles().first(), FIRST_SENTENCE);
    const text = await hover.innerText();
    assert.match(text, /conftest\.py.{0,40}\b12\b/s);
    await picture("hover");
    await workbench.press("Escape");
  },

  async "the Problems panel lists likely hints with what they rest on"({ workbench, picture }) {
    await workbench.press("Control+Shift+m");
    const rows = workbench.problems();
    await rows.filter({ hasText: "`isinstance` compares with the `Label`" }).first().waitFor();
    await rows.filter({ hasText: "stale-class-after-reload" }).first().waitFor();
    assert.equal(await rows.filter({ hasText: "`Quote`" }).count(), 0, "the possible hint is whispered");
    await picture("problems");
    await workbench.press("Control+Shift+m");
  },

  async "Ctrl+. offers the fixes; Enter applies the first; Ctrl+S saves"({
    workbench,
    picture,
    project,
    expected,
  }) {
    await workbench.open(LABELS);
    await workbench.goTo(13, 30);
    await workbench.offerFixes(CURE);
    assert((await workbench.fixes().filter({ hasText: "Ignore" }).count()) > 0, "it can be ignored too");
    await picture("fixes");
    await workbench.press("Enter");
    await workbench.changed();
    await workbench.press("Control+s");
    const saved = path.join(project, LABELS);
    const wanted = fs.readFileSync(path.join(expected, "local-import"), "utf8");
    await until("the saved file to be right", () => fs.readFileSync(saved, "utf8") === wanted);
    await workbench.status("flakeless: 4");
  },

  async "Reproduce stands above a test with a hint, and confirms the hint"({ workbench, picture, project }) {
    fs.writeFileSync(path.join(project, TILL), SOLD);
    await workbench.open(TILL);
    await workbench.lens("Find the polluter").waitFor();
    await picture("lenses");
    await workbench.lens("Reproduce").click();
    // The hint was only possible, which is drawn otherwise.
    const hover = await workbench.hover(
      workbench.squiggles().first(),
      "Confirmed: it failed 19 of 20 times in one process.",
    );
    const text = await hover.innerText();
    assert.match(text, /To see it fail again:\s+python -c 'import pytest/);
    await picture("reproduced");
    await workbench.press("Escape");
  },

  async "a rule is explained"({ workbench, picture }) {
    await workbench.command("flakeless: Explain a Rule");
    await workbench.pick("stale-class-after-reload");
    await workbench.preview().getByText(FIRST_SENTENCE).waitFor();
    await picture("rule");
    await workbench.closeAll();
  },

  // The last, since it ends the server.
  async "a server that dies again and again is given up, which is said"({ workbench, picture, server }) {
    await workbench.open(LABELS);
    await workbench.squiggles().first().waitFor();
    for (let deaths = 0; deaths < 5; deaths += 1) {
      const fresh = await workbench.freshSquiggle();
      endServers(server.pid);
      if (deaths < 4) await fresh.waitFor();
    }
    await workbench.alarm("flakeless").waitFor();
    await workbench.command("Notifications: Show Notifications");
    const said = workbench.notification("ended by itself five times");
    await said.waitFor();
    await picture("given up");
    await said.locator(".monaco-button", { hasText: "Restart" }).click();
    await workbench.status("flakeless: 4");
  },
};

async function until(what, probe, patience = 60_000) {
  const deadline = Date.now() + patience;
  while (!(await probe())) {
    if (Date.now() > deadline) throw new Error(`waited for ${what}`);
    await new Promise((next) => setTimeout(next, 50));
  }
}
