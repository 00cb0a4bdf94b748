import type { Simulator } from "../../src/simulator/simulator.ts";
import type { ChaosResource, Raw } from "./mapping.ts";

/** Reads what Jira holds, past the product: issues from the site itself, everything else with plain requests. */
export async function readTruth(jira: Simulator, kind: ChaosResource["kind"]): Promise<readonly Raw[]> {
  switch (kind) {
    case "issue":
      return [...jira.site.issueKeys()].map((key) => jira.renderIssue(key) as Raw); // an issue is an object
    case "project":
      return listValues(await ask(jira, "/rest/api/3/project/search?expand=insight&maxResults=100"));
    case "user":
      return (await ask(jira, "/rest/api/3/users/search?maxResults=1000")) as readonly Raw[];
    case "release": {
      const releases: Raw[] = [];
      for (const key of jira.site.projectKeys()) {
        const values = listValues(await ask(jira, `/rest/api/3/project/${key}/version?maxResults=500`));
        releases.push(...values.map((release) => ({ ...release, __projectKey: key })));
      }
      return releases;
    }
  }
}

/** The rows keep to sizes that fit on one page, and this says so when they do not. */
function listValues(answer: unknown): readonly Raw[] {
  const { values, isLast } = answer as { values: readonly Raw[]; isLast: boolean }; // a page of Jira
  if (!isLast) throw new Error("The truth has more than one page: make the site smaller");
  return values;
}

async function ask(jira: Simulator, path: string): Promise<unknown> {
  const authorization = `Basic ${Buffer.from(`${jira.email}:${jira.token}`).toString("base64")}`;
  const response = await fetch(jira.url + path, { headers: { authorization } });
  if (!response.ok) throw new Error(`The truth of ${path} cannot be read: ${response.status}`);
  return response.json();
}
