import type { ChaosRow } from "./row.ts";
import { crash } from "./rows/crash.ts";
import { cycles } from "./rows/cycles.ts";
import { believedDeletions, heldDeletions } from "./rows/deletions.ts";
import { drift } from "./rows/drift.ts";
import { faults } from "./rows/faults.ts";
import { indexLag, passingState } from "./rows/index-lag.ts";
import { kills } from "./rows/kills.ts";
import { keyMoves } from "./rows/key-moves.ts";
import { allProjectsLost, emptyAnswer, forbiddenKind, oneProjectLost } from "./rows/lost-sight.ts";
import { refusingCatalog } from "./rows/refusing-catalog.ts";
import { sharedEntities, unMerge } from "./rows/shared-entities.ts";
import { leftWindow, leftWindowAtOnce } from "./rows/left-window.ts";
import { undisturbed } from "./rows/undisturbed.ts";

export const ROWS: readonly ChaosRow[] = [
  undisturbed,
  kills,
  faults,
  crash,
  refusingCatalog,
  drift,
  indexLag,
  passingState,
  leftWindow,
  leftWindowAtOnce,
  oneProjectLost,
  allProjectsLost,
  emptyAnswer,
  forbiddenKind,
  believedDeletions,
  heldDeletions,
  keyMoves,
  cycles,
  sharedEntities,
  unMerge,
];
