import { mockCredentials } from '@backstage/backend-test-utils';
import type {
  AccessRequestDetail,
  PodSummary,
  SessionTicket,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { BROWSER_ORIGIN } from '../backendFeatures';
import { TestTerminal } from '../TestTerminal';

const BASE_PATH = '/api/kubernetes-access';

/** What the back end answered. */
export interface Answer<T = Record<string, unknown>> {
  status: number;
  body: T;
}

/** The API of a back end as people's browsers use it. */
export class AccessApi {
  constructor(private readonly baseUrl: string) {}

  get<T = Record<string, unknown>>(
    person: string,
    path: string,
  ): Promise<Answer<T>> {
    return this.call(person, path);
  }

  post<T = Record<string, unknown>>(
    person: string,
    path: string,
    body: object = {},
  ): Promise<Answer<T>> {
    return this.call(person, path, body);
  }

  /** What a load balancer sees. */
  async readiness(): Promise<number> {
    const { status } = await fetch(
      `${this.baseUrl}/.backstage/health/v1/readiness`,
    );
    return status;
  }

  /** @throws ApiRefusal when the answer is not a 2xx */
  async ask(
    person: string,
    options: {
      durationSeconds?: number;
      entityRef?: string;
      cluster?: string;
    } = {},
  ): Promise<AccessRequestDetail> {
    return expectSuccess(
      await this.post<AccessRequestDetail>(person, '/requests', {
        entityRef: 'component:default/payments-api',
        accessLevel: 'exec',
        reason: 'The queue is stuck since the last deploy.',
        durationSeconds: 600,
        ...options,
      }),
    );
  }

  async decide(
    person: string,
    verdict: 'approve' | 'deny',
    { id, digest }: Pick<AccessRequestDetail, 'id' | 'digest'>,
  ): Promise<void> {
    expectSuccess(
      await this.post(person, `/requests/${id}/${verdict}`, {
        digest,
        ...(verdict === 'deny' ? { comment: 'Use the test cluster.' } : {}),
      }),
    );
  }

  async end(
    person: string,
    how: 'cancel' | 'revoke',
    id: string,
  ): Promise<void> {
    expectSuccess(await this.post(person, `/requests/${id}/${how}`));
  }

  async see(person: string, id: string): Promise<AccessRequestDetail> {
    return expectSuccess(
      await this.get<AccessRequestDetail>(person, `/requests/${id}`),
    );
  }

  async pods(person: string, id: string): Promise<PodSummary[]> {
    const { items } = expectSuccess(
      await this.get<{ items: PodSummary[] }>(person, `/requests/${id}/pods`),
    );
    return items;
  }

  async ticket(
    person: string,
    id: string,
    pod: PodSummary,
  ): Promise<SessionTicket> {
    return expectSuccess(
      await this.post<SessionTicket>(person, `/requests/${id}/sessions`, {
        namespace: pod.namespace,
        pod: pod.name,
        container: pod.containers[0].name,
        columns: 80,
        rows: 24,
      }),
    );
  }

  /** Opens the WebSocket that a ticket is for, as a browser does. */
  connect({ path, ticket }: SessionTicket): TestTerminal {
    const url = `${this.baseUrl.replace(/^http/, 'ws')}${BASE_PATH}${path}`;
    return new TestTerminal(url, { ticket, origin: BROWSER_ORIGIN });
  }

  async open(person: string, id: string): Promise<TestTerminal> {
    const pods = await this.pods(person, id);
    const running = pods.find(({ phase }) => phase === 'Running');
    if (!running) {
      throw new Error(`request ${id} reaches no running pod`);
    }
    return this.connect(await this.ticket(person, id, running));
  }

  private async call<T>(
    person: string,
    path: string,
    body?: object,
  ): Promise<Answer<T>> {
    const response = await fetch(this.baseUrl + BASE_PATH + path, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: mockCredentials.user.header(`user:default/${person}`),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      body: body && JSON.stringify(body),
      // A back end that hangs must fail the test, not stop it.
      signal: AbortSignal.timeout(60_000),
    });
    return { status: response.status, body: (await response.json()) as T };
  }
}

/** An answer that is not what the test hoped for. */
export class ApiRefusal extends Error {
  constructor(readonly status: number, message: string) {
    super(`${status}: ${message}`);
    this.name = 'ApiRefusal';
  }
}

function expectSuccess<T>({ status, body }: Answer<T>): T {
  if (status >= 200 && status < 300) {
    return body;
  }
  const { error } = body as { error?: { message?: string } };
  throw new ApiRefusal(status, error?.message ?? JSON.stringify(body));
}
