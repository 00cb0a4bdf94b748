import { json } from "../server/answer.ts";
import type { Route } from "../server/router.ts";

const accessLifeMs = 3_600_000;

/** What Atlassian's authorization server answers, here under the site's own address. */
export const oauthRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/oauth/token",
    access: "public",
    only: "cloud",
    handle: (request, { credentials }) => {
      const {
        grant_type: grantType,
        refresh_token: refreshToken,
        client_id: id,
        client_secret: secret,
      } = request.body();
      const refuse = (status: number, error: string, description: string): ReturnType<typeof json> =>
        json({ error, error_description: description }, status);
      if (!["refresh_token", "client_credentials"].includes(String(grantType))) {
        const known = "grant_type must be one of [authorization_code|refresh_token|client_credentials]";
        return refuse(400, "invalid_request", known);
      }
      if (id !== credentials.clientId || secret !== credentials.clientSecret) {
        return refuse(401, "access_denied", "Unauthorized");
      }
      const token = { expires_in: accessLifeMs / 1000, token_type: "Bearer" };
      if (grantType === "client_credentials") {
        return json({ access_token: credentials.grantOAuthToken({ ttlMs: accessLifeMs }), ...token });
      }
      const pair = credentials.refresh(typeof refreshToken === "string" ? refreshToken : "", accessLifeMs);
      if (pair === undefined) return refuse(403, "invalid_grant", "Unknown or invalid refresh token.");
      return json({ access_token: pair.accessToken, refresh_token: pair.refreshToken, ...token });
    },
  },
  {
    method: "GET",
    path: "/oauth/token/accessible-resources",
    only: "cloud",
    auth: "gateway",
    handle: ({ caller }, { credentials, url }) =>
      json([
        {
          id: credentials.cloudId,
          url,
          name: "simulated",
          scopes: [...(caller.scopes ?? ["read:jira-work", "read:jira-user"])],
          avatarUrl: `${url}/site-admin-avatars/flag.png`,
        },
      ]),
  },
];
