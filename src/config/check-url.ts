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

/** What is wrong with a URL as the address of a Port-compatible API. */
export function checkPortBaseUrl(url: string): string | undefined {
  const { hostname, pathname } = new URL(url);
  if (/^app\.(us\.)?(getport|port)\.io$/.test(hostname)) {
    return `is the web page of Port; its API is https://${hostname.replace("app.", "api.")}`;
  }
  if (pathname.endsWith("/v1")) return "must not end in /v1, which is added to it";
  return undefined;
}
