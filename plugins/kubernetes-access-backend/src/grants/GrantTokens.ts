import { ServiceUnavailableError } from '@backstage/errors';
import { stateAt } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Clock } from '../controller/Clock';
import type { RequestStore, StoredRequest } from '../database/types';
import type { Clusters } from '../kubernetes';
import { claimsOf, isNotFound, serviceAccountsPath } from '../kubernetes';
import { grantName } from './names';

/** The shortest life that Kubernetes gives a token. */
const TOKEN_SECONDS = 600;
/** A token with less than this left is not handed out any more. */
const MARGIN_MS = 60_000;
/** How long a ServiceAccount may take to be seen by the API server that mints. */
const RETRY_DELAYS_MS = [50, 150, 300, 500];

interface TokenStatus {
  token: string;
  expirationTimestamp: string;
}

interface CachedToken {
  token: string;
  /** On the monotonic clock. */
  useBefore: number;
}

/**
 * Mints the tokens of grants and keeps them in memory, and nowhere else.
 */
export class GrantTokens {
  readonly #clusters: Clusters;
  readonly #store: Pick<RequestStore, 'now'>;
  readonly #clock: Clock;
  readonly #cache = new Map<string, Promise<CachedToken>>();

  constructor(options: {
    clusters: Clusters;
    /** Whether a grant is active is judged by the database's clock: this process's may be wrong. */
    store: Pick<RequestStore, 'now'>;
    clock: Clock;
  }) {
    this.#store = options.store;
    this.#clusters = options.clusters;
    this.#clock = options.clock;
  }

  /**
   * A token of the grant's ServiceAccount, good for at least a minute.
   * @throws ServiceUnavailableError when the grant does not stand
   */
  async token(request: StoredRequest): Promise<string> {
    await this.#demandActive(request);
    const cached = await this.#cache.get(request.id);
    if (cached && this.#clock.monotonic() < cached.useBefore) {
      return cached.token;
    }
    return this.#renew(request);
  }

  /** Forgets the token of a request. It stays valid in the cluster until the objects of the grant are gone. */
  forget(requestId: string): void {
    this.#cache.delete(requestId);
  }

  async #renew(request: StoredRequest): Promise<string> {
    const minting = this.#mint(request);
    this.#cache.set(request.id, minting);
    try {
      return (await minting).token;
    } catch (error) {
      if (this.#cache.get(request.id) === minting) {
        this.#cache.delete(request.id);
      }
      throw error;
    }
  }

  async #mint(request: StoredRequest): Promise<CachedToken> {
    for (const delay of RETRY_DELAYS_MS) {
      try {
        return await this.#requestToken(request);
      } catch (error) {
        if (!isNotFound(error)) {
          throw error;
        }
      }
      await new Promise<void>(resolve => this.#clock.schedule(delay, resolve));
    }
    return this.#requestToken(request);
  }

  async #requestToken(request: StoredRequest): Promise<CachedToken> {
    const { resourceUid = '' } = request.observed;
    const name = grantName(request.requester, request.id, resourceUid);
    const connection = this.#clusters.byUid(request.terms.clusterUid);
    if (!connection) {
      throw new ServiceUnavailableError(
        `The cluster '${request.clusterName}' cannot be reached now; try again in a moment`,
      );
    }
    const mintedAt = this.#clock.monotonic();
    const { status } = await connection.client.create<{ status: TokenStatus }>(
      `${serviceAccountsPath(connection.grantNamespace, name)}/token`,
      {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { expirationSeconds: TOKEN_SECONDS },
      },
    );
    return {
      token: status.token,
      useBefore: mintedAt + lifeOf(status) - MARGIN_MS,
    };
  }

  async #demandActive(request: StoredRequest): Promise<void> {
    const now = await this.#store.now();
    const { phase } = stateAt(request, request.observed, now);
    if (phase !== 'Active' || !request.observed.resourceUid) {
      throw new ServiceUnavailableError(
        `The access of request '${request.id}' does not stand in the cluster now (${phase})`,
      );
    }
  }
}

/** How long a token lives by the cluster's own clock, which may differ from ours. */
function lifeOf({ token, expirationTimestamp }: TokenStatus): number {
  const issuedAt = Number(claimsOf(token).iat) * 1000;
  return Number.isFinite(issuedAt)
    ? Date.parse(expirationTimestamp) - issuedAt
    : TOKEN_SECONDS * 1000;
}
