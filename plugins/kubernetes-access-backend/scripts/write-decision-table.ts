import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { renderDecisionTable } from '../src/tests/attacks/decisions/renderDecisionTable';

const FILE = resolve(__dirname, '../../../docs/decision-table.md');

writeFileSync(FILE, renderDecisionTable());
process.stdout.write(`Wrote ${FILE}\n`);
