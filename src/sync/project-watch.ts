import type { RawObjectRef } from "../model/raw-object.ts";
import type { RunViewer } from "../store/run-store.ts";
import { isFatal } from "./is-fatal.ts";
import { isSiteKind, judgeUnseen, listProjectsOf, type Verdict } from "./judge-unseen.ts";
import type { Outlook } from "./outlook.ts";

/** What the account sees during a run, compared with what it saw before. */
export class ProjectWatch {
  readonly viewer: RunViewer;
  readonly #outlook: Outlook;
  /** Set if the projects could not be listed: then nothing that belongs to one can be called gone. */
  readonly #failure: unknown;

  private constructor(outlook: Outlook, viewer: RunViewer, failure: unknown) {
    this.#outlook = outlook;
    this.viewer = viewer;
    this.#failure = failure;
  }

  /** `decided`: projects of which a person has said what is to become of what they held. */
  static async open(
    outlook: Outlook,
    before: { readonly viewer: RunViewer | undefined; readonly decided: readonly string[] },
    signal: AbortSignal,
  ): Promise<ProjectWatch> {
    const { accountId } = outlook;
    const previous = before.viewer ?? { accountId, projects: [], hidden: [] };
    const remembered = previous.hidden.filter((key) => !before.decided.includes(key));
    try {
      const visible = await outlook.listProjects(signal);
      const missing = [...previous.projects, ...remembered].filter((key) => !visible.has(key));
      const removed = missing.length > 0 ? await outlook.findRemoved(missing, signal) : new Set();
      const hidden = missing.filter((key) => !removed.has(key));
      const viewer = { accountId, projects: [...visible].toSorted(), hidden: hidden.toSorted() };
      return new ProjectWatch(outlook, viewer, undefined);
    } catch (error) {
      if (signal.aborted || isFatal(error)) throw error;
      return new ProjectWatch(outlook, { ...previous, accountId, hidden: remembered }, error);
    }
  }

  /** Asked after a complete read: the projects are listed again, for a permission may have been lost during it. */
  async judge(
    unseen: readonly RawObjectRef[],
    resource: { readonly kind: string; readonly listed: number; readonly known: number },
    signal: AbortSignal,
  ): Promise<Verdict> {
    const knownProjects = new Set([...this.viewer.projects, ...this.viewer.hidden]);
    const none = new Set<string>();
    if (unseen.length === 0 || isSiteKind(resource.kind)) {
      return judgeUnseen(unseen, { ...resource, visible: none, removed: none, knownProjects });
    }
    if (this.#failure !== undefined) throw this.#failure;
    const now = await this.#outlook.listProjects(signal);
    const visible = now.intersection(new Set(this.viewer.projects));
    const missing = [...knownProjects.union(new Set(listProjectsOf(resource.kind, unseen)))].filter(
      (key) => !visible.has(key),
    );
    const removed = missing.length > 0 ? await this.#outlook.findRemoved(missing, signal) : none;
    return judgeUnseen(unseen, { ...resource, visible, removed, knownProjects });
  }
}
