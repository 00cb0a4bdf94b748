import { createHmac } from "node:crypto";
import type { Clock } from "../../runtime/clock.ts";
import { toMessage } from "../../runtime/errors.ts";
import { createRandom, toFraction, toHex, toUuid, type Random } from "../random.ts";

export interface WebhookOptions {
  /** Waited before each retry, at random between the two. */
  readonly retryMs: readonly [number, number];
  /** How long an event is under way; different for each, so that they overtake one another. */
  readonly delayMs: readonly [number, number];
  /** Fallout of bigger changes comes later. */
  readonly secondaryDelayMs: readonly [number, number];
  /** Share of deliveries that come twice, under the same identifier. */
  readonly duplicateRate: number;
}

export const defaultWebhookOptions: WebhookOptions = {
  retryMs: [300_000, 900_000],
  delayMs: [0, 0],
  secondaryDelayMs: [0, 0],
  duplicateRate: 0,
};

export interface Message {
  readonly url: string;
  /** Empty when the receiver wants to hear only that something happened. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly flow: "Primary" | "Secondary";
}

/** What became of a message. */
export interface Delivery {
  readonly identifier: string;
  readonly url: string;
  readonly event: string;
  readonly flow: "Primary" | "Secondary";
  /** Statuses of the attempts so far; the error's text where nobody answered. */
  readonly attempts: (number | string)[];
  state: "pending" | "delivered" | "refused" | "lost";
}

const maxAttempts = 5;
const responseTimeoutMs = 20_000;
const retriedStatuses = new Set([408, 409, 425, 429]);

/**
 * Sends messages as Jira Cloud does: in no order, at least once, five times at most, with the same identifier on every
 * attempt. A status that is not worth a retry ends the delivery, and after the fifth attempt the event is lost.
 */
export class WebhookSender {
  readonly deliveries: Delivery[] = [];
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #options: WebhookOptions;
  readonly #signal: AbortSignal;
  readonly #running = new Set<Promise<void>>();

  constructor(parts: { clock: Clock; seed: number; options: WebhookOptions; signal: AbortSignal }) {
    this.#clock = parts.clock;
    this.#random = createRandom(parts.seed);
    this.#options = parts.options;
    this.#signal = parts.signal;
  }

  send(event: string, message: Message): void {
    const serial = this.deliveries.length;
    const { url, flow } = message;
    const identifier = toUuid(this.#random, serial, 1501);
    const delivery: Delivery = { identifier, url, event, flow, attempts: [], state: "pending" };
    this.deliveries.push(delivery);
    this.#start(this.#deliver(delivery, message, serial));
    if (toFraction(this.#random(serial, 1502)) < this.#options.duplicateRate) {
      this.#start(this.#deliver(delivery, message, serial));
    }
  }

  /** Until nothing is under way any more. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #start(running: Promise<void>): void {
    const done = running.finally(() => this.#running.delete(done));
    this.#running.add(done);
  }

  async #deliver(delivery: Delivery, message: Message, serial: number): Promise<void> {
    const delay = message.flow === "Primary" ? this.#options.delayMs : this.#options.secondaryDelayMs;
    try {
      await this.#pause(delay, serial * 8);
      for (let attempt = 0; attempt < maxAttempts; attempt++) {
        if (attempt > 0) await this.#pause(this.#options.retryMs, serial * 8 + attempt);
        const outcome = await this.#attempt(delivery, message, attempt);
        delivery.attempts.push(outcome);
        const isRetried = typeof outcome === "string" || outcome >= 500 || retriedStatuses.has(outcome);
        if (isRetried) continue;
        delivery.state = outcome < 300 ? "delivered" : "refused";
        return;
      }
      delivery.state = "lost";
    } catch (error) {
      if (!this.#signal.aborted) throw error;
    }
  }

  /** The status, or why there is none. */
  async #attempt(delivery: Delivery, message: Message, attempt: number): Promise<number | string> {
    try {
      const response = await fetch(message.url, {
        method: "POST",
        body: message.body,
        redirect: "manual",
        headers: {
          "Content-Type": "application/json; charset=UTF-8",
          "User-Agent": "Atlassian HttpClient simulated / Atlassian-Webhooks-Plugin",
          "X-Atlassian-Webhook-Identifier": delivery.identifier,
          "X-Atlassian-Webhook-Flow": delivery.flow,
          "X-Atlassian-Webhook-Trace": toHex(this.#random, this.deliveries.indexOf(delivery), 1503, 32),
          ...(attempt === 0 ? {} : { "X-Atlassian-Webhook-Retry": String(attempt) }),
          ...message.headers,
        },
        signal: AbortSignal.any([this.#signal, AbortSignal.timeout(responseTimeoutMs)]),
      });
      await response.arrayBuffer();
      return response.status;
    } catch (error) {
      if (this.#signal.aborted) throw error;
      return toMessage(error);
    }
  }

  async #pause([from, to]: readonly [number, number], about: number): Promise<void> {
    if (to <= 0) return;
    await this.#clock.sleep(from + (to - from) * toFraction(this.#random(about, 1504)), this.#signal);
  }
}

/** `X-Hub-Signature`, over the bytes as they are sent. */
export function sign(secret: string, body: string): string {
  return `sha256=${createHmac("sha256", secret).update(body, "utf8").digest("hex")}`;
}
