import type { BenchRequest, Client } from "./client.ts";
import { STATUSES, toComponent, toPerson, toProject, toTitle } from "./issues.ts";

export interface Search {
  readonly name: string;
  readonly text: string;
  readonly mostMs: number;
  /** At 1,000,000 issues, if more. */
  readonly mostMsOfMillion?: number;
  /** The request of number `n`, after the answer to the one before. */
  readonly toRequest: (n: number, last: string, issues: number) => BenchRequest;
}

const PAGE = 50;
const MOST_MS = 50;
const GROUPS_MS = 100;
const GROUPS_MS_OF_MILLION = 250;

type Rule = Readonly<Record<string, unknown>>;
const is = (property: string, value: string): Rule => ({ property, operator: "=", value });
const contains = (value = ""): Rule => ({ property: "$title", operator: "contains", value });
const toQuery = (...rules: readonly Rule[]) => ({ combinator: "and", rules });
const toStatus = (n: number): string => STATUSES[n % STATUSES.length] ?? "";
const post = (path: string, body: object): BenchRequest => {
  return { method: "POST", path: `/v1/blueprints/issue/entities/${path}`, body: JSON.stringify(body) };
};
const page = (...rules: readonly Rule[]): BenchRequest => post("search", { query: toQuery(...rules), limit: PAGE });
const byUpdated = { limit: PAGE, sort: [{ property: "updated", order: "desc" }] };
const groupBy = (...properties: readonly string[]): BenchRequest => {
  const [only, ...others] = properties.map((property) => ({ property }));
  return post("top-search", { groupBy: others.length === 0 ? only : [only, ...others] });
};

export const SEARCHES: readonly Search[] = [
  {
    name: "equality",
    text: "one property, 1 of 200 values",
    mostMs: MOST_MS,
    toRequest: (n) => page(is("component", toComponent(n))),
  },
  {
    name: "equalityOfMany",
    text: "one property, 1 of 6 values",
    mostMs: MOST_MS,
    toRequest: (n) => page(is("status", toStatus(n))),
  },
  {
    name: "sortedPage",
    text: "all by time, page after page",
    mostMs: MOST_MS,
    toRequest: (_, last) => {
      const { next = null } = last === "" ? {} : (JSON.parse(last) as { next?: string });
      return post("top-search", { ...byUpdated, from: next });
    },
  },
  {
    name: "twoFiltersSorted",
    text: "two properties, by time",
    mostMs: MOST_MS,
    toRequest: (n) =>
      post("top-search", {
        ...byUpdated,
        query: toQuery(is("status", toStatus(n)), is("component", toComponent(n))),
      }),
  },
  {
    name: "twoWideFiltersSorted",
    text: "two properties of few values, by time",
    mostMs: MOST_MS,
    toRequest: (n) =>
      post("top-search", { ...byUpdated, query: toQuery(is("status", toStatus(n)), is("priority", "High")) }),
  },
  {
    name: "relation",
    text: "relation to a person, 1 of 500",
    mostMs: MOST_MS,
    toRequest: (n) => page({ relation: "assignee", operator: "=", value: toPerson(n) }),
  },
  {
    name: "relationOfMany",
    text: "relation to a project, 1 of 20",
    mostMs: MOST_MS,
    toRequest: (n) => page({ relation: "project", operator: "=", value: toProject(n) }),
  },
  {
    name: "relatedTo",
    text: "relatedTo a person, any number of hops",
    mostMs: MOST_MS,
    toRequest: (n) => page({ operator: "relatedTo", blueprint: "person", value: toPerson(n), direction: "downstream" }),
  },
  {
    name: "count",
    text: "count of one value of 6",
    mostMs: MOST_MS,
    toRequest: (n) => post("search/count", { query: toQuery(is("status", toStatus(n))) }),
  },
  {
    name: "countOfTwo",
    text: "count of two properties",
    mostMs: MOST_MS,
    toRequest: (n) =>
      post("search/count", { query: toQuery(is("status", toStatus(n)), is("component", toComponent(n))) }),
  },
  {
    name: "twoWords",
    text: "two words of titles",
    mostMs: MOST_MS,
    toRequest: (n, _, issues) => {
      const [first, , , second] = toTitle((n * 7919) % issues).split(" ");
      return page(contains(first), contains(second));
    },
  },
  {
    name: "groupByOne",
    text: "group by one property",
    mostMs: GROUPS_MS,
    mostMsOfMillion: GROUPS_MS_OF_MILLION,
    toRequest: (n) => groupBy(n % 2 === 0 ? "status" : "component"),
  },
  {
    name: "groupByTwo",
    text: "group by two properties",
    mostMs: GROUPS_MS,
    mostMsOfMillion: GROUPS_MS_OF_MILLION,
    toRequest: (n) => (n % 2 === 0 ? groupBy("status", "priority") : groupBy("issueType", "status")),
  },
];

/** As often as it takes for the server to know that an index is wanted, and then until it is made. */
export async function warmUp({ toRequest }: Search, client: Client, issues: number): Promise<void> {
  let last = "";
  for (let n = 0; n < 8; n++) {
    // Without an index a search over a million may be ended: that is how the server learns that it is wanted.
    last = await client.send(toRequest(n, last, issues)).catch(() => last);
  }
  await client.send({ method: "GET", path: "/health/ready" }); // it waits for all writes
}
