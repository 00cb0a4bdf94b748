/** The fields of issues that all sides ask for: issues of about 10 KB each, as Jira's search sends them. */
export const ISSUE_FIELDS = ["*navigable"] as const;
