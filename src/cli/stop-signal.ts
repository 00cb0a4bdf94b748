import type { Clock } from "../runtime/clock.ts";
import { AbortError } from "../runtime/errors.ts";
import { EXIT_CODES } from "./exit-codes.ts";

/** How long an orderly stop may take. */
const GRACE_MS = 5000;

/**
 * Aborts on Ctrl-C or SIGTERM. What is under way gets a few seconds to end; a second signal, or the end of that time,
 * ends the process: everything acknowledged is on disk at any moment.
 */
export function createStopSignal(
  clock: Clock,
  say: (line: string) => void,
): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const grace = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(EXIT_CODES.interrupted);
    say("Stopping; press Ctrl-C again to stop at once.");
    controller.abort(new AbortError("Stopped by a signal"));
    void clock.sleep(GRACE_MS, grace.signal).then(
      () => process.exit(EXIT_CODES.interrupted),
      () => undefined, // the stop was orderly
    );
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    signal: controller.signal,
    release: () => {
      grace.abort();
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}
