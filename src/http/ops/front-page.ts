import { html } from "hono/html";
import type { HttpApp, HttpServices } from "../services.ts";

/** What a person sees who opens the server's address: what this is, and how to go on. */
export function addFrontPage(app: HttpApp, { version, credentialsFile }: HttpServices): void {
  app.get("/", (c) => {
    const { origin } = new URL(c.req.url);
    return c.html(
      html`<!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <title>Quayside</title>
            <style>
              body {
                font:
                  16px/1.5 system-ui,
                  sans-serif;
                max-width: 46rem;
                margin: 3rem auto;
                padding: 0 1rem;
                color: #1c2733;
              }
              code,
              pre {
                font:
                  14px/1.5 ui-monospace,
                  monospace;
                background: #eef2f6;
                border-radius: 4px;
              }
              code {
                padding: 0.1rem 0.3rem;
              }
              pre {
                padding: 0.8rem;
                overflow-x: auto;
              }
            </style>
          </head>
          <body>
            <h1>Quayside</h1>
            <p>A software catalog kept in step with Jira, behind Port's REST API. Version ${version}.</p>
            <ul>
              <li><a href="/docs">The API, route by route</a> (<a href="/openapi.json">as OpenAPI document</a>)</li>
              <li><a href="/health">Health</a></li>
            </ul>
            <p>Client id and secret are in <code>${credentialsFile}</code> on the server. To read the catalog:</p>
            <pre>
TOKEN=$(curl -s ${origin}/v1/auth/access_token -d @${credentialsFile} | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')
curl -s ${origin}/v1/blueprints -H "Authorization: Bearer $TOKEN"</pre>
          </body>
        </html>`,
    );
  });
}
