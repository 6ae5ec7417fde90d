/** How to reach and log in to a cluster. Exactly one way is set. */
export type ClusterCredential =
  | { kind: 'inCluster' }
  | { kind: 'kubeconfig'; file: string; context?: string }
  | {
      kind: 'token';
      server: string;
      caData?: string;
      caFile?: string;
      skipTlsVerify: boolean;
      serviceAccountToken?: string;
      /** Read again when it changes. */
      tokenFile?: string;
    };

export interface ClusterOptions {
  name: string;
  title: string;
  credential: ClusterCredential;
  grantNamespace: string;
}

/** Who owns namespaces, as app-config says instead of the namespaces themselves. */
export interface TargetOwnership {
  cluster: string;
  namespaces: string[];
  /** Full entity refs. */
  owners: string[];
}

export interface RequestDefaults {
  minDurationSeconds: number;
  maxDurationSeconds: number;
  defaultDurationSeconds: number;
  minReasonLength: number;
  maxReasonLength: number;
  approvals: number;
  pendingSeconds: number;
}

export interface RequestQuotas {
  openRequestsPerUser: number;
  requestsPerHour: number;
  /** How long after a denial the same person may not ask for the same pods; 0: no pause. */
  pauseAfterDenialSeconds: number;
}

/** `kubernetesAccess.*` as everything but this folder sees it. */
export interface KubernetesAccessOptions {
  clusters: ClusterOptions[];
  defaults: RequestDefaults;
  targets: TargetOwnership[];
  /** `namespace`: a namespace must consent (the default); `catalog`: the catalog's word is enough. */
  targetTrust: 'namespace' | 'catalog';
  /** Nobody gets access to these in any way; always contains kube-system and its like. */
  excludedNamespaces: string[];
  /** Entity refs of users and groups who see and end everything. */
  admins: string[];
  /** Entity refs of users and groups who see everything. */
  auditors: string[];
  /** Entity refs of users and groups who decide where nobody else can. */
  fallbackApprovers: string[];
  audit: {
    /** The first key signs; the others only verify. */
    keys: Array<{ id: string; secret: string; until?: string }>;
    /** Where a generated key is kept when none is configured. */
    keyFile?: string;
  };
  recording: {
    enabled: boolean;
    maxBytesPerSession: number;
    /** Whether those who may or did decide on a request may play its recordings. */
    approversMayPlay: boolean;
  };
  sessions: {
    maxPerUser: number;
    maxPerRequest: number;
    idleSeconds: number;
    /** Exact origins that browsers may come from. */
    allowedOrigins: string[];
  };
  quotas: RequestQuotas;
}
