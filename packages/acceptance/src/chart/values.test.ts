import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ACCESS_REQUEST_CRD_NAME,
  API_GROUP,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { parse } from 'yaml';
import { CHART_FOLDER } from './support/helm';

type Values = { [name: string]: unknown };

interface Schema {
  additionalProperties?: boolean | object;
  properties?: Record<string, Schema & { $ref?: string }>;
}

function read(file: string): string {
  return readFileSync(join(CHART_FOLDER, file), 'utf8');
}

/** Every value with its path, as people write it with --set, and its default. */
function defaults(values: Values, prefix = ''): Array<[string, string]> {
  return Object.entries(values).flatMap(([name, value]) => {
    const path = `${prefix}${name}`;
    return isObject(value) && Object.keys(value).length > 0
      ? defaults(value, `${path}.`)
      : [[path, JSON.stringify(value)] as [string, string]];
  });
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function paths(schema: Schema, prefix = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    child.properties ? paths(child, `${prefix}${name}.`) : [`${prefix}${name}`],
  );
}

function openObjects(schema: Schema, path = 'values'): string[] {
  const open =
    schema.properties && schema.additionalProperties !== false ? [path] : [];
  return [
    ...open,
    ...Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
      openObjects(child, `${path}.${name}`),
    ),
  ];
}

describe('the values of the chart', () => {
  const values: Values = parse(read('values.yaml'));
  const schema: Schema = JSON.parse(read('values.schema.json'));

  it('stand in the README with their defaults, all of them and no others', () => {
    const rows = [
      ...read('README.md').matchAll(/^\| `([\w.]+)` +\| .+ \| `(.+?)` +\|$/gm),
    ].map(([, path, value]) => [path, value]);

    expect(rows).toEqual(defaults(values));
  });

  it('are the ones that the schema knows', () => {
    expect(paths(schema).filter(path => path !== 'global')).toEqual(
      expect.arrayContaining(defaults(values).map(([path]) => path)),
    );
    expect(paths(schema)).toHaveLength(defaults(values).length + 1);
  });

  it('are explained where they stand', () => {
    const lines = read('values.yaml').split('\n');
    const unexplained = lines.filter(
      (line, index) =>
        /^ *\w+: ./.test(line) && !/^ *#/.test(lines[index - 1] ?? ''),
    );

    expect(unexplained).toEqual([]);
  });

  it('are refused when they are unknown, on every level', () => {
    expect(openObjects(schema)).toEqual([]);
  });
});

describe('the templates', () => {
  it('use the names that the code uses', () => {
    const rules = read('templates/rbac-cluster.yaml');

    expect(rules).toContain(`resourceNames: ["${ACCESS_REQUEST_CRD_NAME}"]`);
    expect(rules).toContain(`apiGroups: ["${API_GROUP}"]`);
  });
});
