/** The simulated Jira of the bench, in a process of its own. Told by IPC what to edit; ends with its parent. */
import { startSimulator } from "../../src/simulator/simulator.ts";
import { toIssueId } from "../../src/simulator/site/issue.ts";
import type { SimulatorReply, SimulatorRequest } from "./jira-process.ts";

const [issues = 0, latencyMs = 0] = process.argv.slice(2).map(Number);
const simulator = await startSimulator({ seed: 11, projects: 20, users: 500, issues, latencyMs });
let edits = 0;

process.on("message", ({ edit }: SimulatorRequest) => {
  edits++;
  for (let index = 0; index < edit; index++) {
    const n = Math.floor(((index + 0.5) * issues) / edit);
    simulator.site.editIssue(toIssueId(n), { summary: `Edited ${edits} times, größer` });
  }
  answer({ edited: edit });
});
process.on("disconnect", () => process.exit());
answer({ url: simulator.url, email: simulator.email, token: simulator.token });

function answer(reply: SimulatorReply): void {
  process.send?.(reply);
}
