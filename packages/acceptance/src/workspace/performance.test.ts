import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { filledIn } from '../bench/fillIn';
import { SCENARIOS } from '../bench/scenarios/names';

const ROOT = resolve(__dirname, '../../../..');

const read = (path: string) => readFileSync(resolve(ROOT, path), 'utf8');

describe('docs/performance.md', () => {
  it('has a row for each scenario of the bench, in the order in which they run', () => {
    const scenarios = filledIn(read('docs/performance.md'))
      .split('\n')
      .filter(line => line.startsWith('| '))
      .map(line => line.split('|')[1].trim())
      .filter(name => name && name !== 'scenario' && !/^-+$/.test(name));
    expect(scenarios).toEqual([...SCENARIOS]);
  });
});

describe('npm run bench -- --help', () => {
  it('names each scenario', () => {
    const [, named] = /--only <scenario>\s+(.+) \(may be repeated\)/.exec(
      read('scripts/bench.mjs'),
    )!;
    expect(named.split(/, | or /)).toEqual([...SCENARIOS]);
  });
});
