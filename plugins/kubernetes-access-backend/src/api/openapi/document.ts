import {
  INSTANT_PATTERN,
  MAX_PAGE,
  MAX_SEARCH_LENGTH,
  phase,
  schemas,
} from './schemas';

const json = <Name extends keyof typeof schemas>(name: Name) =>
  ({
    'application/json': {
      schema: { $ref: `#/components/schemas/${name}` },
    },
  } as const);

const answer = <Name extends keyof typeof schemas>(
  description: string,
  name: Name,
) => ({ description, content: json(name) } as const);

const body = <Name extends keyof typeof schemas>(name: Name) =>
  ({ required: true, content: json(name) } as const);

const failure = {
  description: 'What is wrong and what can be done about it',
  content: json('Error'),
} as const;

/** One JSON object a line, sent while it is read. */
const lines = (description: string) =>
  ({
    description,
    content: { 'application/x-ndjson': { schema: { type: 'string' } } },
  } as const);

const chain = {
  name: 'chain',
  in: 'query',
  description: "Only this one: a request's id, `system` or `chains`",
  schema: { type: 'string', pattern: '^[0-9a-z]{1,64}$' },
} as const;

const id = { $ref: '#/components/parameters/id' } as const;

/** The API of the plugin, below `/api/kubernetes-access`. Requests are validated against it. */
export const openApiDocument = {
  openapi: '3.1.0',
  info: {
    title: 'kubernetes-access',
    version: '1',
    description:
      'Temporary, approved access to pods. Every operation acts in the name of the signed-in user; what does not exist for them is answered with 404.',
    license: {
      name: 'Apache-2.0',
      url: 'https://www.apache.org/licenses/LICENSE-2.0.html',
    },
    contact: {},
  },
  servers: [{ url: '/' }],
  components: {
    securitySchemes: {
      JWT: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    },
    parameters: {
      id: {
        name: 'id',
        in: 'path',
        required: true,
        schema: { type: 'string', maxLength: 100 },
      },
    },
    schemas,
  },
  paths: {
    '/entities/{kind}/{namespace}/{name}/access': {
      get: {
        operationId: 'getEntityAccess',
        description: 'What can be asked for on an entity, and who would decide',
        security: [{ JWT: [] }],
        parameters: [
          {
            name: 'kind',
            in: 'path',
            required: true,
            schema: { type: 'string', maxLength: 100 },
          },
          {
            name: 'namespace',
            in: 'path',
            required: true,
            schema: { type: 'string', maxLength: 100 },
          },
          {
            name: 'name',
            in: 'path',
            required: true,
            schema: { type: 'string', maxLength: 300 },
          },
        ],
        responses: {
          '200': answer('The entity as the caller sees it', 'EntityAccess'),
          default: failure,
        },
      },
    },
    '/requests': {
      get: {
        operationId: 'listRequests',
        description: 'Requests that the caller may see',
        security: [{ JWT: [] }],
        parameters: [
          {
            name: 'scope',
            in: 'query',
            required: true,
            schema: { type: 'string', enum: ['mine', 'to-decide', 'all'] },
          },
          {
            name: 'entityRef',
            in: 'query',
            schema: { type: 'string', minLength: 1, maxLength: 500 },
          },
          { name: 'open', in: 'query', schema: { type: 'boolean' } },
          {
            name: 'phase',
            in: 'query',
            allowReserved: true,
            description: 'Only those in one of these phases now',
            style: 'form',
            explode: false,
            schema: {
              type: 'array',
              minItems: 1,
              uniqueItems: true,
              items: phase,
            },
          },
          {
            name: 'search',
            in: 'query',
            allowReserved: true,
            description:
              'Words that all stand in its entity, requester, deciders or reason',
            schema: { type: 'string', maxLength: MAX_SEARCH_LENGTH },
          },
          {
            name: 'askedFrom',
            in: 'query',
            allowReserved: true,
            description: 'Asked at or after this instant',
            schema: { type: 'string', pattern: INSTANT_PATTERN },
          },
          {
            name: 'askedBefore',
            in: 'query',
            allowReserved: true,
            description: 'Asked before this instant',
            schema: { type: 'string', pattern: INSTANT_PATTERN },
          },
          {
            name: 'limit',
            in: 'query',
            schema: { type: 'integer', minimum: 1, maximum: MAX_PAGE },
          },
          {
            name: 'cursor',
            in: 'query',
            schema: { type: 'string', pattern: '^[0-9a-z]{26}$' },
          },
        ],
        responses: {
          '200': answer('A page', 'AccessRequestPage'),
          default: failure,
        },
      },
      post: {
        operationId: 'createRequest',
        description: 'Asks for access',
        security: [{ JWT: [] }],
        parameters: [
          {
            name: 'Idempotency-Key',
            in: 'header',
            description:
              'A call that is repeated with the same key finds the request of the first one',
            schema: { type: 'string', minLength: 1, maxLength: 100 },
          },
        ],
        requestBody: body('CreateAccessRequest'),
        responses: {
          '201': answer('The request', 'AccessRequestDetail'),
          default: failure,
        },
      },
    },
    '/requests/{id}': {
      get: {
        operationId: 'getRequest',
        description: 'A request with its history',
        security: [{ JWT: [] }],
        parameters: [id],
        responses: {
          '200': answer('The request', 'AccessRequestDetail'),
          default: failure,
        },
      },
    },
    '/requests/{id}/review': {
      get: {
        operationId: 'reviewRequest',
        description:
          'What those who can decide on a request want to know beside what it says',
        security: [{ JWT: [] }],
        parameters: [id],
        responses: {
          '200': answer('The review', 'RequestReview'),
          default: failure,
        },
      },
    },
    '/requests/{id}/approve': {
      post: {
        operationId: 'approveRequest',
        description: 'Approves exactly what the digest stands for',
        security: [{ JWT: [] }],
        parameters: [id],
        requestBody: body('Approval'),
        responses: {
          '200': answer('The request', 'AccessRequestDetail'),
          default: failure,
        },
      },
    },
    '/requests/{id}/deny': {
      post: {
        operationId: 'denyRequest',
        description: 'Denies; the requester gets to read the comment',
        security: [{ JWT: [] }],
        parameters: [id],
        requestBody: body('Denial'),
        responses: {
          '200': answer('The request', 'AccessRequestDetail'),
          default: failure,
        },
      },
    },
    '/requests/{id}/cancel': {
      post: {
        operationId: 'cancelRequest',
        description: 'Withdraws or ends a request of the caller',
        security: [{ JWT: [] }],
        parameters: [id],
        requestBody: body('End'),
        responses: {
          '200': answer('The request', 'AccessRequestDetail'),
          default: failure,
        },
      },
    },
    '/requests/{id}/revoke': {
      post: {
        operationId: 'revokeRequest',
        description: 'Ends a request of somebody else',
        security: [{ JWT: [] }],
        parameters: [id],
        requestBody: body('End'),
        responses: {
          '200': answer('The request', 'AccessRequestDetail'),
          default: failure,
        },
      },
    },
    '/requests/{id}/pods': {
      get: {
        operationId: 'listPods',
        description: 'The pods that a request of the caller reaches now',
        security: [{ JWT: [] }],
        parameters: [id],
        responses: {
          '200': answer('The pods', 'PodList'),
          default: failure,
        },
      },
    },
    '/requests/{id}/sessions': {
      post: {
        operationId: 'openSession',
        description: "Gets the ticket that opens a session's WebSocket",
        security: [{ JWT: [] }],
        parameters: [id],
        requestBody: body('OpenSession'),
        responses: {
          '201': answer('The ticket', 'SessionTicket'),
          default: failure,
        },
      },
    },
    '/requests/{id}/sessions/{session}/recording': {
      get: {
        operationId: 'readRecording',
        description:
          'What was recorded of a session, for the requester, auditors and admins. The header of the asciicast says under `kubernetes-access` what came of holding it against the audit trail. Each call is on record there.',
        security: [{ JWT: [] }],
        parameters: [
          id,
          {
            name: 'session',
            in: 'path',
            required: true,
            schema: { type: 'string', maxLength: 100 },
          },
          {
            name: 'follow',
            in: 'query',
            description:
              'Whether to go on with what is shown from now on, some two seconds after it, until the session closes. Whoever loses the right to read it is cut off within seconds. An empty line says that the connection is alive.',
            schema: { type: 'boolean', default: false },
          },
        ],
        responses: {
          '200': {
            description: 'An asciicast v2, sent while it is read',
            content: {
              'application/x-asciicast': { schema: { type: 'string' } },
            },
          },
          default: failure,
        },
      },
    },
    '/audit/verification': {
      get: {
        operationId: 'verifyAudit',
        description:
          'Holds the audit trail against its keys and says what is wrong where; for admins and auditors',
        security: [{ JWT: [] }],
        parameters: [
          chain,
          {
            name: 'recordings',
            in: 'query',
            description: 'Whether to read all stored recordings as well',
            schema: { type: 'boolean', default: true },
          },
        ],
        responses: {
          '200': answer('What came of it', 'AuditVerification'),
          default: failure,
        },
      },
    },
    '/audit/events': {
      get: {
        operationId: 'exportAuditEvents',
        description:
          'The events of the audit trail, with their HMACs; for admins and auditors',
        security: [{ JWT: [] }],
        parameters: [
          chain,
          {
            name: 'cursor',
            in: 'query',
            description:
              'Only events behind this one: `<chain>.<sequence>` of the last one that is known',
            schema: {
              type: 'string',
              pattern: '^[0-9a-z]{1,64}[.][0-9]{1,10}$',
            },
          },
          {
            name: 'limit',
            in: 'query',
            schema: { type: 'integer', minimum: 1, maximum: 1000000 },
          },
        ],
        responses: {
          '200': lines('One event a line'),
          default: failure,
        },
      },
    },
    '/audit/segments': {
      get: {
        operationId: 'exportAuditSegments',
        description:
          'The digests of the stored segments of recordings; for admins and auditors',
        security: [{ JWT: [] }],
        parameters: [chain],
        responses: {
          '200': lines('One segment a line'),
          default: failure,
        },
      },
    },
    '/sessions': {
      get: {
        operationId: 'listLiveSessions',
        description:
          'The sessions that are open now under the requests that the caller may see',
        security: [{ JWT: [] }],
        parameters: [
          {
            name: 'limit',
            in: 'query',
            schema: { type: 'integer', minimum: 1, maximum: MAX_PAGE },
          },
          {
            name: 'cursor',
            in: 'query',
            schema: { type: 'string', pattern: '^[0-9a-z]{26}$' },
          },
        ],
        responses: {
          '200': answer('A page', 'LiveSessionPage'),
          default: failure,
        },
      },
    },
    '/clusters': {
      get: {
        operationId: 'listClusters',
        description: 'How the clusters are; for admins',
        security: [{ JWT: [] }],
        responses: {
          '200': answer('The clusters', 'ClusterStatusList'),
          default: failure,
        },
      },
    },
    '/counts': {
      get: {
        operationId: 'getCounts',
        description: 'Numbers for badges',
        security: [{ JWT: [] }],
        responses: {
          '200': answer('The numbers', 'AccessCounts'),
          default: failure,
        },
      },
    },
  },
} as const;
