import { PAGES_PER_WRITE } from "../../../src/sync/page-writer.ts";
import { Random } from "../../jq/random.ts";
import { KillBed } from "../kill-bed.ts";
import type { ChaosRow } from "../row.ts";

/** Pages that are fetched at once. */
const FETCHED = 8;
/** Pages that may be read again after one kill: those being fetched, those collected meanwhile, those being written. */
const MOST_READ_AGAIN = FETCHED + 2 * PAGES_PER_WRITE;
/** And after all of them, for each: as a rule a write is on its way for every fetch. */
const READ_AGAIN_PER_KILL = 2 * FETCHED;
const LEAST_INSIDE = 0.8;
/** Every third sync that is killed is a first one; the others find a catalog and a tenth of the issues changed. */
const FIRST_EVERY = 3;

/**
 * `quayside sync` in a process of its own, killed with -9 at times that are spread evenly over the length of an
 * undisturbed run. The sync after it completes what was begun, and reads again no more than what was on its way.
 */
export const kills: ChaosRow = {
  name: "kill -9",
  isTimed: true,
  run: async ({ seed, isQuick, findings }) => {
    const bed = await KillBed.open(seed, isQuick ? 1000 : 3000);
    try {
      const count = isQuick ? 10 : 100;
      const measured = { first: await bed.measure("first"), later: await bed.measure("later") };
      const random = new Random(seed);
      let inside = 0;
      let readAgain = 0;
      for (const [kill, share] of spread(count, random).entries()) {
        const sort = kill % FIRST_EVERY === 0 ? "first" : "later";
        const outcome = await bed.killOnce(sort, share, measured[sort]);
        if (outcome.isInside) inside++;
        else measured[sort] = outcome.timeline; // the machine has become faster
        readAgain += outcome.readAgain;
        const step = `kill ${kill + 1}, ${sort} sync, at ${Math.round(share * 100)} %`;
        findings.expect(step, outcome.readAgain <= MOST_READ_AGAIN, `${outcome.readAgain} pages were read again`);
        findings.add(step, outcome.problems);
      }
      const most = count * READ_AGAIN_PER_KILL;
      findings.expect("all kills", readAgain <= most, `${readAgain} pages were read again, more than ${most}`);
      findings.expect("all kills", inside >= count * LEAST_INSIDE, `only ${inside} of ${count} were inside a run`);
      return {
        kills: count,
        inside,
        readAgain,
        firstMs: Math.round(measured.first.durationMs),
        laterMs: Math.round(measured.later.durationMs),
      };
    } finally {
      await bed.close();
    }
  },
};

/** Shares of a run, one from each of `count` equal parts of it, in random order. */
function spread(count: number, random: Random): readonly number[] {
  const shares = random.list(count, (part) => (part + random.next()) / count);
  return random.some(shares, count, count);
}
