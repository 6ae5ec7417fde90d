import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { renderCrd } from '../../scripts/renderCrd';
import { isTerminal } from '../request';
import { accessRequestSchema, PHASE_TRANSITIONS } from './schema';
import type { specSchema } from './specSchema';
import type { statusSchema } from './statusSchema';
import type { Same, StructuralType } from './structural';
import type {
  AccessRequestPhase,
  AccessRequestSpec,
  AccessRequestStatus,
} from './types';

// The compiler is the test here: tsc fails on these lines as soon as a schema and its type differ.
const specIsTheType: Same<
  StructuralType<typeof specSchema>,
  AccessRequestSpec
> = true;
const statusIsTheType: Same<
  StructuralType<typeof statusSchema>,
  AccessRequestStatus
> = true;
const differencesAreNoticed: [
  Same<{ a: string }, { a: string; b?: string }>,
  Same<{ a: string }, { a?: string }>,
  Same<{ a: 'x' | 'y' }, { a: 'x' }>,
  Same<{ a: Array<{ b: string }> }, { a: Array<{ b: number }> }>,
] = [false, false, false, false];

interface SchemaNode {
  type?: string;
  description?: string;
  maxLength?: number;
  maxItems?: number;
  enum?: readonly string[];
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
}

/** Every field that is ours with its path; the API server itself describes what is around spec and status. */
function fields(): Array<{ path: string; node: SchemaNode }> {
  const { spec, status } = accessRequestSchema.properties;
  return [...walk('spec', spec), ...walk('status', status)];
}

function walk(
  path: string,
  node: SchemaNode,
): Array<{ path: string; node: SchemaNode }> {
  return [
    { path, node },
    ...Object.entries(node.properties ?? {}).flatMap(([name, child]) =>
      walk(`${path}.${name}`, child),
    ),
    ...(node.items ? walk(`${path}[]`, node.items) : []),
  ];
}

describe('the schema of AccessRequests', () => {
  it('is the same as the types', () => {
    expect(specIsTheType).toBe(true);
    expect(statusIsTheType).toBe(true);
    expect(differencesAreNoticed).not.toContain(true);
  });

  it('describes every field', () => {
    const undescribed = fields().filter(
      ({ node }) => !/^[A-Z].*\.$/.test(node.description ?? ''),
    );

    expect(undescribed.map(({ path }) => path)).toEqual([]);
  });

  it('bounds every string and every list, so that the cost of its rules is bounded', () => {
    const unbounded = fields().filter(
      ({ node }) =>
        (node.type === 'string' && !node.maxLength && !node.enum) ||
        (node.type === 'array' && !node.maxItems),
    );

    expect(unbounded.map(({ path }) => path)).toEqual([]);
  });

  it('lets nothing follow an end, and lets every other phase end', () => {
    const phases = Object.keys(PHASE_TRANSITIONS) as AccessRequestPhase[];

    for (const phase of phases) {
      const next = PHASE_TRANSITIONS[phase];
      expect(next.length === 0).toBe(isTerminal(phase));
      expect(next).not.toContain(phase);
      expect(next.some(isTerminal)).toBe(!isTerminal(phase));
    }
  });

  it('names the phases of the type in its enumeration', () => {
    expect(
      [...accessRequestSchema.properties.status.properties.phase.enum].sort(),
    ).toEqual(Object.keys(PHASE_TRANSITIONS).sort());
  });
});

describe('the CustomResourceDefinition in the chart', () => {
  it('is what the schema says: run `yarn write-crd` in this package after a change', () => {
    const file = resolve(
      __dirname,
      '../../../../helm/kubernetes-access/templates/crd.yaml',
    );

    expect(readFileSync(file, 'utf8')).toBe(renderCrd());
  });
});
