import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { renderApi } from '../src/testUtils/apiReference';

const FILE = resolve(__dirname, '../../../docs/api.md');

writeFileSync(FILE, renderApi());
process.stdout.write(`Wrote ${FILE}\n`);
