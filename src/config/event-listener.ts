import { unreachable } from "../runtime/errors.ts";

/** When a process resyncs: once, or now and again until it is stopped. */
export type EventListener =
  | { readonly type: "ONCE" }
  | {
      readonly type: "POLLING";
      /** How often a remote catalog is asked whether somebody wants a resync. */
      readonly intervalSeconds: number;
      readonly resyncOnStart: boolean;
    };

export type EventListenerType = "POLLING" | "ONCE" | "KAFKA" | "WEBHOOK" | "WEBHOOKS_ONLY" | "ACTIONS_ONLY";

type Chosen =
  | { readonly listener: EventListener; readonly warning?: string }
  /** Completes a sentence that starts with the setting. */
  | { readonly mistake: string };

/**
 * Of the listeners of the reference, POLLING and ONCE run. Those that wait for a request by another way are run as
 * POLLING, which serves the same requests a little later; those that never resync are refused.
 */
export function chooseEventListener(
  type: EventListenerType,
  polling: { readonly intervalSeconds: number; readonly resyncOnStart: boolean },
): Chosen {
  const listener = { type: "POLLING", ...polling } as const;
  switch (type) {
    case "ONCE":
      return { listener: { type } };
    case "POLLING":
      return { listener };
    case "KAFKA":
      return { listener, warning: "KAFKA is run as POLLING: nothing connects to Kafka" };
    case "WEBHOOK":
      return { listener, warning: "WEBHOOK is run as POLLING: there is no route that anybody may call for a resync" };
    case "WEBHOOKS_ONLY":
      return { mistake: "cannot be WEBHOOKS_ONLY: live events are not received yet. Use POLLING, in one process" };
    case "ACTIONS_ONLY":
      return { mistake: "cannot be ACTIONS_ONLY: the Jira integration has no actions. Use POLLING" };
    default:
      return unreachable(type);
  }
}
