import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { renderConfiguration } from '../src/testUtils/configurationReference';

const SCHEMA = resolve(__dirname, '../config.d.ts');
const FILE = resolve(__dirname, '../../../docs/configuration.md');

writeFileSync(FILE, renderConfiguration(SCHEMA));
process.stdout.write(`Wrote ${FILE}\n`);
