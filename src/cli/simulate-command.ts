import { systemClock } from "../runtime/clock.ts";
import { startSimulator } from "../simulator/simulator.ts";
import { EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import { toSimulatorSettings, type SimulateFlags } from "./simulate-flags.ts";
import { createStopSignal } from "./stop-signal.ts";
import { sayLine, type Terminal } from "./terminal.ts";

/** A simulated Jira until a signal comes. Prints the settings that lead to it, ready to paste. */
export async function simulateCommand(flags: SimulateFlags, terminal: Terminal): Promise<ExitCode> {
  const stop = createStopSignal(systemClock, (line) => sayLine(terminal.err, line));
  const simulator = await startSimulator(toSimulatorSettings(flags));
  sayLine(
    terminal.out,
    [
      `export OCEAN__INTEGRATION__CONFIG__JIRA_HOST=${simulator.url}`,
      `export OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_EMAIL=${simulator.email}`,
      `export OCEAN__INTEGRATION__CONFIG__ATLASSIAN_USER_TOKEN=${simulator.token}`,
      `export OCEAN__INTEGRATION__CONFIG__ATLASSIAN_ORGANIZATION_ID=${simulator.organizationId}`,
    ].join("\n"),
  );
  await new Promise<void>((resolve) => {
    stop.signal.addEventListener("abort", () => resolve());
  });
  await simulator.close();
  stop.release();
  return EXIT_CODES.ok;
}
