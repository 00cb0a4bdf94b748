import { listOptions, type Option } from "./options.ts";

/** docs/configuration.md, written from the table of options. */
export function toConfigurationPage(): string {
  const groups = Map.groupBy(listOptions(), ([, option]) => option.group);
  const sections = [...groups].map(([group, rows]) =>
    [
      `## ${group}`,
      "",
      "| variable | value | default | meaning |",
      "| --- | --- | --- | --- |",
      ...rows.map(
        ([, option]) => `| \`${option.env}\` | ${toKind(option)} | ${toDefault(option)} | ${toCell(option)} |`,
      ),
      "",
    ].join("\n"),
  );
  return `${INTRODUCTION}\n\n${sections.join("\n")}`;
}

/** The same table for a terminal. */
export function toSettingsHelp(): string {
  return listOptions()
    .map(([, option]) => {
      const preset = option.default === undefined ? "" : ` [${option.default}]`;
      return `${option.env}${preset}\n    ${option.description.replaceAll("`", "")}`;
    })
    .join("\n");
}

const INTRODUCTION = `# Settings

<!-- Written by \`npm run docs\` from src/config/options.ts. -->

All settings are environment variables. Those that start with \`OCEAN__\` have the names and the meaning that Port's integration container gives them. An empty value counts as not set. All mistakes are reported at once, and nothing starts before they are mended.`;

function toKind(option: Option): string {
  switch (option.type) {
    case "choice":
      return (option.choices ?? []).map((choice) => `\`${choice}\``).join(", ");
    case "json":
      return "JSON";
    case "url":
      return "URL";
    case "string":
    case "integer":
    case "boolean":
      return option.type;
  }
}

function toDefault(option: Option): string {
  return option.default === undefined ? "" : `\`${option.default}\``;
}

function toCell(option: Option): string {
  return `${option.description.replaceAll("|", "\\|")}${option.secret ? " (secret)" : ""}`;
}
