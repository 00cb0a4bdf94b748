import type { SimulatorOptions } from "../options.ts";
import type { Boards } from "./boards.ts";
import type { IssueTable } from "./issue-table.ts";
import type { SiteUser } from "./people.ts";
import type { SiteProject } from "./projects.ts";
import type { ProseBlock } from "./prose.ts";
import type { Workflows } from "./workflow.ts";

/** What the parts of the site look up in one another. */
export interface SiteTables {
  readonly options: SimulatorOptions;
  readonly people: SiteUser[];
  readonly projects: SiteProject[];
  readonly workflows: Workflows;
  readonly boards: Boards;
  readonly issues: IssueTable;
  readonly prose: readonly ProseBlock[];
  now(): number;
}
