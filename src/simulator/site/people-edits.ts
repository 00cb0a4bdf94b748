import { generateUser, type SiteUser } from "./people.ts";
import type { Site } from "./site.ts";

/** People come, change and go. None of it moves the `updated` of an issue. */
export class PeopleEdits {
  readonly #site: Site;

  constructor(site: Site) {
    this.#site = site;
  }

  add(displayName: string): SiteUser {
    const { people, options } = this.#site;
    const user = { ...generateUser(options.seed, people.length, options.callerTimeZone), displayName, isActive: true };
    people.push(user);
    this.#site.emit({ type: "user_created", actorIndex: 0, user });
    return user;
  }

  deactivate(accountId: string): void {
    this.#site.getUser(accountId).isActive = false;
    this.#tell(accountId);
  }

  /** Issues go on naming them; no list does. */
  remove(accountId: string): void {
    const user = this.#site.getUser(accountId);
    user.isActive = false;
    user.isRemoved = true;
    this.#site.namesRevision++;
    this.#site.emit({ type: "user_deleted", actorIndex: 0, user });
  }

  rename(accountId: string, displayName: string): void {
    this.#site.getUser(accountId).displayName = displayName;
    this.#tell(accountId);
  }

  #tell(accountId: string): void {
    this.#site.namesRevision++;
    this.#site.emit({ type: "user_updated", actorIndex: 0, user: this.#site.getUser(accountId) });
  }
}
