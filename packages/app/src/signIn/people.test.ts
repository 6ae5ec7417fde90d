import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { DEMO_PEOPLE } from './people';

interface CatalogUser {
  kind: string;
  metadata: { name: string };
  spec: { memberOf: string[]; profile: { displayName: string } };
}

const catalog = readFileSync(
  resolve(__dirname, '../../../backend/demo-catalog/people.yaml'),
  'utf8',
);
const usersOfTheCatalog = parseAllDocuments(catalog)
  .map(document => document.toJS() as CatalogUser)
  .filter(({ kind }) => kind === 'User');

describe('the people of the sign-in page', () => {
  it('are those of the demo catalog, with their teams', () => {
    const shown = DEMO_PEOPLE.map(({ name, displayName, team }) => ({
      name,
      displayName,
      teams: [team.toLowerCase()],
    }));
    const known = usersOfTheCatalog.map(({ metadata, spec }) => ({
      name: metadata.name,
      displayName: spec.profile.displayName,
      teams: spec.memberOf,
    }));
    expect(shown).toHaveLength(5);
    expect(shown).toEqual(expect.arrayContaining(known));
  });
});
