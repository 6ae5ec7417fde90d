/** Bounds that the document and the handlers share. */
const MAX_COMMENT_LENGTH = 1000;
export const MAX_PAGE = 100;
export const MAX_SEARCH_LENGTH = 200;
/** UTC ISO-8601 with milliseconds: what compares as text with what is stored. */
export const INSTANT_PATTERN =
  '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$';

const instant = {
  type: 'string',
  format: 'date-time',
  description: 'UTC ISO-8601 with milliseconds',
} as const;

const entityRef = { type: 'string', minLength: 1, maxLength: 500 } as const;

const entityRefs = { type: 'array', items: { type: 'string' } } as const;

const endReason = {
  type: 'string',
  enum: ['expired', 'cancelled', 'revoked', 'deleted', 'tampered', 'failed'],
} as const;

const verdict = { type: 'string', enum: ['approve', 'deny'] } as const;

export const phase = {
  type: 'string',
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
} as const;

const podTraits = {
  type: 'array',
  items: {
    type: 'string',
    enum: [
      'privileged',
      'host-processes',
      'host-network',
      'host-files',
      'root',
      'root-by-image',
      'secrets',
    ],
  },
} as const;

const requestRequired = [
  'id',
  'requester',
  'entityRef',
  'cluster',
  'targets',
  'accessLevel',
  'reason',
  'durationSeconds',
  'policy',
  'digest',
  'createdAt',
  'pendingUntil',
  'phase',
  'asOf',
  'approvers',
  'decisions',
  'removal',
  'actions',
] as const;

const requestProperties = {
  id: { type: 'string' },
  requester: { type: 'string' },
  entityRef: { type: 'string' },
  cluster: { $ref: '#/components/schemas/ClusterSummary' },
  targets: {
    type: 'array',
    items: { $ref: '#/components/schemas/AccessRequestTarget' },
  },
  accessLevel: { type: 'string', enum: ['exec'] },
  reason: { type: 'string' },
  durationSeconds: { type: 'integer' },
  policy: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'approvals'],
    properties: {
      name: { type: 'string' },
      approvals: { type: 'integer' },
    },
  },
  digest: { type: 'string' },
  createdAt: instant,
  pendingUntil: instant,
  phase,
  asOf: instant,
  approvers: { $ref: '#/components/schemas/ApproverSummary' },
  decisions: {
    type: 'array',
    items: { $ref: '#/components/schemas/DecisionSummary' },
  },
  startsAt: instant,
  expiresAt: instant,
  endedAt: instant,
  endReason: {
    type: 'string',
    enum: [...endReason.enum, 'denied'],
  },
  endedBy: { type: 'string' },
  endComment: { type: 'string' },
  askAgainAt: instant,
  removal: { $ref: '#/components/schemas/RemovalSummary' },
  message: { type: 'string' },
  actions: { $ref: '#/components/schemas/AllowedActions' },
} as const;

/** The schemas of the types in the common package, under the same names. */
export const schemas = {
  ClusterSummary: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'title'],
    properties: { name: { type: 'string' }, title: { type: 'string' } },
  },
  ContainerSummary: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'state', 'ready', 'restarts'],
    properties: {
      name: { type: 'string' },
      state: { type: 'string' },
      ready: { type: 'boolean' },
      restarts: { type: 'integer' },
    },
  },
  PodSummary: {
    type: 'object',
    additionalProperties: false,
    required: ['namespace', 'name', 'uid', 'phase', 'containers'],
    properties: {
      namespace: { type: 'string' },
      name: { type: 'string' },
      uid: { type: 'string' },
      phase: { type: 'string' },
      createdAt: { type: 'string' },
      containers: {
        type: 'array',
        items: { $ref: '#/components/schemas/ContainerSummary' },
      },
      traits: podTraits,
    },
  },
  PodList: {
    type: 'object',
    additionalProperties: false,
    required: ['items'],
    properties: {
      items: {
        type: 'array',
        items: { $ref: '#/components/schemas/PodSummary' },
      },
    },
  },
  AccessProblem: {
    type: 'object',
    description: 'Why nothing can be asked for, in words and with a code',
    additionalProperties: false,
    required: ['code', 'message'],
    properties: {
      code: {
        type: 'string',
        enum: [
          'no-clusters',
          'no-annotations',
          'unknown-cluster',
          'cluster-unreachable',
          'namespace-missing',
          'namespace-excluded',
          'no-consent',
          'no-owner',
          'no-approver',
          'not-permitted',
        ],
      },
      message: { type: 'string' },
    },
  },
  EntityTarget: {
    type: 'object',
    additionalProperties: false,
    required: ['cluster', 'namespace', 'podSelector', 'pods'],
    properties: {
      cluster: { $ref: '#/components/schemas/ClusterSummary' },
      namespace: { type: 'string' },
      podSelector: { type: 'string' },
      pods: {
        type: 'array',
        items: { $ref: '#/components/schemas/PodSummary' },
      },
      problem: { $ref: '#/components/schemas/AccessProblem' },
    },
  },
  RequestLimits: {
    type: 'object',
    additionalProperties: false,
    required: [
      'minDurationSeconds',
      'maxDurationSeconds',
      'defaultDurationSeconds',
      'minReasonLength',
      'maxReasonLength',
      'approvals',
      'pendingSeconds',
    ],
    properties: {
      minDurationSeconds: { type: 'integer' },
      maxDurationSeconds: { type: 'integer' },
      defaultDurationSeconds: { type: 'integer' },
      minReasonLength: { type: 'integer' },
      maxReasonLength: { type: 'integer' },
      approvals: { type: 'integer' },
      pendingSeconds: { type: 'integer' },
    },
  },
  ApproverSummary: {
    type: 'object',
    additionalProperties: false,
    required: ['owners', 'users'],
    properties: { owners: entityRefs, users: entityRefs },
  },
  EntityAccess: {
    type: 'object',
    description: "Everything that an entity's Access tab needs",
    additionalProperties: false,
    required: [
      'entityRef',
      'targets',
      'approvers',
      'limits',
      'requests',
      'toDecide',
      'mayDecide',
      'maySeeOthers',
    ],
    properties: {
      entityRef: { type: 'string' },
      problem: { $ref: '#/components/schemas/AccessProblem' },
      targets: {
        type: 'array',
        items: { $ref: '#/components/schemas/EntityTarget' },
      },
      approvers: { $ref: '#/components/schemas/ApproverSummary' },
      limits: { $ref: '#/components/schemas/RequestLimits' },
      requests: {
        type: 'array',
        items: { $ref: '#/components/schemas/AccessRequest' },
      },
      toDecide: { type: 'integer' },
      mayDecide: { type: 'boolean' },
      maySeeOthers: { type: 'boolean' },
    },
  },
  AccessRequestTarget: {
    type: 'object',
    additionalProperties: false,
    required: ['namespace'],
    properties: {
      namespace: { type: 'string' },
      podSelector: { type: 'string' },
      pods: { type: 'array', items: { type: 'string' } },
      containers: { type: 'array', items: { type: 'string' } },
    },
  },
  RequestReview: {
    type: 'object',
    additionalProperties: false,
    required: ['traits', 'earlier'],
    properties: {
      pods: { type: 'integer' },
      traits: podTraits,
      earlier: {
        type: 'array',
        items: { $ref: '#/components/schemas/AccessRequest' },
      },
    },
  },
  DecisionSummary: {
    type: 'object',
    additionalProperties: false,
    required: ['actor', 'verdict', 'at'],
    properties: {
      actor: { type: 'string' },
      verdict,
      comment: { type: 'string' },
      at: instant,
    },
  },
  RemovalSummary: {
    type: 'object',
    additionalProperties: false,
    required: ['state'],
    properties: {
      state: {
        type: 'string',
        enum: ['none', 'removing', 'removed', 'failing'],
      },
      message: { type: 'string' },
      at: instant,
    },
  },
  AllowedActions: {
    type: 'object',
    additionalProperties: false,
    required: ['decide', 'cancel', 'revoke', 'openSession'],
    properties: {
      decide: { type: 'boolean' },
      cancel: { type: 'boolean' },
      revoke: { type: 'boolean' },
      openSession: { type: 'boolean' },
    },
  },
  AccessRequest: {
    type: 'object',
    additionalProperties: false,
    required: requestRequired,
    properties: requestProperties,
  },
  SessionSummary: {
    type: 'object',
    additionalProperties: false,
    required: [
      'id',
      'user',
      'namespace',
      'pod',
      'container',
      'state',
      'createdAt',
      'bytesIn',
      'bytesOut',
      'recorded',
    ],
    properties: {
      id: { type: 'string' },
      user: { type: 'string' },
      namespace: { type: 'string' },
      pod: { type: 'string' },
      container: { type: 'string' },
      state: { type: 'string', enum: ['opening', 'open', 'closed'] },
      createdAt: instant,
      openedAt: instant,
      closedAt: instant,
      closeReason: { type: 'string' },
      bytesIn: { type: 'integer' },
      bytesOut: { type: 'integer' },
      recorded: { type: 'boolean' },
      playable: { type: 'boolean' },
      processes: { $ref: '#/components/schemas/SessionProcesses' },
    },
  },
  SessionProcesses: {
    type: 'object',
    description:
      'What is known of the processes that a session started, after its end, as its container reported it.',
    additionalProperties: false,
    required: ['state'],
    properties: {
      state: {
        type: 'string',
        enum: ['waiting', 'none-left', 'left', 'unknown'],
      },
      ended: { type: 'integer' },
      left: { type: 'integer' },
      reason: {
        type: 'string',
        enum: [
          'container-ended',
          'no-shell',
          'no-answer',
          'odd-answer',
          'cannot-look',
          'not-told-apart',
          'limits-raisable',
          'limits-unset',
          'refused',
          'unreachable',
        ],
      },
      settledAt: instant,
    },
  },
  TimelineEntry: {
    type: 'object',
    description:
      'One thing that happened. `kind` tells which of the other fields are there.',
    additionalProperties: false,
    required: ['kind', 'at'],
    properties: {
      kind: {
        type: 'string',
        enum: [
          'asked',
          'notified',
          'decided',
          'started',
          'granted',
          'session-opened',
          'session-closed',
          'ended',
          'removed',
        ],
      },
      at: instant,
      actor: { type: 'string' },
      recipients: entityRefs,
      verdict,
      comment: { type: 'string' },
      expiresAt: instant,
      session: { $ref: '#/components/schemas/SessionSummary' },
      reason: endReason,
    },
  },
  AccessRequestDetail: {
    type: 'object',
    description: 'An AccessRequest with its history',
    additionalProperties: false,
    required: [...requestRequired, 'timeline', 'sessions'],
    properties: {
      ...requestProperties,
      timeline: {
        type: 'array',
        items: { $ref: '#/components/schemas/TimelineEntry' },
      },
      sessions: {
        type: 'array',
        items: { $ref: '#/components/schemas/SessionSummary' },
      },
    },
  },
  AccessRequestPage: {
    type: 'object',
    additionalProperties: false,
    required: ['items'],
    properties: {
      items: {
        type: 'array',
        items: { $ref: '#/components/schemas/AccessRequest' },
      },
      nextCursor: { type: 'string' },
    },
  },
  AccessCounts: {
    type: 'object',
    additionalProperties: false,
    required: ['toDecide', 'mine'],
    properties: {
      toDecide: { type: 'integer' },
      mine: { type: 'integer' },
      clusterAlarms: { type: 'integer' },
    },
  },
  LiveSessionPage: {
    type: 'object',
    additionalProperties: false,
    required: ['items'],
    properties: {
      items: {
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['session', 'request'],
          properties: {
            session: { $ref: '#/components/schemas/SessionSummary' },
            request: { $ref: '#/components/schemas/AccessRequest' },
          },
        },
      },
      nextCursor: { type: 'string' },
    },
  },
  ClusterStatusList: {
    type: 'object',
    additionalProperties: false,
    required: ['items'],
    properties: {
      items: {
        type: 'array',
        items: { $ref: '#/components/schemas/ClusterStatus' },
      },
    },
  },
  ClusterStatus: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'title', 'state'],
    properties: {
      name: { type: 'string' },
      title: { type: 'string' },
      state: {
        type: 'string',
        enum: [
          'connecting',
          'ready',
          'unreachable',
          'unsupported',
          'suspended',
        ],
      },
      message: { type: 'string' },
      leader: {
        type: 'object',
        additionalProperties: false,
        required: ['isThisReplica'],
        properties: {
          host: { type: 'string' },
          isThisReplica: { type: 'boolean' },
        },
      },
      grants: {
        type: 'object',
        additionalProperties: false,
        required: ['active', 'toMake', 'toRemove', 'behindSeconds'],
        properties: {
          active: { type: 'integer' },
          toMake: { type: 'integer' },
          toRemove: { type: 'integer' },
          behindSeconds: { type: 'integer' },
        },
      },
      rights: {
        type: 'object',
        additionalProperties: false,
        required: ['held', 'missing', 'namespaces'],
        properties: {
          held: { type: 'integer' },
          missing: { type: 'array', items: { type: 'string' } },
          namespaces: { type: 'array', items: { type: 'string' } },
        },
      },
    },
  },
  SessionTicket: {
    type: 'object',
    additionalProperties: false,
    required: ['sessionId', 'ticket', 'expiresAt', 'path'],
    properties: {
      sessionId: { type: 'string' },
      ticket: { type: 'string' },
      expiresAt: instant,
      path: { type: 'string' },
    },
  },
  CreateAccessRequest: {
    type: 'object',
    additionalProperties: false,
    required: ['entityRef', 'accessLevel', 'reason', 'durationSeconds'],
    properties: {
      entityRef,
      cluster: { type: 'string', minLength: 1, maxLength: 253 },
      namespace: { type: 'string', minLength: 1, maxLength: 63 },
      accessLevel: { type: 'string', enum: ['exec'] },
      reason: { type: 'string', maxLength: 4000 },
      durationSeconds: { type: 'integer', minimum: 1 },
    },
  },
  Approval: {
    type: 'object',
    additionalProperties: false,
    required: ['digest'],
    properties: {
      digest: { type: 'string', maxLength: 100 },
      comment: { type: 'string', maxLength: MAX_COMMENT_LENGTH },
    },
  },
  Denial: {
    type: 'object',
    additionalProperties: false,
    required: ['digest', 'comment'],
    properties: {
      digest: { type: 'string', maxLength: 100 },
      comment: { type: 'string', minLength: 1, maxLength: MAX_COMMENT_LENGTH },
    },
  },
  End: {
    type: 'object',
    additionalProperties: false,
    properties: {
      comment: { type: 'string', maxLength: MAX_COMMENT_LENGTH },
    },
  },
  OpenSession: {
    type: 'object',
    additionalProperties: false,
    required: ['namespace', 'pod', 'container', 'columns', 'rows'],
    properties: {
      namespace: { type: 'string', minLength: 1, maxLength: 63 },
      pod: { type: 'string', minLength: 1, maxLength: 253 },
      container: { type: 'string', minLength: 1, maxLength: 63 },
      columns: { type: 'integer', minimum: 1, maximum: 2000 },
      rows: { type: 'integer', minimum: 1, maximum: 2000 },
    },
  },
  AuditVerification: {
    type: 'object',
    additionalProperties: false,
    required: [
      'sound',
      'chains',
      'events',
      'segments',
      'unconfirmedSegments',
      'findings',
      'moreFindings',
    ],
    properties: {
      sound: { type: 'boolean' },
      chains: { type: 'integer' },
      events: { type: 'integer' },
      segments: { type: 'integer' },
      unconfirmedSegments: { type: 'integer' },
      findings: {
        type: 'array',
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['chain', 'kind', 'message'],
          properties: {
            chain: { type: 'string' },
            sequence: { type: 'integer' },
            kind: { type: 'string' },
            message: { type: 'string' },
          },
        },
      },
      moreFindings: { type: 'integer' },
    },
  },
  Error: {
    type: 'object',
    required: ['error', 'response'],
    properties: {
      error: {
        type: 'object',
        required: ['name', 'message'],
        properties: { name: { type: 'string' }, message: { type: 'string' } },
      },
      request: { type: 'object' },
      response: {
        type: 'object',
        required: ['statusCode'],
        properties: { statusCode: { type: 'integer' } },
      },
    },
  },
} as const;
