import type { Site } from "../site/site.ts";
import { listFields } from "./field-bodies.ts";
import type { IssueField } from "./issue-field.ts";
import { JiraDates } from "./jira-date.ts";

/**
 * How the site looks under one base URL and version of the API: version 3 carries documents, version 2 wiki markup;
 * behind the gateway `self` links name the gateway; Data Center knows people by name and key.
 */
export class Wire {
  readonly site: Site;
  readonly baseUrl: string;
  readonly version: 2 | 3;
  readonly isServer: boolean;
  readonly #dates: JiraDates;
  #fields: readonly IssueField[] = [];
  #fieldsRevision = -1;

  constructor(site: Site, baseUrl: string, version: 2 | 3, isServer: boolean) {
    this.site = site;
    this.baseUrl = baseUrl;
    this.version = version;
    this.isServer = isServer;
    this.#dates = new JiraDates(site.options.timeZone);
  }

  /** The same list until something is renamed. */
  get fields(): readonly IssueField[] {
    if (this.#fieldsRevision !== this.site.namesRevision) {
      this.#fieldsRevision = this.site.namesRevision;
      this.#fields = listFields(this.site);
    }
    return this.#fields;
  }

  /** A URL of the platform API. */
  api(path: string): string {
    return `${this.baseUrl}/rest/api/${this.version}${path}`;
  }

  agile(path: string): string {
    return `${this.baseUrl}/rest/agile/1.0${path}`;
  }

  /** In the site's zone, without a colon in the offset. */
  date(epochMs: number): string {
    return this.#dates.write(epochMs);
  }
}
