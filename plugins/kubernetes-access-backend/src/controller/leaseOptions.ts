import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Clock } from './Clock';
import type { LeaseObject } from './leaseObject';

/** The times of a lease, in milliseconds. */
export interface LeaseTimes {
  /** Others wait so long for a sign of life of the holder. */
  durationMs: number;
  /** A holder that could not renew for so long no longer takes itself for it; well before others do. */
  giveUpMs: number;
  /** A holder renews this often. */
  renewMs: number;
  /** Everybody else looks this often; a holder whose renewal failed tries again four times as soon. */
  retryMs: number;
}

/** What a lease needs of a client of the API server. */
export interface LeaseClient {
  get<T extends LeaseObject>(path: string, options?: CallOptions): Promise<T>;
  create<T>(path: string, body: object, options?: CallOptions): Promise<T>;
  replace<T>(path: string, body: object, options?: CallOptions): Promise<T>;
}

interface CallOptions {
  timeoutMs?: number;
  lane?: 'lease';
}

/** What a Lease is to carry, or what speaks against this process as its holder. */
export type Verdict =
  | { annotations: Record<string, string> }
  | { refusal: string };

/**
 * Looks at what the Lease carries before it is taken or renewed, and says what it is to carry, or what speaks against
 * this process as its holder.
 */
export type LeaseReview = (
  annotations: Record<string, string>,
) => Promise<Verdict>;

export interface LeaseOptions {
  client: LeaseClient;
  /** The collection, as in the API server's URLs. */
  path: string;
  namespace: string;
  name: string;
  labels?: Record<string, string>;
  /** Who this process is; no other one may have this name. */
  holder: string;
  clock: Clock;
  logger: LoggerService;
  random?: () => number;
  times?: Partial<LeaseTimes>;
  review?: LeaseReview;
  onAcquire: () => void;
  onLose: (why: string) => void;
  /** Tells what the first review says against this process, or with nothing that it is welcome, and every change. */
  onRefusal?: (refusal: string | undefined) => void;
}
