import type { Clock } from "../../runtime/clock.ts";

/** Registered by an administrator; lives until it is deleted. */
export interface AdminWebhook {
  readonly kind: "admin";
  readonly id: number;
  readonly name: string;
  readonly url: string;
  readonly events: readonly string[];
  /** Only for events that belong to an issue. */
  readonly jql: string;
  readonly excludeBody: boolean;
  readonly secret: string | undefined;
  readonly isEnabled: boolean;
  readonly updatedMs: number;
}

/** Registered by an app; dies unless it is refreshed. */
export interface DynamicWebhook {
  readonly kind: "dynamic";
  readonly id: number;
  readonly url: string;
  readonly events: readonly string[];
  readonly jql: string;
  readonly fieldIds: readonly string[];
  readonly expiresMs: number;
}

export type Webhook = AdminWebhook | DynamicWebhook;

export const dynamicLifeMs = 30 * 86_400_000;
export const maxDynamic = 5;

/** Everybody who wants to hear of changes. */
export class WebhookRegistry {
  readonly #clock: Clock;
  readonly #webhooks = new Map<number, Webhook>();
  #nextId = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Those in force. */
  list(): Webhook[] {
    return [...this.#webhooks.values()].filter((one) =>
      one.kind === "admin" ? one.isEnabled : one.expiresMs > this.#clock.now(),
    );
  }

  listAdmin(): AdminWebhook[] {
    return [...this.#webhooks.values()].filter((one) => one.kind === "admin");
  }

  listDynamic(): DynamicWebhook[] {
    return this.list().filter((one) => one.kind === "dynamic");
  }

  addAdmin(draft: Omit<AdminWebhook, "kind" | "id" | "updatedMs">): AdminWebhook {
    return this.#put({ ...draft, kind: "admin", id: this.#nextId++, updatedMs: this.#clock.now() });
  }

  replaceAdmin(webhook: AdminWebhook): AdminWebhook {
    return this.#put({ ...webhook, updatedMs: this.#clock.now() });
  }

  addDynamic(draft: Pick<DynamicWebhook, "url" | "events" | "jql" | "fieldIds">): DynamicWebhook {
    const expiresMs = this.#clock.now() + dynamicLifeMs;
    return this.#put({ ...draft, kind: "dynamic", id: this.#nextId++, expiresMs });
  }

  refresh(ids: readonly number[]): number {
    const expiresMs = this.#clock.now() + dynamicLifeMs;
    for (const webhook of this.listDynamic()) if (ids.includes(webhook.id)) this.#put({ ...webhook, expiresMs });
    return expiresMs;
  }

  remove(id: number): boolean {
    return this.#webhooks.delete(id);
  }

  #put<T extends Webhook>(webhook: T): T {
    this.#webhooks.set(webhook.id, webhook);
    return webhook;
  }
}
