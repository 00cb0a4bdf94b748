import { must, NotFoundError } from "../../runtime/errors.ts";
import type { SimulatorOptions } from "../options.ts";
import { Boards } from "./boards.ts";
import { toHistoryItem } from "./compare-issues.ts";
import { Drift } from "./drift.ts";
import { FieldEdits } from "./field-edits.ts";
import { History } from "./history.ts";
import { toPlainIssue, type Issue } from "./issue.ts";
import { IssueGenerator } from "./issue-generator.ts";
import { IssueLinks } from "./issue-links.ts";
import { IssueTable, type IssueChanges } from "./issue-table.ts";
import { Numbering } from "./numbering.ts";
import { generatePeople, type SiteUser } from "./people.ts";
import { PeopleEdits } from "./people-edits.ts";
import { PlanEdits } from "./plan-edits.ts";
import { ProjectEdits } from "./project-edits.ts";
import { generateProjects, type SiteComponent, type SiteProject, type SiteVersion } from "./projects.ts";
import { generateProse, type ProseBlock } from "./prose.ts";
import { RemarkEdits } from "./remark-edits.ts";
import { generateComments, generateWorklogs, Remarks, type SiteComment, type SiteWorklog } from "./remarks.ts";
import type { SiteEvent } from "./site-event.ts";
import type { SiteTables } from "./site-tables.ts";
import { generateTeams, type SiteTeam } from "./teams.ts";
import { Workflows } from "./workflow.ts";

/**
 * The truth behind the simulator: everything there is on the Jira site, and the verbs that change it. Whoever calls a
 * verb acts as the user `actorIndex`, the caller by default. Listeners hear of every change, as webhooks would.
 */
export class Site implements SiteTables {
  readonly options: SimulatorOptions;
  readonly people: SiteUser[];
  readonly workflows: Workflows;
  readonly projects: SiteProject[];
  readonly boards: Boards;
  readonly issues: IssueTable;
  readonly links: IssueLinks;
  readonly comments: Remarks<SiteComment>;
  readonly worklogs: Remarks<SiteWorklog>;
  readonly history: History;
  readonly prose: readonly ProseBlock[];
  readonly teams: SiteTeam[];
  readonly listeners = new Set<(event: SiteEvent) => void>();
  /** Permissions that the caller lacks; it has all others. */
  readonly deniedPermissions = new Set<string>();
  /** Grows when something is renamed or otherwise looks different without its issues having changed. */
  namesRevision = 0;
  readonly peopleEdits: PeopleEdits;
  readonly projectEdits: ProjectEdits;
  readonly planEdits: PlanEdits;
  readonly remarkEdits: RemarkEdits;
  readonly fieldEdits: FieldEdits;
  readonly #drift: Drift;

  constructor(options: SimulatorOptions) {
    const { seed, users } = options;
    this.options = options;
    this.people = generatePeople(seed, users, options.callerTimeZone);
    this.workflows = new Workflows(seed);
    const sizes = { ...options, users: this.people.length };
    this.projects = generateProjects(sizes, this.workflows);
    this.boards = new Boards(sizes, this.projects);
    this.prose = generateProse(seed);
    this.teams = generateTeams(seed, options.teams, this.people);
    const numbering = new Numbering(options.projects, options.issues);
    const generator = new IssueGenerator({
      ...sizes,
      numbering,
      projects: this.projects,
      versionIds: this.projects.map(({ versions }) => versions.map(({ id }) => id)),
      componentIds: this.projects.map(({ components }) => components.map(({ id }) => id)),
      workflows: this.workflows,
      boards: this.boards,
    });
    this.issues = new IssueTable(generator, this.projects);
    this.links = new IssueLinks(this.issues, numbering.issues);
    const source = { random: generator.random, users: this.people.length };
    this.comments = new Remarks((n) => generateComments(source, generator.at(n)), numbering.issues);
    this.worklogs = new Remarks((n) => generateWorklogs(source, generator.at(n)), numbering.issues);
    this.history = new History(this, generator);
    this.peopleEdits = new PeopleEdits(this);
    this.projectEdits = new ProjectEdits(this);
    this.planEdits = new PlanEdits(this);
    this.remarkEdits = new RemarkEdits(this);
    this.fieldEdits = new FieldEdits(this);
    this.#drift = new Drift(this);
  }

  /** The one whose credentials the simulator hands out. */
  get callerUser(): SiteUser {
    return must(this.people[0], "a site has at least one user");
  }

  now(): number {
    return this.options.clock.now();
  }

  /** Whether the caller can see the project, and with it its issues. */
  isVisible(project: SiteProject | undefined): boolean {
    return project !== undefined && project.state !== "deleted" && project.isBrowsable;
  }

  /** Keys of all issues that exist in visible, live projects, in the order of their ids. */
  *issueKeys(): Generator<string> {
    for (const issue of this.liveIssues()) yield this.issues.keyOf(issue);
  }

  *liveIssues(): Generator<Issue> {
    for (let n = 0; n < this.issues.end; n++) {
      const issue = this.issues.find(n);
      const project = issue && this.projects[issue.projectIndex];
      if (issue && project?.state === "live" && project.isBrowsable) yield issue;
    }
  }

  countIssues(): number {
    let count = 0;
    for (const _ of this.liveIssues()) count++;
    return count;
  }

  findIssue(idOrKey: string): Issue | undefined {
    return this.issues.findByIdOrKey(idOrKey);
  }

  getIssue(idOrKey: string): Issue {
    const issue = this.findIssue(idOrKey);
    if (issue === undefined) throw new NotFoundError(`The simulated site has no issue "${idOrKey}"`);
    return issue;
  }

  findProject(idOrKey: string): SiteProject | undefined {
    return this.projects.find((project) => project.key === idOrKey.toUpperCase() || project.id === idOrKey);
  }

  getProject(idOrKey: string): SiteProject {
    const project = this.findProject(idOrKey);
    if (project === undefined) throw new NotFoundError(`The simulated site has no project "${idOrKey}"`);
    return project;
  }

  /** People who are not removed. */
  listUsers(): SiteUser[] {
    return this.people.filter((user) => !user.isRemoved);
  }

  findUser(accountId: string): SiteUser | undefined {
    return this.listUsers().find((user) => user.accountId === accountId);
  }

  getUser(accountId: string): SiteUser {
    const user = this.findUser(accountId);
    if (user === undefined) throw new NotFoundError(`The simulated site has no user "${accountId}"`);
    return user;
  }

  projectKeys(): string[] {
    return this.projects.filter((project) => project.state === "live" && project.isBrowsable).map(({ key }) => key);
  }

  /** Of the two groups there are: everybody with a seat, and the administrators. */
  membersOf(group: string): SiteUser[] {
    const members = this.listUsers().filter((user) => user.accountType === "atlassian");
    return group === "jira-administrators" ? members.slice(0, 2) : group === "jira-software-users" ? members : [];
  }

  /** Keys of the issues linked with this one. */
  linkedKeys(idOrKey: string): string[] {
    const issue = this.findIssue(idOrKey);
    if (issue === undefined) return [];
    return this.links.list(issue.n).flatMap((link) => {
      const other = this.issues.find(link.source === issue.n ? link.destination : link.source);
      return other === undefined ? [] : [this.issues.keyOf(other)];
    });
  }

  findVersion(id: string): SiteVersion | undefined {
    return this.projects.flatMap((project) => project.versions).find((version) => version.id === id);
  }

  findComponent(id: string): SiteComponent | undefined {
    return this.projects.flatMap((project) => project.components).find((component) => component.id === id);
  }

  /** Changes an issue and moves its `updated`. Giving a status sets resolution and dates as a workflow would. */
  editIssue(idOrKey: string, changes: IssueChanges, actorIndex = 0): Issue {
    const before = this.getIssue(idOrKey);
    const nowMs = this.now();
    const after = this.issues.change(
      before,
      { ...this.#withStatus(before, changes), updatedMs: nowMs, ...changes },
      this.indexedAt(),
    );
    const history = this.history.record(before, after, actorIndex);
    this.emit({ type: "jira:issue_updated", actorIndex, issue: after, history });
    return after;
  }

  /** To the first status of the issue's project with this name or id. */
  transitionIssue(idOrKey: string, status: string, actorIndex = 0): Issue {
    const issue = this.getIssue(idOrKey);
    const statusIndex = this.projects[issue.projectIndex]?.workflow.statuses.find((index) => {
      const candidate = this.workflows.statuses[index];
      return candidate?.id === status || candidate?.name === status;
    });
    if (statusIndex === undefined) throw new NotFoundError(`"${idOrKey}" has no way to the status "${status}"`);
    return this.editIssue(idOrKey, { statusIndex }, actorIndex);
  }

  createIssue(fields: { project: string; summary: string } & IssueChanges, actorIndex = 0): Issue {
    const { project: projectKey, ...changes } = fields;
    const project = this.getProject(projectKey);
    const nowMs = this.now();
    const statusIndex = project.workflow.statuses[0] ?? 0;
    const blank: Omit<Issue, "n" | "number"> = {
      projectIndex: project.index,
      typeIndex: project.workflow.types[2] ?? 0,
      statusIndex,
      priorityIndex: 2,
      resolutionIndex: undefined,
      assigneeIndex: undefined,
      reporterIndex: actorIndex,
      creatorIndex: actorIndex,
      createdMs: nowMs,
      updatedMs: nowMs,
      statusChangedMs: nowMs,
      resolvedMs: undefined,
      dueDate: undefined,
      parent: undefined,
      summary: fields.summary,
      description: undefined,
      labels: [],
      componentIds: [],
      fixVersionIds: [],
      sprintIds: [],
      storyPoints: undefined,
      watchCount: 1,
      voteCount: 0,
    };
    const issue = this.issues.create({ ...blank, ...changes, projectIndex: project.index }, this.indexedAt());
    const history = this.history.describe(issue.n, actorIndex, toHistoryItem("status", undefined, issue, this));
    this.emit({ type: "jira:issue_created", actorIndex, issue, history });
    return issue;
  }

  /** With its subtasks, as Jira does it when asked to. */
  deleteIssue(idOrKey: string, actorIndex = 0): void {
    const issue = this.getIssue(idOrKey);
    for (const child of this.subtasksOf(issue)) this.#delete(child, actorIndex, true);
    this.#delete(issue, actorIndex, false);
  }

  subtasksOf(issue: Issue): Issue[] {
    return this.issues
      .childrenOf(issue.n)
      .filter((child) => this.workflows.types[child.typeIndex]?.hierarchyLevel === -1);
  }

  /** The new key; the old one goes on finding the issue. Its subtasks go with it, its epic does not. */
  moveIssue(idOrKey: string, projectKey: string, actorIndex = 0): string {
    const issue = this.getIssue(idOrKey);
    const target = this.getProject(projectKey);
    for (const child of this.subtasksOf(issue)) this.#move(child, target, issue.n, actorIndex);
    return this.issues.keyOf(this.#move(issue, target, undefined, actorIndex));
  }

  /** Issues that show the user look different from now on, yet their `updated` does not move. */
  renameUser(accountId: string, displayName: string): void {
    this.peopleEdits.rename(accountId, displayName);
  }

  /** There is no webhook for this. */
  renameStatus(id: string, name: string): void {
    const status = this.workflows.statuses.find((candidate) => candidate.id === id);
    if (status === undefined) throw new NotFoundError(`The simulated site has no status "${id}"`);
    status.name = name;
    this.namesRevision++;
  }

  /** `count` edits as people make them; their keys. */
  drift(count: number): string[] {
    return Array.from({ length: count }, () => this.#drift.step()).filter((key) => key !== undefined);
  }

  emit(event: SiteEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  /** When search will know of a change made now; 0 for at once. */
  indexedAt(): number {
    return this.options.indexLagMs === 0 ? 0 : this.now() + this.options.indexLagMs;
  }

  /** Type and status become those of the target project that come nearest. */
  #move(before: Issue, target: SiteProject, parent: number | undefined, actorIndex: number): Issue {
    const { statuses, types } = this.workflows;
    const level = types[before.typeIndex]?.hierarchyLevel;
    const name = types[before.typeIndex]?.untranslatedName;
    const ofLevel = target.workflow.types.filter((index) => types[index]?.hierarchyLevel === level);
    const category = statuses[before.statusIndex]?.category;
    const after = this.issues.move(
      before,
      target.index,
      {
        typeIndex: ofLevel.find((index) => types[index]?.untranslatedName === name) ?? ofLevel[0] ?? before.typeIndex,
        statusIndex:
          target.workflow.statuses.find((index) => statuses[index]?.category === category) ?? before.statusIndex,
        componentIds: [],
        fixVersionIds: [],
        sprintIds: [],
        parent,
        updatedMs: this.now(),
      },
      this.indexedAt(),
    );
    const history = this.history.record(before, after, actorIndex);
    this.emit({ type: "jira:issue_updated", actorIndex, issue: after, history, isFallout: parent !== undefined });
    return after;
  }

  #delete(issue: Issue, actorIndex: number, isFallout: boolean): void {
    this.issues.delete(issue, this.indexedAt());
    this.emit({ type: "jira:issue_deleted", actorIndex, issue: toPlainIssue(issue), isFallout });
  }

  #withStatus(before: Issue, changes: IssueChanges): IssueChanges {
    if (changes.statusIndex === undefined || changes.statusIndex === before.statusIndex) return {};
    const nowMs = this.now();
    const isDone = this.workflows.statuses[changes.statusIndex]?.category === "done";
    return {
      statusChangedMs: nowMs,
      resolvedMs: isDone ? (before.resolvedMs ?? nowMs) : undefined,
      resolutionIndex: isDone ? (before.resolutionIndex ?? 0) : undefined,
    };
  }
}
