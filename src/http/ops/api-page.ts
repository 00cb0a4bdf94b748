import { readFile } from "node:fs/promises";
import { html } from "hono/html";
import { NotFoundError } from "../../runtime/errors.ts";
import type { HttpApp, HttpServices } from "../services.ts";

/** Of the page that comes with swagger-ui-dist, the files this product serves itself: no other host is asked. */
const ASSETS: Readonly<Record<string, string>> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  "favicon-32x32.png": "image/png",
};

const START_SCRIPT = `window.ui = SwaggerUIBundle({ url: "/openapi.json", dom_id: "#api", deepLinking: true, persistAuthorization: true });`;

/** The page styles its elements inline and draws icons from data URLs; everything else comes from this server. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";

/** `/openapi.json`, and at `/docs` a page to read it and to try requests. */
export function addApiPage(app: HttpApp, { version }: HttpServices): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "token", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "The accessToken of POST /v1/auth/access_token",
  });
  let document: ReturnType<HttpApp["getOpenAPI31Document"]> | undefined;
  app.get("/openapi.json", (c) => {
    document ??= app.getOpenAPI31Document({
      openapi: "3.1.0",
      info: {
        title: "Quayside",
        version,
        description: "The catalog's API: Port's routes, served from your own machine",
      },
      servers: [{ url: "/" }],
      security: [{ token: [] }],
    });
    return c.json(document);
  });
  app.get("/docs", (c) => {
    c.header("Content-Security-Policy", CONTENT_SECURITY_POLICY);
    return c.html(
      html`<!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8" />
            <title>Quayside API</title>
            <link rel="icon" href="/docs/favicon-32x32.png" />
            <link rel="stylesheet" href="/docs/swagger-ui.css" />
          </head>
          <body>
            <div id="api"></div>
            <script src="/docs/swagger-ui-bundle.js"></script>
            <script src="/docs/start.js"></script>
          </body>
        </html>`,
    );
  });
  app.get("/docs/start.js", (c) => c.body(START_SCRIPT, 200, { "Content-Type": "text/javascript; charset=utf-8" }));
  app.get("/docs/:asset", async (c) => {
    const asset = c.req.param("asset");
    const type = Object.hasOwn(ASSETS, asset) ? ASSETS[asset] : undefined;
    if (type === undefined) throw new NotFoundError(`The file "${asset}" was not found`);
    const file = new URL(asset, import.meta.resolve("swagger-ui-dist/package.json"));
    return c.body(await readFile(file), 200, { "Content-Type": type, "Cache-Control": "max-age=86400" });
  });
}
