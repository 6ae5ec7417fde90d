import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigReader } from '@backstage/config';
import type { JsonObject, JsonValue } from '@backstage/types';
import ts from 'typescript';
import { readKubernetesAccessOptions } from './readKubernetesAccessOptions';

/** Every key that there is, each with another value than its default. */
const everything: JsonObject = {
  clusters: [
    { name: 'here', title: 'Here', inCluster: true, grantNamespace: 'g' },
    { name: 'dev', kubeconfig: { file: '/kubeconfig', context: 'dev' } },
    {
      name: 'data',
      server: 'https://data.test',
      caData: 'Q0E=',
      skipTLSVerify: true,
      serviceAccountToken: 'token',
    },
    {
      name: 'file',
      server: 'https://file.test',
      caFile: '/ca.crt',
      tokenFile: '/token',
    },
  ],
  defaults: {
    minDuration: '1m',
    maxDuration: '2h',
    duration: '30m',
    minReasonLength: 5,
    maxReasonLength: 500,
    approvals: 2,
    pendingTimeout: '1h',
  },
  targets: [
    { cluster: 'dev', namespaces: ['shop'], owners: ['group:default/shop'] },
  ],
  targetTrust: 'catalog',
  excludedNamespaces: ['vault'],
  admins: ['group:default/admins'],
  auditors: ['group:default/auditors'],
  fallbackApprovers: ['group:default/fallback'],
  audit: {
    keys: [
      { id: 'first', secret: 'x'.repeat(32) },
      {
        id: 'second',
        secret: 'x'.repeat(32),
        until: '2026-01-01T00:00:00Z',
      },
    ],
    keyFile: '/key',
  },
  recording: {
    enabled: false,
    maxBytesPerSession: 2048,
    approversMayPlay: true,
  },
  sessions: { maxPerUser: 1, maxPerRequest: 1, idleTimeout: '1m' },
  quotas: {
    openRequestsPerUser: 1,
    requestsPerHour: 1,
    pauseAfterDenial: '0s',
  },
};

/** Paths of all keys, with `[]` for the places of a list. */
function keysOf(value: JsonValue | undefined, path: string): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(item => keysOf(item, `${path}[]`));
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, child]) => [
    `${path}.${key}`,
    ...keysOf(child, `${path}.${key}`),
  ]);
}

function documentedKeys(): Array<{ key: string; text: string }> {
  const file = resolve(__dirname, '../../config.d.ts');
  const source = ts.createSourceFile(
    file,
    readFileSync(file, 'utf8'),
    ts.ScriptTarget.ES2022,
    true,
  );
  const found: Array<{ key: string; text: string }> = [];
  const visit = (node: ts.Node, path: string): void => {
    if (ts.isPropertySignature(node)) {
      const key = [path, node.name.getText()].filter(Boolean).join('.');
      found.push({ key, text: node.getFullText() });
      ts.forEachChild(node, child => visit(child, key));
      return;
    }
    const isList =
      ts.isTypeReferenceNode(node) && node.typeName.getText() === 'Array';
    ts.forEachChild(node, child => visit(child, isList ? `${path}[]` : path));
  };
  visit(source, '');
  return found;
}

/** The example with one key left out, in the first place that has it. */
function without(path: string): JsonObject {
  const copy = structuredClone(everything);
  const drop = (value: JsonValue | undefined, rest: string[]): boolean => {
    if (Array.isArray(value)) {
      return value.some(item => drop(item, rest));
    }
    if (typeof value !== 'object' || value === null) {
      return false;
    }
    const [key, ...below] = rest;
    if (!(key in value)) {
      return false;
    }
    if (below.length > 0) {
      return drop(value[key], below);
    }
    delete value[key];
    return true;
  };
  drop(copy, path.replaceAll('[]', '').split('.').slice(1));
  return copy;
}

function outcome(kubernetesAccess: JsonObject): string {
  try {
    const config = new ConfigReader({ kubernetesAccess });
    return JSON.stringify(readKubernetesAccessOptions(config));
  } catch (error) {
    return String(error);
  }
}

describe('config.d.ts', () => {
  const used = [
    ...new Set(['kubernetesAccess', ...keysOf(everything, 'kubernetesAccess')]),
  ];

  it('documents the keys that are read, and no others', () => {
    const documented = documentedKeys().map(({ key }) => key);
    expect(documented.toSorted()).toEqual(used.toSorted());
  });

  it('marks what must not be shown as secret', () => {
    const secrets = documentedKeys()
      .filter(({ text }) =>
        /^\s*\/\*\*[^/]*@visibility secret\s*\*\//.test(text),
      )
      .map(({ key }) => key);
    expect(secrets).toEqual([
      'kubernetesAccess.clusters[].serviceAccountToken',
      'kubernetesAccess.audit.keys[].secret',
    ]);
  });

  it('names values that all can be used together', () => {
    expect(outcome(everything)).toMatch(/^\{/);
  });

  it.each(used.filter(key => key !== 'kubernetesAccess'))(
    'tells of a key that matters: %s',
    key => {
      expect(outcome(without(key))).not.toEqual(outcome(everything));
    },
  );
});
