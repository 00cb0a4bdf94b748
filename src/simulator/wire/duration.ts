/** `2h 30m`, with Jira's days of eight hours. */
export function toDuration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const parts = [
    [Math.floor(minutes / 480), "d"],
    [Math.floor((minutes % 480) / 60), "h"],
    [minutes % 60, "m"],
  ] as const;
  return (
    parts
      .filter(([count]) => count > 0)
      .map(([count, unit]) => `${count}${unit}`)
      .join(" ") || "0m"
  );
}
