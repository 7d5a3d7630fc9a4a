// VS Code as a server of its own: a profile, extensions and a home in DIRECTORY that nobody else uses.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

const PATIENCE_MS = 30_000;

export class CodeServer {
  #program;
  #environment;
  #arguments;
  #process;
  #log;

  constructor(program, directory) {
    const home = path.join(directory, "home");
    this.extensions = path.join(directory, "extensions");
    this.userData = path.join(directory, "user");
    this.#program = program;
    this.#log = path.join(directory, "code-server.log");
    for (const made of [home, this.extensions, path.join(this.userData, "User")]) {
      fs.mkdirSync(made, { recursive: true });
    }
    this.#environment = {
      ...process.env,
      HOME: home,
      XDG_CONFIG_HOME: path.join(home, ".config"),
      XDG_DATA_HOME: path.join(home, ".local/share"),
      XDG_CACHE_HOME: path.join(home, ".cache"),
      EXTENSIONS_GALLERY: "{}",
    };
    // No file: code-server would write one of its own, with a password.
    this.#arguments = ["--config", "/dev/null", "--auth", "none", "--user-data-dir", this.userData];
    this.#arguments.push("--extensions-dir", this.extensions);
  }

  /** The person's own settings; a window that is open takes them over. */
  settings(values) {
    fs.writeFileSync(path.join(this.userData, "User/settings.json"), JSON.stringify(values, null, 2));
  }

  install(vsix) {
    const done = spawnSync(this.#program, [...this.#arguments, "--install-extension", vsix], {
      env: this.#environment,
      encoding: "utf8",
    });
    if (done.status !== 0) throw new Error(`--install-extension ${vsix}: ${done.stdout}${done.stderr}`);
  }

  /** The first option lets a window run tests in its extension host; the second keeps our PATH from a login shell's. */
  async start(environment) {
    const log = fs.openSync(this.#log, "w");
    this.#process = spawn(
      this.#program,
      [
        ...this.#arguments,
        ...["--bind-addr", "127.0.0.1:0"],
        ...["--vscode-option", "enable-smoke-test-driver", "--vscode-option", "force-disable-user-env"],
        ...[
          "--disable-telemetry",
          "--disable-update-check",
          "--disable-getting-started-override",
          "--disable-proxy",
        ],
      ],
      { env: { ...this.#environment, ...environment }, stdio: ["ignore", log, log], detached: true },
    );
    fs.closeSync(log);
    const deadline = Date.now() + PATIENCE_MS;
    while (Date.now() < deadline && this.#process.exitCode === null) {
      const listening = /listening on http:\/\/([\d.:]+)/.exec(this.log());
      if (listening) {
        this.host = listening[1];
        return;
      }
      await new Promise((next) => setTimeout(next, 50));
    }
    throw new Error(`code-server does not listen:\n${this.log()}`);
  }

  get pid() {
    return this.#process.pid;
  }

  log() {
    return fs.readFileSync(this.#log, "utf8");
  }

  /** With its extension hosts and their language servers, which are all of its process group. */
  stop() {
    if (this.#process?.pid === undefined) return;
    try {
      process.kill(-this.#process.pid, "SIGKILL");
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
    this.#process = undefined;
  }
}
