import { parseEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import type { KubernetesAccessApi } from './KubernetesAccessApi';
import type { KubernetesAccessAuditApi } from './KubernetesAccessAuditApi';
import { readJsonLines, readLines } from './readJsonLines';
import type { RequestReview } from './review';
import type {
  AccessCounts,
  AccessRequestDetail,
  AccessRequestPage,
  AuditRecord,
  AuditSegment,
  AuditVerification,
  ClusterStatus,
  CreateAccessRequest,
  EntityAccess,
  ExportAuditEvents,
  ListAccessRequests,
  ListLiveSessions,
  LiveSessionPage,
  OpenSession,
  PodSummary,
  SessionTicket,
} from './types';

/**
 * What the client needs of its surroundings; Backstage's `discoveryApi` and `fetchApi` fit.
 * @public
 */
export interface KubernetesAccessClientOptions {
  discoveryApi: { getBaseUrl(pluginId: string): Promise<string> };
  fetchApi: { fetch: typeof fetch };
}

interface Call {
  method?: 'GET' | 'POST';
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  body?: object;
  signal?: AbortSignal;
}

/**
 * Calls the back-end plugin over HTTP.
 * @public
 */
export class KubernetesAccessClient
  implements KubernetesAccessApi, KubernetesAccessAuditApi
{
  readonly #discoveryApi: KubernetesAccessClientOptions['discoveryApi'];
  readonly #fetchApi: KubernetesAccessClientOptions['fetchApi'];

  constructor(options: KubernetesAccessClientOptions) {
    this.#discoveryApi = options.discoveryApi;
    this.#fetchApi = options.fetchApi;
  }

  /** {@inheritDoc KubernetesAccessApi.getEntityAccess} */
  async getEntityAccess(entityRef: string): Promise<EntityAccess> {
    const { kind, namespace, name } = parseEntityRef(entityRef, {
      defaultNamespace: 'default',
    });
    return await this.#call(
      path`/entities/${kind}/${namespace}/${name}/access`,
    );
  }

  /** {@inheritDoc KubernetesAccessApi.createRequest} */
  async createRequest(
    request: CreateAccessRequest,
    options?: { idempotencyKey?: string },
  ): Promise<AccessRequestDetail> {
    return await this.#call('/requests', {
      method: 'POST',
      body: request,
      headers: options?.idempotencyKey
        ? { 'Idempotency-Key': options.idempotencyKey }
        : {},
    });
  }

  /** {@inheritDoc KubernetesAccessApi.listRequests} */
  async listRequests(query: ListAccessRequests): Promise<AccessRequestPage> {
    return await this.#call('/requests', {
      query: { ...query, phase: query.phase?.join() || undefined },
    });
  }

  /** {@inheritDoc KubernetesAccessApi.getRequest} */
  async getRequest(id: string): Promise<AccessRequestDetail> {
    return await this.#call(path`/requests/${id}`);
  }

  /** {@inheritDoc KubernetesAccessApi.reviewRequest} */
  async reviewRequest(id: string): Promise<RequestReview> {
    return await this.#call(path`/requests/${id}/review`);
  }

  /** {@inheritDoc KubernetesAccessApi.approveRequest} */
  async approveRequest(
    id: string,
    decision: { digest: string; comment?: string },
  ): Promise<AccessRequestDetail> {
    return await this.#post(path`/requests/${id}/approve`, decision);
  }

  /** {@inheritDoc KubernetesAccessApi.denyRequest} */
  async denyRequest(
    id: string,
    decision: { digest: string; comment: string },
  ): Promise<AccessRequestDetail> {
    return await this.#post(path`/requests/${id}/deny`, decision);
  }

  /** {@inheritDoc KubernetesAccessApi.cancelRequest} */
  async cancelRequest(
    id: string,
    end: { comment?: string } = {},
  ): Promise<AccessRequestDetail> {
    return await this.#post(path`/requests/${id}/cancel`, end);
  }

  /** {@inheritDoc KubernetesAccessApi.revokeRequest} */
  async revokeRequest(
    id: string,
    end: { comment?: string } = {},
  ): Promise<AccessRequestDetail> {
    return await this.#post(path`/requests/${id}/revoke`, end);
  }

  /** {@inheritDoc KubernetesAccessApi.listPods} */
  async listPods(id: string): Promise<PodSummary[]> {
    const { items } = await this.#call<{ items: PodSummary[] }>(
      path`/requests/${id}/pods`,
    );
    return items;
  }

  /** {@inheritDoc KubernetesAccessApi.openSession} */
  async openSession(id: string, session: OpenSession): Promise<SessionTicket> {
    return await this.#post(path`/requests/${id}/sessions`, session);
  }

  /** {@inheritDoc KubernetesAccessApi.readRecording} */
  async *readRecording(
    id: string,
    sessionId: string,
    { signal, follow }: { signal?: AbortSignal; follow?: boolean } = {},
  ): AsyncGenerator<string> {
    yield* readLines(
      await this.#fetch(path`/requests/${id}/sessions/${sessionId}/recording`, {
        signal,
        ...(follow ? { query: { follow } } : {}),
      }),
    );
  }

  /** {@inheritDoc KubernetesAccessApi.listLiveSessions} */
  async listLiveSessions(
    query: ListLiveSessions = {},
  ): Promise<LiveSessionPage> {
    return await this.#call('/sessions', { query: { ...query } });
  }

  /** {@inheritDoc KubernetesAccessApi.listClusters} */
  async listClusters(): Promise<ClusterStatus[]> {
    const { items } = await this.#call<{ items: ClusterStatus[] }>('/clusters');
    return items;
  }

  /** {@inheritDoc KubernetesAccessApi.getCounts} */
  async getCounts(): Promise<AccessCounts> {
    return await this.#call('/counts');
  }

  /** {@inheritDoc KubernetesAccessApi.getSessionUrl} */
  async getSessionUrl(ticket: SessionTicket): Promise<string> {
    const baseUrl = await this.#discoveryApi.getBaseUrl('kubernetes-access');
    return `${baseUrl}${ticket.path}`.replace(/^http/, 'ws');
  }

  /** {@inheritDoc KubernetesAccessAuditApi.verifyAudit} */
  async verifyAudit(
    options: { chain?: string; recordings?: boolean } = {},
  ): Promise<AuditVerification> {
    return await this.#call('/audit/verification', { query: options });
  }

  /** {@inheritDoc KubernetesAccessAuditApi.exportAuditEvents} */
  async *exportAuditEvents(
    query: ExportAuditEvents = {},
  ): AsyncGenerator<AuditRecord> {
    yield* readJsonLines<AuditRecord>(
      await this.#fetch('/audit/events', { query: { ...query } }),
    );
  }

  /** {@inheritDoc KubernetesAccessAuditApi.exportAuditSegments} */
  async *exportAuditSegments(
    query: { chain?: string } = {},
  ): AsyncGenerator<AuditSegment> {
    yield* readJsonLines<AuditSegment>(
      await this.#fetch('/audit/segments', { query }),
    );
  }

  async #post<T>(target: string, body: object): Promise<T> {
    return await this.#call(target, { method: 'POST', body });
  }

  async #call<T>(target: string, call: Call = {}): Promise<T> {
    return await (await this.#fetch(target, call)).json();
  }

  async #fetch(target: string, call: Call): Promise<Response> {
    const baseUrl = await this.#discoveryApi.getBaseUrl('kubernetes-access');
    const response = await this.#fetchApi.fetch(
      `${baseUrl}${target}${queryString(call.query)}`,
      {
        method: call.method ?? 'GET',
        headers: {
          ...(call.body ? { 'Content-Type': 'application/json' } : {}),
          ...call.headers,
        },
        ...(call.body ? { body: JSON.stringify(call.body) } : {}),
        ...(call.signal ? { signal: call.signal } : {}),
      },
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response;
  }
}

/** A path whose parameters cannot break out of their place. */
function path(parts: TemplateStringsArray, ...parameters: string[]): string {
  return String.raw(
    parts,
    ...parameters.map(parameter => encodeURIComponent(parameter)),
  );
}

function queryString(query: Call['query'] = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) {
      parameters.set(name, String(value));
    }
  }
  const text = parameters.toString();
  return text && `?${text}`;
}
