import type { RawObjectRef } from "../model/raw-object.ts";
import type { RemovalPlan } from "../store/plan-store.ts";

/** How the objects of a kind hang on projects. What is not here belongs to some project, and its reference does not say to which. */
const PROJECT_OF: Readonly<Record<string, (ref: RawObjectRef) => string | undefined>> = {
  project: ({ key }) => key,
  issue: ({ key }) => toProjectKey(key),
  backlog: ({ key }) => toProjectKey(key),
};
/** These belong to the site. */
const SITE_KINDS: ReadonlySet<string> = new Set(["user", "team"]);

/** Up to this many objects an empty listing is believed, if the projects can be seen. */
const MAX_BELIEVED_LOSS = 20;

/** What is known when a resource was read to its end. */
export interface Evidence {
  readonly kind: string;
  /** Objects that Jira listed, and that the ledger knew. */
  readonly listed: number;
  readonly known: number;
  /** Projects that could be seen before and after the read. */
  readonly visible: ReadonlySet<string>;
  /** Projects that Jira says are archived or deleted. */
  readonly removed: ReadonlySet<string>;
  /** Projects that an earlier run saw. */
  readonly knownProjects: ReadonlySet<string>;
}

export interface Verdict {
  readonly gone: readonly RawObjectRef[];
  /** Missing for a reason that may be a lost permission. */
  readonly doubtful: readonly RawObjectRef[];
  readonly reason: Exclude<RemovalPlan["reason"], "too_many">;
  /** The projects that the doubt is about. */
  readonly projects: readonly string[];
}

/**
 * An object that a complete read did not list is gone only if its project can be seen, or is known to be removed. Jira
 * shows an account that lost a permission the same nothing as for something deleted.
 */
export function judgeUnseen(unseen: readonly RawObjectRef[], evidence: Evidence): Verdict {
  const { kind, listed, known, visible, removed, knownProjects } = evidence;
  if (listed === 0 && known > (isSiteKind(kind) ? 0 : MAX_BELIEVED_LOSS)) {
    return { gone: [], doubtful: unseen, reason: "nothing_listed", projects: [] };
  }
  const hidden = [...knownProjects].filter((key) => !visible.has(key) && !removed.has(key));
  const projects = new Set<string>();
  const isDoubtful = (ref: RawObjectRef): boolean => {
    if (isSiteKind(kind)) return false;
    const project = findProject(kind, ref);
    if (project !== undefined && (visible.has(project) || removed.has(project))) return false;
    const reasons = project === undefined ? hidden : [project];
    for (const reason of reasons) projects.add(reason);
    return reasons.length > 0;
  };
  const doubtful = unseen.filter(isDoubtful);
  const isDoubted = new Set(doubtful);
  return {
    gone: unseen.filter((ref) => !isDoubted.has(ref)),
    doubtful,
    reason: "projects_hidden",
    projects: [...projects].toSorted(),
  };
}

export function isSiteKind(kind: string): boolean {
  return SITE_KINDS.has(kind);
}

/** The projects whose state decides over these objects. */
export function listProjectsOf(kind: string, refs: readonly RawObjectRef[]): readonly string[] {
  return [...new Set(refs.flatMap((ref) => findProject(kind, ref) ?? []))];
}

function findProject(kind: string, ref: RawObjectRef): string | undefined {
  return PROJECT_OF[kind]?.(ref);
}

/** `AB-12` belongs to the project AB. */
function toProjectKey(key: string | undefined): string | undefined {
  return key === undefined ? undefined : /^(.+)-\d+$/.exec(key)?.[1];
}

/** More than 20 % and more than 20 at once are too many to be removed without asking; a threshold of the mapping counts instead. */
export function isTooMany(removed: number, known: number, threshold: number | undefined): boolean {
  const share = removed / Math.max(known, 1);
  return threshold === undefined ? removed > 20 && share > 0.2 : share > threshold;
}
