import { existsSync, readFileSync } from "node:fs";
import type { JiraSettings } from "../jira/jira-settings.ts";
import type { Clock } from "../runtime/clock.ts";
import type { DataFolder } from "../runtime/data-folder.ts";
import { startSimulator, type Simulator } from "../simulator/simulator.ts";

/** Changes a minute: enough to see the catalog follow, few enough to follow by eye. */
const EDITS_PER_MINUTE = 4;
const STORY_FILE = "demo.json";

export interface Demo {
  readonly settings: JiraSettings;
  close(): Promise<void>;
}

/** What is kept of a demo, so that the next start finds the same issues at the same place, and not all of them changed. */
interface Story {
  /** When it begins: the newest generated issue is created then. */
  readonly originMs: number;
  readonly port: number;
}

/** The Jira of somebody who has none at hand: 3 projects, 40 users, 1,500 issues, and a few edits a minute. */
export async function startDemo(folder: DataFolder, clock: Clock): Promise<Demo> {
  const known = readStory(folder);
  const originMs = known?.originMs ?? clock.now();
  const start = (port: number): Promise<Simulator> =>
    startSimulator({ clock, originMs, port, editsPerMinute: EDITS_PER_MINUTE, projects: 3, users: 40, issues: 1500 });
  // Its port may have been taken meanwhile; then the links in the catalog change.
  const simulator = await start(known?.port ?? 0).catch(() => start(0));
  const story: Story = { originMs, port: Number(new URL(simulator.url).port) };
  folder.writePrivate(STORY_FILE, `${JSON.stringify(story)}\n`);
  return { settings: toSettings(simulator), close: () => simulator.close() };
}

function readStory(folder: DataFolder): Story | undefined {
  const file = folder.file(STORY_FILE);
  if (!existsSync(file)) return undefined;
  try {
    const { originMs, port } = JSON.parse(readFileSync(file, "utf8")) as Partial<Record<keyof Story, unknown>>;
    return Number.isSafeInteger(originMs) && Number.isSafeInteger(port)
      ? { originMs: Number(originMs), port: Number(port) }
      : undefined;
  } catch {
    return undefined; // a demo whose story is lost begins a new one
  }
}

function toSettings({ url, email, token }: Simulator): JiraSettings {
  return { host: url, deployment: "cloud", credentials: { type: "basic", user: email, password: token } };
}
