import { specSchema } from './specSchema';
import { statusSchema } from './statusSchema';
import type { AccessRequestPhase } from './types';

/**
 * Which phases may follow a phase in the status of a resource. Phases may be skipped, because the status is only written now and then;
 * the way back is closed, and nothing follows an end.
 */
export const PHASE_TRANSITIONS: Record<
  AccessRequestPhase,
  readonly AccessRequestPhase[]
> = {
  Pending: [
    'Approved',
    'Active',
    'Denied',
    'Expired',
    'Cancelled',
    'Revoked',
    'Failed',
  ],
  Approved: ['Active', 'Revoked', 'Cancelled', 'Expired', 'Failed'],
  Active: ['Expired', 'Revoked', 'Cancelled', 'Failed'],
  Denied: [],
  Expired: [],
  Revoked: [],
  Cancelled: [],
  Failed: [],
};

const HAD_PHASE = 'has(oldSelf.status) && has(oldSelf.status.phase)';
const HAS_PHASE = 'has(self.status) && has(self.status.phase)';

/**
 * Rules about changes of the status. They sit at the root of the schema, because a rule on the status or on one of its fields is not
 * asked when that is removed.
 */
const statusRules = [
  {
    rule: `!(${HAD_PHASE}) || (${HAS_PHASE})`,
    message: 'status.phase cannot be removed once it is set',
    reason: 'FieldValueForbidden',
    fieldPath: '.status',
  },
  {
    rule: [
      `!(${HAD_PHASE}) || !(${HAS_PHASE})`,
      'self.status.phase == oldSelf.status.phase',
      ...Object.entries(PHASE_TRANSITIONS)
        .filter(([, next]) => next.length > 0)
        .map(
          ([phase, next]) =>
            `(oldSelf.status.phase == '${phase}' && self.status.phase in [${quoted(
              next,
            )}])`,
        ),
    ].join(' || '),
    message: 'status.phase cannot change in this way',
    messageExpression:
      "'a request that is ' + oldSelf.status.phase + ' cannot become ' + self.status.phase",
    reason: 'FieldValueForbidden',
    fieldPath: '.status.phase',
  },
  ...(['startsAt', 'grantedAt', 'endedAt'] as const).map(field => ({
    rule: [
      `!(has(oldSelf.status) && has(oldSelf.status.${field}))`,
      `(has(self.status) && has(self.status.${field}) && self.status.${field} == oldSelf.status.${field})`,
    ].join(' || '),
    message: `status.${field} is set once and stays`,
    reason: 'FieldValueForbidden',
    fieldPath: '.status',
  })),
];

/**
 * The structural schema of an AccessRequest: the one source of the CustomResourceDefinition in the chart (`scripts/write-crd.ts`
 * writes it). The compiler holds the hand-written types in `types.ts` against it, see `schema.test.ts`.
 */
export const accessRequestSchema = {
  type: 'object',
  description:
    'AccessRequest is the image of a request for temporary access to pods in the cluster that it opens.',
  required: ['spec'],
  properties: {
    apiVersion: {
      type: 'string',
      description: 'The version of the schema of this object.',
    },
    kind: {
      type: 'string',
      description: 'The kind of this object.',
    },
    // The API server knows the metadata itself, and allows no words about it here.
    metadata: { type: 'object' },
    spec: specSchema,
    status: statusSchema,
  },
  'x-kubernetes-validations': statusRules,
} as const;

/** What `kubectl get accessrequests` shows. The reason is for those who ask for more (`-o wide`). */
export const PRINTER_COLUMNS = [
  { name: 'Requester', type: 'string', jsonPath: '.spec.requester' },
  { name: 'Entity', type: 'string', jsonPath: '.spec.entityRef' },
  { name: 'Level', type: 'string', jsonPath: '.spec.accessLevel' },
  { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
  // Not of type date: kubectl shows how long ago a date was, and this one is yet to come.
  { name: 'Expires', type: 'string', jsonPath: '.status.expiresAt' },
  { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  { name: 'Reason', type: 'string', jsonPath: '.spec.reason', priority: 1 },
] as const;

/** What AccessRequests can be selected by on the server. */
export const SELECTABLE_FIELDS = [
  '.spec.requester',
  '.spec.entityRef',
  '.status.phase',
] as const;

function quoted(phases: readonly AccessRequestPhase[]): string {
  return phases.map(phase => `'${phase}'`).join(', ');
}
