import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Caller, Catalog } from "../catalog/catalog.ts";
import type { Integrations } from "../catalog/integrations.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Logger } from "../runtime/logger.ts";
import type { AccessTokens, ApiCredentials } from "./access-tokens.ts";

/** What the HTTP side needs of the rest of the product. */
export interface HttpServices {
  readonly catalog: Catalog;
  readonly integrations: Integrations;
  readonly credentials: ApiCredentials;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  readonly health: { check(): Promise<void> };
  /** Random text of that many hexadecimal digits. */
  readonly randomHex: (length: number) => string;
  /** For people, on the front page: where the credentials are kept. */
  readonly credentialsFile: string;
}

/** What the routes of Port's API work with. */
export interface RouteServices extends HttpServices {
  readonly tokens: AccessTokens;
}

export interface HttpEnv {
  readonly Variables: {
    traceId: string;
    /** Set once the token of the request has been checked. */
    caller: Caller;
  };
}

export type HttpApp = OpenAPIHono<HttpEnv>;

/** One route: its schema and its handler. */
export type AddRoute = (app: HttpApp, services: RouteServices) => void;
