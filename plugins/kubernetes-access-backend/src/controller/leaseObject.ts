const API_VERSION = 'coordination.k8s.io/v1';
/** Whatever an object says, nobody is waited for longer than this without a sign of life. */
const MAX_DURATION_MS = 60_000;

/** A Lease as the API server has it. Somebody else may have written it, so nothing in its spec is relied upon. */
export interface LeaseObject {
  apiVersion?: string;
  kind?: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec?: {
    holderIdentity?: string | null;
    leaseDurationSeconds?: number | null;
    acquireTime?: string | null;
    renewTime?: string | null;
    leaseTransitions?: number | null;
  } | null;
}

/** Who holds a lease, or nothing when nobody does. */
export function holderOf({ spec }: LeaseObject): string | undefined {
  const holder = spec?.holderIdentity;
  return typeof holder === 'string' && holder !== '' ? holder : undefined;
}

/** How long its holder is waited for. */
export function durationOf({ spec }: LeaseObject, ownMs: number): number {
  const seconds = Number(spec?.leaseDurationSeconds);
  return Number.isFinite(seconds) && seconds > 0
    ? Math.min(seconds * 1000, MAX_DURATION_MS)
    : ownMs;
}

/** What changes with every sign of life of the holder, and not with what others write beside it. */
export function signOfLife({ spec }: LeaseObject): string {
  return JSON.stringify([
    spec?.holderIdentity,
    spec?.acquireTime,
    spec?.renewTime,
    spec?.leaseTransitions,
  ]);
}

/** The Lease with the caller as its holder. */
export function heldBy(
  holder: string,
  options: {
    name: string;
    namespace: string;
    labels: Record<string, string>;
    annotations: Record<string, string>;
    durationMs: number;
    now: number;
    current?: LeaseObject;
  },
): LeaseObject {
  const { current, name, namespace, labels, annotations } = options;
  const at = microTime(options.now);
  const isRenewal = current !== undefined && holderOf(current) === holder;
  const transitions = Number(current?.spec?.leaseTransitions ?? 0);
  return {
    apiVersion: API_VERSION,
    kind: 'Lease',
    metadata: {
      ...current?.metadata,
      name,
      namespace,
      labels: { ...current?.metadata.labels, ...labels },
      annotations: { ...current?.metadata.annotations, ...annotations },
    },
    spec: {
      holderIdentity: holder,
      leaseDurationSeconds: Math.ceil(options.durationMs / 1000),
      acquireTime: (isRenewal && current?.spec?.acquireTime) || at,
      renewTime: at,
      leaseTransitions: isRenewal || !current ? transitions : transitions + 1,
    },
  };
}

/** The Lease with nobody as its holder, so that the next one need not wait. */
export function releasedFrom(current: LeaseObject, now: number): LeaseObject {
  return {
    ...current,
    apiVersion: API_VERSION,
    kind: 'Lease',
    spec: {
      ...current.spec,
      holderIdentity: '',
      leaseDurationSeconds: 1,
      renewTime: microTime(now),
    },
  };
}

/** Kubernetes keeps these instants with microseconds. */
function microTime(now: number): string {
  return new Date(now).toISOString().replace('Z', '000Z');
}
