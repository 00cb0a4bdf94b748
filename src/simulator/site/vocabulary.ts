/** The words from which people, projects and texts are made. Some are not ASCII, as on real sites. */
export const givenNames = [
  "Ada",
  "Zoë",
  "Łukasz",
  "Mina",
  "Søren",
  "Priya",
  "Tomás",
  "Ines",
  "Kofi",
  "Yuki",
  "Noah",
  "Aïcha",
  "Björn",
  "Lena",
  "Omar",
  "伟",
  "Nadia",
  "Ravi",
  "Clara",
  "Dmitri",
  "Femi",
  "Greta",
  "Hana",
  "Ivo",
  "Jade",
  "Karim",
  "Lía",
  "Marek",
  "Oona",
  "Paulo",
] as const;

export const familyNames = [
  "Marín",
  "Nowak",
  "Lindqvist",
  "Okafor",
  "Tanaka",
  "Østergaard",
  "Kaur",
  "Rossi",
  "Dubois",
  "Haddad",
  "Novák",
  "李",
  "Fischer",
  "Silva",
  "Murphy",
  "Papadopoulos",
  "Yılmaz",
  "Kowalczyk",
  "Sato",
  "Mensah",
  "Ivanova",
  "García",
  "Weber",
] as const;

export const zones = [
  "Asia/Singapore",
  "Europe/Berlin",
  "America/New_York",
  "Europe/London",
  "Asia/Kolkata",
  "America/Sao_Paulo",
] as const;

export const locales = ["en_US", "en_GB", "de_DE", "zh_CN", "pt_BR"] as const;

export const projectNames = [
  ["AL", "Atlas"],
  ["HB", "Harbour"],
  ["ZB", "Zürich Billing"],
  ["QK", "Quick Checkout"],
  ["MX", "Matrix"],
  ["ORB", "Orbit"],
  ["LUM", "Lumen"],
  ["FJ", "Fjord"],
  ["PAY", "Payments"],
  ["SEA", "Search"],
  ["IDM", "Identity"],
  ["DP", "数据平台"],
] as const;

export const verbs = ["Fix", "Add", "Remove", "Improve", "Document", "Migrate", "Investigate", "Speed up"] as const;

export const things = [
  "login redirect",
  "invoice export",
  "search index",
  "webhook retry",
  "date picker",
  "retry policy",
  "audit log",
  "café menu import",
  "password reset",
  "rate limiter",
  "currency rounding (€)",
  "cache eviction",
  "naïve date parsing",
  "build pipeline",
  "feature flag",
  "API client",
  "migration script",
  "error page",
  "billing report",
  "日本語 locale",
] as const;

export const places = [
  "in the web app",
  "for large tenants",
  "on mobile",
  "behind the gateway",
  "after an upgrade",
  "in the nightly job",
  "for guests",
  "on staging",
  "under load",
  "in the admin console",
] as const;

export const labels = [
  "backend",
  "frontend",
  "security",
  "tech-debt",
  "customer",
  "performance",
  "größe",
  "flaky-test",
  "docs",
  "Saas",
] as const;

export const componentNames = ["API", "Web", "Storage", "Billing", "Auth", "Übersetzung"] as const;

export const words = (
  "the service returns a stale value when two writers race and the cache has not expired yet because entries are keyed " +
  "by tenant only reproduce it with three clients a slow disk and the default limits then watch the counter drift until " +
  "restart we should bound the queue reject early and tell people what to do instead of failing late with an error that " +
  "names nothing see also the earlier incident where the same path lost updates during a deploy naïve retries made it " +
  "worse größere Mandanten sind zuerst betroffen 复现步骤 如下 acceptance the page loads under one second no data is lost " +
  "and the log says which key was refused"
).split(" ");
