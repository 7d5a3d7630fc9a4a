import fs from "node:fs";

/** The servers of this window: the children of its extension host that are called flakeless. */
export function servers(): number[] {
  const processes = fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return processes.map(Number).filter((pid) => {
    const [, name, parent] = /^\d+ \((.*)\) \S (\d+)/.exec(stat(pid)) ?? [];
    return name === "flakeless" && Number(parent) === process.pid;
  });
}

function stat(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${String(pid)}/stat`, "utf8");
  } catch {
    return ""; // It has ended meanwhile.
  }
}
