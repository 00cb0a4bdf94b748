/** Advisory locks are numbers that all programs of a database share: "QUAY" and a number. */
const QUAY = 0x51554159 * 256;

export const LOCKS = { migration: QUAY, feed: QUAY + 1, blueprints: QUAY + 2, settings: QUAY + 3 } as const;
