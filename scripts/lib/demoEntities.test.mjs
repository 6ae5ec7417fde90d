import assert from 'node:assert/strict';
import { it } from 'node:test';
import { demoEntities, demoPeople } from './demoEntities.mjs';

it('finds the people of the story in the catalog files', () => {
  assert.deepEqual(demoPeople().sort(), ['ada', 'olga', 'omar', 'pia', 'sam']);
});

it('finds entities of every kind', () => {
  const entities = demoEntities();
  for (const ref of [
    'component:default/payments-api',
    'group:default/payments',
    'api:default/payments',
  ]) {
    assert.ok(entities.includes(ref), ref);
  }
});
