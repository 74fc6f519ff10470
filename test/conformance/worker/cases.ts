import type { CaseTable } from './case-table.js';
import { acknowledgementCases } from './cases-acknowledgement.js';
import { canvasCases } from './cases-canvas.js';
import { intakeCases } from './cases-intake.js';
import { outcomeCases } from './cases-outcome.js';
import { revokeCases } from './cases-revoke.js';
import { sharingCases } from './cases-sharing.js';
import { stopCases } from './cases-stop.js';
import { timeCases } from './cases-time.js';

/** Everything a worker promises on every broker and result store. */
export const workerCases: CaseTable = {
  ...outcomeCases,
  ...timeCases,
  ...acknowledgementCases,
  ...intakeCases,
  ...canvasCases,
  ...revokeCases,
  ...stopCases,
  ...sharingCases,
};
