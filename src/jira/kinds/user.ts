import type { Kind } from "../kind.ts";
import { walkOffsets } from "../paging/offset-walk.ts";
import { readSingle } from "../read-single.ts";
import { SelectorReader } from "../selector-reader.ts";
import { toPage } from "../to-page.ts";
import { toRawObject } from "../to-raw-object.ts";

/** Jira's own limit. */
const PAGE_SIZE = 1000;
const ID = "accountId";

/** Accounts of every type: people, apps and customers. */
export const userKind: Kind<object> = {
  name: "user",
  changes: { since: "none", events: ["user_created", "user_updated", "user_deleted"] },

  parseSelector(selector) {
    new SelectorReader("user", selector).finish();
    return {};
  },

  async *read(session, _selector, options) {
    const pages = walkOffsets({
      client: session.client,
      path: "/rest/api/3/users/search",
      request: { signal: options.signal },
      model: "array",
      pageSize: PAGE_SIZE,
      idMember: ID,
      what: "user",
    });
    for await (const { elements } of pages) {
      const objects = elements.map((element) =>
        toRawObject(element, { kind: "user", idMember: ID, site: session.selfRewrite }),
      );
      yield toPage(objects, options);
    }
  },

  async readOne(session, _selector, id, { signal }) {
    // As in the list; by itself an account also has its groups.
    const request = { query: { accountId: id }, signal, idMember: ID, items: "values" };
    const element = await readSingle(session, "/rest/api/3/user/bulk", request);
    return element && toRawObject(element, { kind: "user", idMember: ID, site: session.selfRewrite });
  },
};
