import { createRandom, toUuid } from "../random.ts";
import type { SiteUser } from "./people.ts";

export interface SiteTeam {
  readonly teamId: string;
  displayName: string;
  readonly description: string;
  readonly teamType: "OPEN" | "MEMBER_INVITE";
  readonly memberIndexes: readonly number[];
}

/** Teams of a few people each; only people with an account of Atlassian's are in one. */
export function generateTeams(seed: number, count: number, people: readonly SiteUser[]): SiteTeam[] {
  const random = createRandom(seed);
  const members = people.filter((user) => user.accountType === "atlassian");
  return Array.from({ length: count }, (_, index) => {
    const size = 1 + (random(index, 1301) % Math.min(12, members.length));
    const start = random(index, 1302) % members.length;
    return {
      teamId: toUuid(random, index, 1303),
      displayName: `Team ${["Größe", "Harbour", "Lumen", "Orbit"][index % 4]} ${index + 1}`,
      description: index % 3 === 0 ? "" : "Keeps the lights on.",
      teamType: index % 2 === 0 ? "OPEN" : "MEMBER_INVITE",
      memberIndexes: Array.from({ length: size }, (_, place) => members[(start + place) % members.length]?.index ?? 0),
    };
  });
}
