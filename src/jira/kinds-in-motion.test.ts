import { afterEach, expect, test } from "vitest";
import { isJsonObject } from "../model/json.ts";
import type { RawObject } from "../model/raw-object.ts";
import { disturbSite } from "./disturb-site.fixture.ts";
import { CLOUD_TRUTHS, SERVER_TRUTHS, type KindTruth } from "./kind-truth.fixture.ts";
import { readAll, startSession, type SimulatedSession } from "./simulated-session.fixture.ts";
import { SiteWatch } from "./site-watch.fixture.ts";

let running: SimulatedSession | undefined;
afterEach(() => running?.close());

/** Reads a kind while every tenth request goes wrong, pages are short and things change before each request. */
async function readInMotion(
  truth: KindTruth,
  seed: number,
): Promise<{ readonly objects: readonly RawObject[]; readonly watch: SiteWatch }> {
  let watch: SiteWatch | undefined;
  running = await startSession({
    ...truth.sizes,
    seed,
    hasShortPages: true,
    // Jira may refuse a query that names an issue which is gone.
    refusesUnknownIssues: seed % 2 === 0,
    spoiltShare: 0.1,
    onRequest: (step, { site }) => {
      if (watch === undefined) return;
      disturbSite(site, step);
      watch.look();
    },
  });
  watch = new SiteWatch(truth, running.simulator.site);
  return { objects: await readAll(truth.kind, running.session, truth.selector), watch };
}

const cases = [...CLOUD_TRUTHS, ...SERVER_TRUTHS].flatMap((truth) => {
  const name = `${truth.kind.name}${truth.sizes.deployment === "server" ? " of a Data Center" : ""}`;
  return [1, 2, 3].map((seed) => ({ name, seed, truth }));
});

test.each(cases)(
  "$name, seed $seed: with faults, short pages and changes under way, it yields what the site has",
  async ({ truth, seed }) => {
    const { objects, watch } = await readInMotion(truth, seed);
    expect(watch.complain(objects)).toEqual([]);
    expect(watch.lasting).toBeGreaterThan(0);
    expect(watch.changes).toBeGreaterThan(0);
  },
);

test("the faults of these tests do happen, each sort of them", async () => {
  running = await startSession({ issues: 4000, seed: 1, spoiltShare: 0.4 });
  const [truth] = CLOUD_TRUTHS.filter(({ kind }) => kind.name === "issue");
  await readAll(truth?.kind ?? expect.unreachable(), running.session, truth?.selector);
  expect(new Set(running.proxy?.faults).size).toBe(8);
  expect(Object.values(running.session.client.counts()).some(({ retries }) => retries > 0)).toBe(true);
});

test("what is lost, comes twice, was invented or never looked so is complained of", async () => {
  const truth = CLOUD_TRUTHS.find(({ kind }) => kind.name === "user") ?? expect.unreachable();
  running = await startSession({ issues: 1, users: 9 });
  const watch = new SiteWatch(truth, running.simulator.site);
  const objects = await readAll(truth.kind, running.session);
  const [first, second, ...others] = objects;
  if (first === undefined || second === undefined) expect.unreachable();
  const stale = { id: first.id, body: () => ({ ...first.body(), displayName: "Somebody Else" }) };
  expect(watch.complain(objects)).toEqual([]);
  expect(watch.complain([second, ...others])).toEqual([`${first.id} is missing`]);
  expect(watch.complain([...objects, first])).toEqual([`${first.id} came twice`]);
  expect(watch.complain([...objects, { ...first, id: "planted" }])).toEqual(["planted is invented"]);
  expect(watch.complain([stale, second, ...others])).toMatchObject([/never was .*Somebody Else/]);
});

test("a reader that turns pages without looking back is caught", async () => {
  const truth = CLOUD_TRUTHS.find(({ kind }) => kind.name === "user") ?? expect.unreachable();
  let watch: SiteWatch | undefined;
  running = await startSession({
    issues: 1,
    users: 40,
    onRequest: (_, { site }) => {
      site.peopleEdits.remove(site.listUsers()[1]?.accountId ?? "");
      watch?.look();
    },
  });
  const { client } = running.session;
  watch = new SiteWatch(truth, running.simulator.site);
  const found: { id: string; body: RawObject["body"] }[] = [];
  for (let startAt = 0; ; startAt += 10) {
    const page = await client.getJson("/rest/api/3/users/search", { query: { startAt, maxResults: 10 } });
    if (!Array.isArray(page) || page.length === 0) break;
    for (const user of page) if (isJsonObject(user)) found.push({ id: user["accountId"] as string, body: () => user }); // Jira's ids are texts
  }
  expect(watch.complain(found).filter((complaint) => complaint.endsWith("is missing"))).toHaveLength(3);
});
