/** `kind:namespace/name`, without the characters that separate the three; what else may be in a name is the catalog's business. */
const ENTITY_REF = '^[^:/\\s]+:[^:/\\s]+/[^:/\\s]+$';
const USER_REF = '^user:[^:/\\s]+/[^:/\\s]+$';
const DNS_LABEL = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$';
const DNS_SUBDOMAIN =
  '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$';

const MAX_ENTITY_REF_LENGTH = 512;
const MAX_DNS_LABEL_LENGTH = 63;
const MAX_DNS_SUBDOMAIN_LENGTH = 253;

const targetSchema = {
  type: 'object',
  description:
    'One namespace with the pods that are asked for in it: those that a selector matches, or single ones by name.',
  required: ['namespace'],
  properties: {
    namespace: {
      type: 'string',
      description: 'The namespace of the pods.',
      minLength: 1,
      maxLength: MAX_DNS_LABEL_LENGTH,
      pattern: DNS_LABEL,
    },
    podSelector: {
      type: 'string',
      description:
        "A label selector in Kubernetes' string form, for example app=payments-api. Never empty: that would be every pod.",
      minLength: 1,
      maxLength: 2048,
      pattern: '\\S',
    },
    pods: {
      type: 'array',
      description: 'Names of single pods, at most 200.',
      minItems: 1,
      maxItems: 200,
      'x-kubernetes-list-type': 'set',
      items: {
        type: 'string',
        description: 'The name of a pod.',
        minLength: 1,
        maxLength: MAX_DNS_SUBDOMAIN_LENGTH,
        pattern: DNS_SUBDOMAIN,
      },
    },
    containers: {
      type: 'array',
      description:
        "Names of the containers that may be entered; all of a pod's when unset.",
      minItems: 1,
      maxItems: 50,
      'x-kubernetes-list-type': 'set',
      items: {
        type: 'string',
        description: 'The name of a container.',
        minLength: 1,
        maxLength: MAX_DNS_LABEL_LENGTH,
        pattern: DNS_LABEL,
      },
    },
  },
  'x-kubernetes-validations': [
    {
      rule: 'has(self.podSelector) != has(self.pods)',
      message: 'exactly one of podSelector and pods must be set',
      reason: 'FieldValueInvalid',
    },
  ],
} as const;

/**
 * What is asked for. The bounds are the widest that the resource can carry; what people may ask for is configuration of the
 * back end.
 */
export const specSchema = {
  type: 'object',
  description: 'What is asked for. Never changes after creation.',
  required: [
    'requester',
    'targets',
    'accessLevel',
    'reason',
    'duration',
    'policy',
    'digest',
  ],
  properties: {
    requester: {
      type: 'string',
      description:
        'The entity ref of the user who asks, for example user:default/ada.',
      minLength: 1,
      maxLength: MAX_ENTITY_REF_LENGTH,
      pattern: USER_REF,
    },
    entityRef: {
      type: 'string',
      description:
        'The entity whose pods are asked for, for example component:default/payments-api.',
      minLength: 1,
      maxLength: MAX_ENTITY_REF_LENGTH,
      pattern: ENTITY_REF,
    },
    targets: {
      type: 'array',
      description: 'The pods that are asked for, by namespace.',
      minItems: 1,
      maxItems: 20,
      'x-kubernetes-list-type': 'atomic',
      items: targetSchema,
    },
    accessLevel: {
      type: 'string',
      description: 'What the requester may do in the target pods.',
      enum: ['exec'],
    },
    reason: {
      type: 'string',
      description: "Why, in the requester's words.",
      minLength: 1,
      maxLength: 4000,
    },
    duration: {
      type: 'string',
      description:
        'How long the access lasts once granted, in whole seconds with the unit, for example 3600s; 1s to 30 days.',
      minLength: 2,
      maxLength: 8,
      pattern: '^[1-9][0-9]*s$',
      'x-kubernetes-validations': [
        {
          rule: "duration(self) <= duration('2592000s')",
          message: 'duration must be at most 30 days (2592000s)',
          reason: 'FieldValueInvalid',
        },
      ],
    },
    policy: {
      type: 'object',
      description: 'What a policy demanded when the request was made.',
      required: ['name', 'approvals'],
      properties: {
        name: {
          type: 'string',
          description: 'The name of the policy.',
          minLength: 1,
          maxLength: MAX_DNS_SUBDOMAIN_LENGTH,
        },
        approvals: {
          type: 'integer',
          description: 'How many approvers must agree.',
          minimum: 1,
          maximum: 100,
        },
      },
    },
    digest: {
      type: 'string',
      description:
        'Digest of exactly what is asked for and, if approved, was approved: sha256: and 64 hex digits.',
      maxLength: 71,
      pattern: '^sha256:[0-9a-f]{64}$',
    },
  },
  'x-kubernetes-validations': [
    {
      rule: 'self == oldSelf',
      message:
        'spec never changes: cancel this request and make a new one instead',
      reason: 'FieldValueForbidden',
    },
  ],
} as const;
