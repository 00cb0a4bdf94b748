import type { EntityInput } from "../../src/model/entity.ts";

/** Who and what issues point at. There are as many of them whatever the number of issues. */
const PEOPLE = 500;
const PROJECTS = 20;
/** An issue of so many has the others as its children. */
const FAMILY = 50;
const COMPONENTS = 200;
export const STATUSES = ["Open", "Ready", "In progress", "In review", "Blocked", "Done"] as const;
const PRIORITIES = ["Lowest", "Low", "Medium", "High", "Highest"] as const;
const TYPES = ["Bug", "Story", "Task", "Epic"] as const;

const text = { type: "string" };
const time = { type: "string", format: "date-time" };
export const BLUEPRINTS = [
  { identifier: "person", title: "Person", schema: { properties: { email: text } } },
  { identifier: "project", title: "Project", schema: { properties: { url: text } } },
  {
    identifier: "issue",
    title: "Issue",
    schema: {
      properties: {
        status: text,
        priority: text,
        issueType: text,
        component: text,
        points: { type: "number" },
        labels: { type: "array", items: text },
        description: text,
        url: text,
        created: time,
        updated: time,
      },
    },
    relations: {
      project: { target: "project" },
      assignee: { target: "person" },
      reporter: { target: "person" },
      parent: { target: "issue" },
    },
  },
] as const;

export function* listPeopleAndProjects(): Generator<EntityInput> {
  for (let n = 0; n < PEOPLE; n++) {
    yield { blueprint: "person", identifier: toPerson(n), title: `Person ${n}`, properties: { email: `p${n}@x.test` } };
  }
  for (let n = 0; n < PROJECTS; n++) {
    yield { blueprint: "project", identifier: toProject(n), title: `Project ${n}`, properties: { url: `u/${n}` } };
  }
}

export const toPerson = (n: number): string => `p${n % PEOPLE}`;
export const toProject = (n: number): string => `PRJ${n % PROJECTS}`;
export const toComponent = (n: number): string => `component-${n % COMPONENTS}`;
export const toIdentifier = (n: number): string => `ISSUE-${n}`;

const START_MS = Date.parse("2024-01-01T00:00:00.000Z");
const MINUTE_MS = 60_000;

/** Issue `n`, the same in every run; about 1 KB of JSON. */
export function toIssue(n: number): EntityInput {
  const pick = <Item>(items: readonly Item[], salt: number): Item => items[scatter(n, salt) % items.length] as Item; // the lists are not empty
  const createdMs = START_MS + (scatter(n, 6) % 500_000) * MINUTE_MS;
  return {
    blueprint: "issue",
    identifier: toIdentifier(n),
    title: toTitle(n),
    properties: {
      status: pick(STATUSES, 1),
      priority: pick(PRIORITIES, 2),
      issueType: pick(TYPES, 3),
      component: toComponent(scatter(n, 4)),
      points: scatter(n, 5) % 13,
      labels: [`label-${scatter(n, 7) % 50}`, `team-${scatter(n, 8) % 30}`],
      description: toWords(n, 60, 100),
      url: `https://jira.example.com/browse/${toIdentifier(n)}`,
      created: new Date(createdMs).toISOString(),
      updated: new Date(createdMs + (scatter(n, 9) % 100_000) * MINUTE_MS).toISOString(),
    },
    relations: {
      project: toProject(scatter(n, 10)),
      assignee: toPerson(scatter(n, 11)),
      reporter: toPerson(scatter(n, 12)),
      parent: n % FAMILY === 0 ? null : toIdentifier(n - (n % FAMILY)),
    },
  };
}

export function toTitle(n: number): string {
  return toWords(n, 7, 50);
}

function toWords(n: number, count: number, salt: number): string {
  return Array.from({ length: count }, (_, index) => WORDS[scatter(n, salt + index) % WORDS.length]).join(" ");
}

/** 2000 words that look like words. */
const SYLLABLES = "ka re mi to lun sar pel vo dri nes bau fi gol tem ux har".split(" ");
const WORDS = Array.from({ length: 2000 }, (_, n) =>
  [n, n >> 4, n >> 8].map((part, place) => SYLLABLES[(part + place * 5) % SYLLABLES.length]).join(""),
);

/** A number that looks like chance, and is the same each time. */
function scatter(n: number, salt: number): number {
  let hash = Math.imul(n + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return (hash ^ (hash >>> 15)) >>> 0;
}
