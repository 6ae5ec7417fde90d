import { randomUUID } from 'node:crypto';
import type {
  AccessRequestDetail,
  CreateAccessRequest,
  SessionTicket,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { KubernetesAccessClient } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { readDemo } from './demo';
import { until } from './until';

/** The people of the demo. */
export type Name = 'ada' | 'olga' | 'omar' | 'sam' | 'pia';

/** How the API answered. */
export interface Answer {
  status: number;
  body: string;
}

/** Somebody who is signed in and talks to the API, as their browser would. */
export class Person {
  readonly api: KubernetesAccessClient;

  private constructor(
    readonly name: Name,
    readonly token: string,
    private readonly baseUrl: string,
  ) {
    this.api = new KubernetesAccessClient({
      discoveryApi: {
        getBaseUrl: async pluginId => `${baseUrl}/api/${pluginId}`,
      },
      fetchApi: { fetch: (input, init) => this.#fetch(input, init) },
    });
  }

  static async signIn(name: Name): Promise<Person> {
    const { url } = readDemo();
    const response = await fetch(`${url}/api/auth/demo/refresh`, {
      headers: { 'x-demo-person': name, 'x-requested-with': 'XMLHttpRequest' },
    });
    if (!response.ok) {
      throw new Error(`${name} cannot sign in: ${await response.text()}`);
    }
    const { backstageIdentity } = await response.json();
    return new Person(name, backstageIdentity.token, url);
  }

  /** Sends anything at all to the plugin; for what the client would not send. */
  async send(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
  ): Promise<Answer> {
    const response = await this.#fetch(
      `${this.baseUrl}/api/kubernetes-access${path}`,
      {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
    );
    return { status: response.status, body: await response.text() };
  }

  async ask(
    component: string,
    overrides: Partial<CreateAccessRequest> = {},
  ): Promise<AccessRequestDetail> {
    return this.api.createRequest(
      {
        entityRef: `component:default/${component}`,
        accessLevel: 'exec',
        reason: 'The queue is stuck since the last deploy.',
        durationSeconds: 900,
        ...overrides,
      },
      { idempotencyKey: randomUUID() },
    );
  }

  async approve(request: AccessRequestDetail): Promise<AccessRequestDetail> {
    return this.api.approveRequest(request.id, { digest: request.digest });
  }

  /** Waits until a request has the phase, and returns it. */
  async seesPhase(id: string, phase: string): Promise<AccessRequestDetail> {
    return until(`request ${id} is ${phase}`, async () => {
      const request = await this.api.getRequest(id);
      return request.phase === phase ? request : undefined;
    });
  }

  async seesRemoved(id: string): Promise<AccessRequestDetail> {
    return until(`the grant of ${id} is removed`, async () => {
      const request = await this.api.getRequest(id);
      return request.removal.state === 'removed' ? request : undefined;
    });
  }

  /** Gets a ticket for the first running container, or the named one. */
  async ticket(
    request: AccessRequestDetail,
    container?: string,
  ): Promise<SessionTicket> {
    const [pod] = await this.api
      .listPods(request.id)
      .then(pods => pods.filter(({ phase }) => phase === 'Running'));
    return this.api.openSession(request.id, {
      namespace: pod.namespace,
      pod: pod.name,
      container: container ?? pod.containers[0].name,
      columns: 80,
      rows: 24,
    });
  }

  /** Ends everything that this person has open, so that the next test can ask again. */
  async endsEverything(): Promise<void> {
    const { items } = await this.api.listRequests({
      scope: 'mine',
      open: true,
      limit: 100,
    });
    for (const { id } of items) {
      await this.api.cancelRequest(id, {});
    }
  }

  #fetch(
    input: Parameters<typeof fetch>[0],
    init: RequestInit = {},
  ): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${this.token}`);
    return fetch(input, { ...init, headers });
  }
}
