import type { HttpApp, HttpServices } from "../services.ts";

/**
 * `/health/live`: the process answers. `/health/ready` (and `/health`): it can serve, its store answers too. Without
 * token, so that a platform's probes can ask.
 */
export function addHealth(app: HttpApp, { health, version, logger }: HttpServices): void {
  app.get("/health/live", (c) => c.json({ ok: true, status: "live", version }));
  for (const path of ["/health", "/health/ready"]) {
    app.get(path, async (c) => {
      try {
        await health.check();
        return c.json({ ok: true, status: "ready", version });
      } catch (error) {
        logger.error({ component: "http", traceId: c.get("traceId"), err: error }, "the store does not answer");
        return c.json({ ok: false, status: "unavailable", version }, 503);
      }
    });
  }
}
