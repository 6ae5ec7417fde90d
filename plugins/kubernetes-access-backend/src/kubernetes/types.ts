import type { WebSocket } from 'ws';

/** The metadata that every object of Kubernetes has. */
export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** An object of Kubernetes of which no more than the metadata is known. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
}

export interface KubeList<T> {
  items: T[];
  metadata: { resourceVersion?: string; continue?: string };
}

/** As whom containers are to run. */
export interface RunAs {
  runAsUser?: number;
  runAsNonRoot?: boolean;
}

/** The parts of a pod that this plugin reads. */
export interface Pod extends KubeObject {
  spec?: {
    nodeName?: string;
    hostPID?: boolean;
    hostNetwork?: boolean;
    securityContext?: RunAs;
    volumes?: Array<{
      hostPath?: object;
      secret?: object;
      projected?: { sources?: Array<{ secret?: object }> };
    }>;
    containers?: Array<{
      name: string;
      image?: string;
      securityContext?: RunAs & { privileged?: boolean };
      env?: Array<{ valueFrom?: { secretKeyRef?: object } }>;
      envFrom?: Array<{ secretRef?: object }>;
    }>;
    ephemeralContainers?: Array<{ name: string }>;
  };
  status?: {
    phase?: string;
    reason?: string;
    containerStatuses?: Array<{
      name: string;
      ready: boolean;
      restartCount: number;
      containerID?: string;
      /** As whom it started, where the kubelet tells. */
      user?: { linux?: { uid: number } };
      state?: {
        running?: { startedAt?: string };
        waiting?: { reason?: string };
        terminated?: { reason?: string };
      };
    }>;
  };
}

export interface Namespace extends KubeObject {
  status?: { phase?: string };
}

export interface WatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: T;
}

/** Options of one call to the API server. */
export interface CallOptions {
  signal?: AbortSignal;
  /** Gives up after this time; 15 s when unset. */
  timeoutMs?: number;
  /**
   * Calls of different lanes never wait for each other's connections. Removal has its own,
   * so that the end of a grant never queues behind the start of others, and so has what tells others that this
   * process lives.
   */
  lane?: 'default' | 'removal' | 'lease';
}

/** Which objects a list or watch is about. */
export interface Selection {
  labelSelector?: string;
  fieldSelector?: string;
}

export type PatchKind = 'merge' | 'json';

/**
 * A client of one API server with the back end's own identity, over kept-alive connections.
 *
 * Paths are those of the API server, e.g. `/api/v1/namespaces/payments/pods` (see `paths.ts`).
 * Every method throws a `KubeApiError` when the API server refuses, and a `KubeConnectionError` when it
 * cannot be reached or does not answer in time.
 */
export interface KubeClient {
  /**
   * Resolves as soon as the API server answers, whatever it says, on a connection that nothing else waits for.
   * @throws KubeConnectionError when nothing is heard
   */
  ping(options: { timeoutMs: number }): Promise<void>;
  get<T extends KubeObject>(path: string, options?: CallOptions): Promise<T>;
  /** Reads all pages. */
  list<T extends KubeObject>(
    path: string,
    selection?: Selection,
    options?: CallOptions,
  ): Promise<KubeList<T>>;
  create<T>(path: string, body: object, options?: CallOptions): Promise<T>;
  replace<T>(path: string, body: object, options?: CallOptions): Promise<T>;
  patch<T>(
    path: string,
    kind: PatchKind,
    body: object,
    options?: CallOptions,
  ): Promise<T>;
  /** Deletes in the background mode. `uid` makes it a precondition. */
  delete(path: string, options?: CallOptions & { uid?: string }): Promise<void>;
  /** Yields events until the API server closes the watch, which is normal. Throws on an ERROR event. */
  watch<T extends KubeObject>(
    path: string,
    query: Selection & {
      resourceVersion: string;
      timeoutSeconds: number;
    },
    signal: AbortSignal,
  ): AsyncIterable<WatchEvent<T>>;
}

/** In the place of a token: the back end's own identity, for what no user has a hand in. */
export const OWN_IDENTITY = Symbol('own identity');

/** What an exec is to do, and in whose name it is on record in the cluster's own audit log. */
export interface ExecRequest {
  namespace: string;
  pod: string;
  container: string;
  command: string[];
  tty: boolean;
  stdin: boolean;
  /** The minted token of the grant; the back end's own identity is for what it does for itself. */
  token: string | typeof OWN_IDENTITY;
  userAgent: string;
  /** A UUID that becomes the auditID of the request in the cluster's audit log. */
  auditId: string;
  /** How long the handshake may take. */
  timeoutMs: number;
}

/** A cluster that the back end is connected to. */
export interface ClusterConnection {
  readonly name: string;
  readonly title: string;
  /** The UID of the kube-system namespace: what a cluster is known by, whatever its name. */
  readonly uid: string;
  readonly client: KubeClient;
  /** The namespace in which ServiceAccounts of grants live. */
  readonly grantNamespace: string;
  /**
   * Opens an exec stream with `v5.channel.k8s.io` (or v4 where the API server has no v5).
   * Resolves when the stream is open, paused so that no frame is lost before somebody listens.
   * @throws KubeApiError with the status with which the API server refused the upgrade
   */
  openExec(request: ExecRequest): Promise<WebSocket>;
  /**
   * Opens a connection for an exec that may follow soon, so that it need not wait for one. Nothing is said on it, no
   * token and no request; it is closed when nobody wants it after a while.
   */
  prepareExec?(): void;
}

/** Whether a cluster can be used, for people. */
export interface ClusterHealth {
  name: string;
  title: string;
  /** What it is known by, once it was reached. */
  uid?: string;
  /** `suspended`: it could be reached, but must not be used. */
  state: 'connecting' | 'ready' | 'unreachable' | 'unsupported' | 'suspended';
  /** One sentence when it is not ready. */
  message?: string;
}

/**
 * The configured clusters. Each connects by itself with its own back-off: one that is down never delays another.
 */
export interface Clusters {
  /** In the order of the configuration. */
  health(): ClusterHealth[];
  /** @throws NotFoundError for an unknown name, ServiceUnavailableError with a message when it is not ready. */
  byName(name: string): ClusterConnection;
  /** The connection of a cluster with this UID, if it is ready. */
  byUid(uid: string): ClusterConnection | undefined;
  /**
   * Keeps a cluster from being used, for a reason that people are told, or with no message lets it be used again.
   * Those who got its connection from {@link Clusters.onReady} keep it.
   */
  suspend(uid: string, message: string | undefined): void;
  /** Tells when a cluster has become ready; also for those that already are. */
  onReady(listener: (connection: ClusterConnection) => void): () => void;
  start(): void;
  stop(): Promise<void>;
}
