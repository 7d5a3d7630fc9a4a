import Mocha from "mocha";
import fs from "node:fs";
import path from "node:path";

const { EVENT_TEST_FAIL, EVENT_TEST_PASS } = Mocha.Runner.constants;

/** What VS Code calls: runs the `*.test.js` of a folder, in the order of their names. */
export async function runTests(folder: string): Promise<void> {
  const mocha = new Mocha({ timeout: 90_000, reporter: Lines, grep: new RegExp(process.env.ONLY ?? "") });
  mocha.rootHooks({ afterEach: pictureOfFailure });
  for (const file of fs.readdirSync(folder).sort()) {
    if (file.endsWith(".test.js")) mocha.addFile(path.join(folder, file));
  }
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${String(failures)} tests failed`);
}

/** The window hands on all that its console gets; browser.mjs picks these lines out. */
class Lines extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.on(EVENT_TEST_PASS, (test) => {
      console.log(`test: ok ${test.fullTitle()} (${String(test.duration)} ms)`);
    });
    runner.on(EVENT_TEST_FAIL, (test, error: Error) => {
      console.log(`test: FAIL ${test.fullTitle()}: ${error.stack ?? error.message}`);
    });
  }
}

function pictureOfFailure(this: Mocha.Context): void {
  const test = this.currentTest;
  if (test?.state !== "failed") return;
  const name = test.fullTitle().replaceAll(/[^\w]+/g, " ");
  console.log(`picture: failed ${name.slice(0, 80)}`);
}
