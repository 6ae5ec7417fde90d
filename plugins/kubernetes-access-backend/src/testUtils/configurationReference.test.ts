import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { renderConfiguration } from './configurationReference';

const SCHEMA = resolve(__dirname, '../../config.d.ts');
const FILE = resolve(__dirname, '../../../../docs/configuration.md');

describe('docs/configuration.md', () => {
  it('is what config.d.ts says: run `yarn write-configuration` in this package after a change', () => {
    expect(readFileSync(FILE, 'utf8')).toBe(renderConfiguration(SCHEMA));
  });

  it('says of every key what it is', () => {
    const rows = renderConfiguration(SCHEMA)
      .split('\n')
      .filter(line => line.startsWith('| `'));
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.filter(row => / \|\s+\|[^|]*\|$/.test(row))).toEqual([]);
  });
});
