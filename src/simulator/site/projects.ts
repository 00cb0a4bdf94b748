import { must } from "../../runtime/errors.ts";
import { createRandom, toUuid } from "../random.ts";
import { componentNames, projectNames } from "./vocabulary.ts";
import type { Workflow, Workflows } from "./workflow.ts";

export interface SiteProject {
  readonly index: number;
  readonly id: string;
  readonly key: string;
  name: string;
  description: string;
  readonly style: "classic" | "next-gen";
  readonly isPrivate: boolean;
  leadIndex: number;
  readonly uuid: string;
  readonly avatarId: number;
  readonly workflow: Workflow;
  state: "live" | "archived" | "deleted";
  /** Whether the caller may browse it; without that it is as if it were not there. */
  isBrowsable: boolean;
  readonly components: SiteComponent[];
  readonly versions: SiteVersion[];
}

export interface SiteComponent {
  readonly id: string;
  name: string;
  description: string;
  readonly projectIndex: number;
  leadIndex: number | undefined;
}

export interface SiteVersion {
  readonly id: string;
  name: string;
  description: string;
  readonly projectIndex: number;
  isReleased: boolean;
  isArchived: boolean;
  /** `yyyy-MM-dd`. */
  startDate: string | undefined;
  releaseDate: string | undefined;
}

export interface ProjectSizes {
  readonly seed: number;
  readonly projects: number;
  readonly users: number;
  readonly versionsPerProject: number;
  readonly originMs: number;
}

const dayMs = 86_400_000;
const componentsPerProject = 4;

/** Company-managed and team-managed projects in turn. */
export function generateProjects(sizes: ProjectSizes, workflows: Workflows): SiteProject[] {
  return Array.from({ length: sizes.projects }, (_, index) => {
    const [key, name] = toProjectName(index);
    const isTeamManaged = index % 2 === 1;
    return {
      ...createProject({ seed: sizes.seed, index, key, name, isTeamManaged, isTranslated: index % 4 === 3 }, workflows),
      leadIndex: createRandom(sizes.seed)(index, 301) % sizes.users,
      isPrivate: index % 7 === 3,
      components: generateComponents(sizes, index),
      versions: generateVersions(sizes, index),
    };
  });
}

export function createProject(
  identity: { seed: number; index: number; key: string; name: string; isTeamManaged: boolean; isTranslated: boolean },
  workflows: Workflows,
): SiteProject {
  const { seed, index, key, name, isTeamManaged } = identity;
  return {
    index,
    id: String(10000 + index),
    key,
    name,
    description: `Everything about ${name}.`,
    style: isTeamManaged ? "next-gen" : "classic",
    isPrivate: false,
    leadIndex: 0,
    uuid: toUuid(createRandom(seed), index, 302),
    avatarId: 10400 + (index % 20),
    workflow: isTeamManaged ? workflows.addTeamManaged(index, identity.isTranslated) : workflows.shared,
    state: "live",
    isBrowsable: true,
    components: [],
    versions: [],
  };
}

function toProjectName(index: number): readonly [key: string, name: string] {
  const [key, name] = must(projectNames[index % projectNames.length], "the list of names is not empty");
  const round = Math.floor(index / projectNames.length);
  return round === 0 ? [key, name] : [`${key}${round + 1}`, `${name} ${round + 1}`];
}

function generateComponents(sizes: ProjectSizes, projectIndex: number): SiteComponent[] {
  const random = createRandom(sizes.seed);
  return Array.from({ length: componentsPerProject }, (_, place) => {
    const serial = projectIndex * componentsPerProject + place;
    return {
      id: String(10000 + serial),
      name: componentNames[(place + projectIndex) % componentNames.length] ?? "API",
      description: place % 2 === 0 ? "" : "Who calls us, and what we promise them.",
      projectIndex,
      leadIndex: place % 2 === 0 ? random(serial, 303) % sizes.users : undefined,
    };
  });
}

/** Releases every four weeks: the older ones are out, the last two are not. */
function generateVersions(sizes: ProjectSizes, projectIndex: number): SiteVersion[] {
  const count = sizes.versionsPerProject;
  return Array.from({ length: count }, (_, place) => {
    const releaseMs = sizes.originMs + (place - count + 2) * 28 * dayMs;
    const isReleased = place < count - 2;
    return {
      id: String(10000 + projectIndex * count + place),
      name: `${1 + Math.floor(place / 10)}.${place % 10}.0`,
      description: place % 3 === 0 ? "" : "Plan für die nächste Auslieferung",
      projectIndex,
      isReleased,
      isArchived: isReleased && place < count - 8,
      startDate: place % 2 === 0 ? undefined : toDay(releaseMs - 28 * dayMs),
      releaseDate: place === count - 1 ? undefined : toDay(releaseMs),
    };
  });
}

export function toDay(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}
