/** What ends the parts of a process, in the order in which they were opened. */
export type Closers = (() => Promise<void> | void)[];

/** Opens parts one after the other. They are closed in the reverse order, also when one of them cannot be opened or closed. */
export async function withClosers<Parts>(
  open: (closers: Closers) => Promise<Parts>,
): Promise<Parts & { close(): Promise<void> }> {
  const closers: Closers = [];
  const close = async (): Promise<void> => {
    const errors: unknown[] = [];
    for (const closer of closers.splice(0).toReversed()) {
      try {
        await closer();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  };
  try {
    return { ...(await open(closers)), close };
  } catch (error) {
    await close().catch(() => undefined); // why it cannot be opened is what there is to tell
    throw error;
  }
}
