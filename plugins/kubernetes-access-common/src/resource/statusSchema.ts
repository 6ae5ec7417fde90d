const MAX_NAME_LENGTH = 253;
const MAX_NAMESPACE_LENGTH = 63;
// As long as Kubernetes' own conditions may be: what an API server says when it refuses can be long.
const MAX_MESSAGE_LENGTH = 32768;

/** An instant, as `Date.toISOString` writes it. */
function instant<const Description extends string>(description: Description) {
  return {
    type: 'string',
    description,
    format: 'date-time',
    maxLength: 40,
  } as const;
}

const conditionSchema = {
  type: 'object',
  description: 'One thing that was observed about the request.',
  required: ['type', 'status', 'reason', 'message', 'observedAt'],
  properties: {
    type: {
      type: 'string',
      description: 'What was looked at.',
      enum: ['Granted', 'PodsMatched', 'ProcessesEnded', 'Removed'],
    },
    status: {
      type: 'string',
      description: 'Whether it is so.',
      enum: ['True', 'False', 'Unknown'],
    },
    reason: {
      type: 'string',
      description: 'One CamelCase word for machines.',
      minLength: 1,
      maxLength: 256,
      pattern: '^[A-Za-z]([A-Za-z0-9_]*[A-Za-z0-9])?$',
    },
    message: {
      type: 'string',
      description: 'One sentence for people.',
      maxLength: MAX_MESSAGE_LENGTH,
    },
    observedAt: instant('When this was first seen to be so.'),
  },
} as const;

const grantSchema = {
  type: 'object',
  description: 'The names of the objects that make the grant real.',
  required: ['serviceAccountNamespace', 'serviceAccountName', 'roles'],
  properties: {
    serviceAccountNamespace: {
      type: 'string',
      description: 'The namespace of the ServiceAccount.',
      maxLength: MAX_NAMESPACE_LENGTH,
    },
    serviceAccountName: {
      type: 'string',
      description: 'The name of the ServiceAccount.',
      maxLength: MAX_NAME_LENGTH,
    },
    roles: {
      type: 'array',
      description:
        'The Role and the RoleBinding of the same name in each target namespace.',
      maxItems: 20,
      'x-kubernetes-list-type': 'atomic',
      items: {
        type: 'object',
        description: 'A Role and the RoleBinding of the same name.',
        required: ['namespace', 'name'],
        properties: {
          namespace: {
            type: 'string',
            description: 'Their namespace.',
            maxLength: MAX_NAMESPACE_LENGTH,
          },
          name: {
            type: 'string',
            description: 'Their name.',
            maxLength: MAX_NAME_LENGTH,
          },
        },
      },
    },
  },
} as const;

/** What is observed. The rules about its changes are at the root of the schema, see `schema.ts`. */
export const statusSchema = {
  type: 'object',
  description:
    'What is observed; written by the back end alone. It reports and is never read to decide anything.',
  properties: {
    phase: {
      type: 'string',
      description: 'Where the request stands.',
      enum: [
        'Pending',
        'Approved',
        'Active',
        'Denied',
        'Expired',
        'Revoked',
        'Cancelled',
        'Failed',
      ],
    },
    conditions: {
      type: 'array',
      description: 'What was observed, one entry for each thing looked at.',
      maxItems: 20,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
      items: conditionSchema,
    },
    observedGeneration: {
      type: 'integer',
      description: 'The generation that this status is about.',
      format: 'int64',
      minimum: 0,
    },
    startsAt: instant(
      'When the access begins; set once, before the first object of the grant is made.',
    ),
    grantedAt: instant('When the grant was made; set once.'),
    expiresAt: instant('When the access ends at the latest.'),
    endedAt: instant('When the request ended; set once.'),
    endReason: {
      type: 'string',
      description: 'Why it ended, in one word.',
      maxLength: 256,
    },
    grant: grantSchema,
    message: {
      type: 'string',
      description: 'One sentence for people who read it with kubectl.',
      maxLength: MAX_MESSAGE_LENGTH,
    },
  },
} as const;
