import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { kubernetesAccessPermissions } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { accessRequestRules } from './rules';

const root = resolve(__dirname, '../../..');
const page = readFileSync(resolve(root, 'docs/permissions.md'), 'utf8');

/** The first columns of the table under a header. */
function rowsOf(header: string, columns: number): string[][] {
  const [, table] = page.split(new RegExp(`\\| ${header} .*\\n\\|[ -|]+\\n`));
  return table
    .split('\n\n')[0]
    .trim()
    .split('\n')
    .map(row =>
      row
        .split('|')
        .slice(1, columns + 1)
        .map(cell => cell.trim().replace(/`/g, '')),
    );
}

describe('docs/permissions.md', () => {
  it('has every permission with its resource', () => {
    expect(rowsOf('permission', 2)).toEqual(
      kubernetesAccessPermissions.map(permission => [
        permission.name,
        'resourceType' in permission ? permission.resourceType : '',
      ]),
    );
  });

  it('has every rule with its condition and parameters', () => {
    expect(rowsOf('rule', 3)).toEqual(
      Object.entries(accessRequestRules).map(([condition, rule]) => {
        const schema = rule.paramsSchema as unknown as {
          shape: Record<string, { element?: unknown }>;
        };
        const params = Object.entries(schema.shape).map(([name, type]) =>
          type.element ? `${name}[]` : name,
        );
        return [rule.name, condition, params.join(', ')];
      }),
    );
  });

  it('shows the policy that is tested', () => {
    const policy = resolve(
      root,
      'packages/backend/src/samplePolicy/ShortAccessPolicy.ts',
    );
    expect(page).toContain(`\`\`\`ts\n${readFileSync(policy, 'utf8')}\`\`\``);
  });
});
