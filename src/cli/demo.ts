import { existsSync, readFileSync } from "node:fs";
import type { JiraSettings } from "../jira/jira-settings.ts";
import type { Clock } from "../runtime/clock.ts";
import type { DataFolder } from "../runtime/data-folder.ts";
import { startSimulator, type Simulator } from "../simulator/simulator.ts";

/** Changes a minute: enough to see the catalog follow, few enough to follow by eye. */
const EDITS_PER_MINUTE = 4;
const ORIGIN_FILE = "demo.json";

export interface Demo {
  readonly settings: JiraSettings;
  close(): Promise<void>;
}

/** The Jira of somebody who has none at hand: 3 projects, 40 users, 1,500 issues, and a few edits a minute. */
export async function startDemo(folder: DataFolder, clock: Clock): Promise<Demo> {
  const simulator = await startSimulator({
    clock,
    originMs: findOrigin(folder, clock),
    editsPerMinute: EDITS_PER_MINUTE,
    projects: 3,
    users: 40,
    issues: 1500,
  });
  return { settings: toSettings(simulator), close: () => simulator.close() };
}

/** When the demo's story begins. Kept, so that the next start finds the same issues again and not all of them changed. */
function findOrigin(folder: DataFolder, clock: Clock): number {
  const file = folder.file(ORIGIN_FILE);
  if (existsSync(file)) {
    const { originMs } = JSON.parse(readFileSync(file, "utf8")) as { originMs?: unknown };
    if (typeof originMs === "number" && Number.isSafeInteger(originMs)) return originMs;
  }
  const originMs = clock.now();
  folder.writePrivate(ORIGIN_FILE, `${JSON.stringify({ originMs })}\n`);
  return originMs;
}

function toSettings({ url, email, token }: Simulator): JiraSettings {
  return { host: url, deployment: "cloud", credentials: { type: "basic", user: email, password: token } };
}
