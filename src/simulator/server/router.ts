import type { Answer } from "./answer.ts";
import type { JiraRequest } from "./jira-request.ts";
import type { SimulatedJira } from "./simulated-jira.ts";

export type Handler = (request: JiraRequest, jira: SimulatedJira) => Answer | Promise<Answer>;

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /**
   * With `{name}` for a segment that varies. `/api/...` stands for the platform API in both versions, `/agile/...` and
   * `/software/...` for the other two; anything else is a path from the root.
   */
  readonly path: string;
  /** What nobody may ask gets a 401; `public` routes answer nobody too, most of them with nothing. */
  readonly access?: "public";
  /** Whether it lies at the gateway's own address and takes what is good there. */
  readonly auth?: "gateway";
  /** The classic scope that an OAuth or scoped token needs. */
  readonly scope?: string;
  /** Only there on Cloud, or only on Data Center. */
  readonly only?: "cloud" | "server";
  readonly handle: Handler;
}

export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Routes by their number of segments; a fixed segment is preferred to one that varies. */
export class Router {
  readonly #byLength = new Map<number, { readonly route: Route; readonly segments: readonly string[] }[]>();

  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      const segments = route.path.split("/").slice(1);
      const list = this.#byLength.get(segments.length) ?? [];
      list.push({ route, segments });
      this.#byLength.set(segments.length, list);
    }
    for (const list of this.#byLength.values())
      list.sort((left, right) => countVaried(left.segments) - countVaried(right.segments));
  }

  /** Cloud and Data Center may have routes of their own under one path: `isOffered` tells which are there. */
  find(method: string, path: string): Match | undefined {
    return this.#list(path).find(({ route }) => route.method === method);
  }

  /** Methods that the path has. */
  methodsOf(path: string): string[] {
    return this.#list(path).map(({ route }) => route.method);
  }

  #list(path: string): Match[] {
    const given = path.split("/").slice(1);
    return (this.#byLength.get(given.length) ?? []).flatMap(({ route, segments }) => {
      const params: Record<string, string> = {};
      for (const [place, segment] of segments.entries()) {
        const value = given[place] ?? "";
        if (segment.startsWith("{")) params[segment.slice(1, -1)] = decode(value);
        else if (segment !== value) return [];
      }
      return [{ route, params }];
    });
  }
}

function countVaried(segments: readonly string[]): number {
  return segments.filter((segment) => segment.startsWith("{")).length;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
