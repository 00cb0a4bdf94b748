/** GLOB pattern for the buckets of a data source: `<data source>#<kind>/<index>`. */
export function dataSourcePattern(dataSource: string): string {
  return `${dataSource.replaceAll(/[[*?]/g, "[$&]")}#*`;
}
