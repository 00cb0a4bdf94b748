/** What is wrong with a URL as the address of a Jira Cloud site. Any other host may be a proxy, or a simulator. */
export function checkCloudHost(url: string): string | undefined {
  const { protocol, hostname, host, pathname } = new URL(url);
  if (hostname.endsWith(".atlassian.net")) {
    if (protocol !== "https:") return "must start with https://, or the token could be read on its way";
    return pathname === "/" ? undefined : `must be the site without a path: https://${host}`;
  }
  if (hostname === "api.atlassian.com" && !/^\/ex\/jira\/[^/]+$/.test(pathname)) {
    return "must name the site: https://api.atlassian.com/ex/jira/<cloudId>";
  }
  return undefined;
}

/** What is wrong with a text as the URL of a PostgreSQL database. */
export function checkDatabaseUrl(url: string): string | undefined {
  const isRight = /^postgres(ql)?:\/\//.test(url) && URL.canParse(url) && new URL(url).pathname.length > 1;
  if (isRight) return undefined;
  return "must be postgres://user:password@host:5432/database, with special characters of the password in their %-form";
}

/** What is wrong with a URL as the address of a Port-compatible API. */
export function checkPortBaseUrl(url: string): string | undefined {
  const { hostname, pathname } = new URL(url);
  if (/^app\.(us\.)?(getport|port)\.io$/.test(hostname)) {
    return `is the web page of Port; its API is https://${hostname.replace("app.", "api.")}`;
  }
  if (pathname.endsWith("/v1")) return "must not end in /v1, which is added to it";
  return undefined;
}
