import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Totals } from './Totals.mjs';

it('ends with the sum of all runners on a line of its own', () => {
  const totals = new Totals();
  totals.add('lint', { passed: 1, failed: 0 });
  totals.add('unit', { passed: 40, failed: 2 });

  assert.equal(totals.toString().split('\n').at(-1), '41 passed, 2 failed');
  assert.equal(totals.failed, 2);
});
