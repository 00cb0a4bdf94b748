/** What ends the parts of a process, in the order in which they were opened. */
export type Closers = (() => Promise<void> | void)[];

/** Opens parts one after the other. They are closed in the reverse order, also when one of them cannot be opened. */
export async function withClosers<Parts>(
  open: (closers: Closers) => Promise<Parts>,
): Promise<Parts & { close(): Promise<void> }> {
  const closers: Closers = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    return { ...(await open(closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}
