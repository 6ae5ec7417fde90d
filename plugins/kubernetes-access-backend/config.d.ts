import type { HumanDuration } from '@backstage/types';

export interface Config {
  /**
   * Temporary, approved access to pods.
   */
  kubernetesAccess?: {
    /**
     * The clusters that access can be asked for, each with a credential of this plugin's own.
     * Default: none; the plugin then explains that there is nothing to ask for.
     */
    clusters?: Array<{
      /**
       * The name that entities and people use for the cluster. Where `kubernetes.clusterLocatorMethods` (type
       * `config`) has a cluster of this name, its url, CA and title are taken when none are given here.
       */
      name: string;
      /**
       * What people read. Default: the name.
       */
      title?: string;
      /**
       * Use the ServiceAccount of the pod that the back end runs in. Default: false.
       */
      inCluster?: boolean;
      /**
       * Use a context of a kubeconfig file.
       */
      kubeconfig?: {
        /**
         * Path of the file.
         */
        file: string;
        /**
         * The context in it. Default: the file's current context.
         */
        context?: string;
      };
      /**
       * URL of the API server, for `serviceAccountToken` and `tokenFile`.
       */
      server?: string;
      /**
       * The API server's certificate authority, base64 of PEM.
       */
      caData?: string;
      /**
       * Path of a PEM file with the API server's certificate authority.
       */
      caFile?: string;
      /**
       * Do not check the API server's certificate. Default: false. Never set it outside of development.
       */
      skipTLSVerify?: boolean;
      /**
       * Token of the back end's ServiceAccount in the cluster.
       * @visibility secret
       */
      serviceAccountToken?: string;
      /**
       * Path of a file with that token; read again when it changes.
       */
      tokenFile?: string;
      /**
       * The namespace in which the ServiceAccounts of grants are made, as installed by the chart.
       * Default: `kubernetes-access-grants`.
       */
      grantNamespace?: string;
    }>;

    /**
     * What may be asked for, and what it takes.
     */
    defaults?: {
      /**
       * The shortest access. Default: 10 minutes.
       */
      minDuration?: HumanDuration | string;
      /**
       * The longest access, at most 7 days. Default: 8 hours.
       */
      maxDuration?: HumanDuration | string;
      /**
       * What the form proposes. Default: 1 hour.
       */
      duration?: HumanDuration | string;
      /**
       * How many characters a reason has at least. Default: 10.
       */
      minReasonLength?: number;
      /**
       * How many characters a reason has at most, up to 1000. Default: 1000.
       */
      maxReasonLength?: number;
      /**
       * How many approvers must agree. Default: 1.
       */
      approvals?: number;
      /**
       * How long a request waits for a decision. Default: 24 hours.
       */
      pendingTimeout?: HumanDuration | string;
    };

    /**
     * Who owns namespaces, where the namespaces themselves do not say so by the annotation
     * `kubernetes-access.io/owners`. Default: none.
     */
    targets?: Array<{
      /**
       * The name of a cluster of `kubernetesAccess.clusters`.
       */
      cluster: string;
      /**
       * Namespaces of that cluster.
       */
      namespaces: string[];
      /**
       * Full entity refs, such as `group:default/payments`.
       */
      owners: string[];
    }>;

    /**
     * `namespace`: a namespace opens only to the owners that it names (or `targets` names for it).
     * `catalog`: the owner in the catalog is enough; only for a catalog that is itself reviewed.
     * Default: `namespace`.
     */
    targetTrust?: 'namespace' | 'catalog';

    /**
     * Namespaces that nobody gets access to, beside those that are always excluded: kube-system, kube-public,
     * kube-node-lease, the back end's and the grant namespaces. Default: none.
     */
    excludedNamespaces?: string[];

    /**
     * Users and groups who see and end everything. They approve nothing unless they are approvers.
     * Full entity refs. Default: none.
     */
    admins?: string[];

    /**
     * Users and groups who see everything. Full entity refs. Default: none.
     */
    auditors?: string[];

    /**
     * Users and groups who decide where nobody else can: the entity has no owner, or the requester is the only
     * one. Full entity refs. Default: none.
     */
    fallbackApprovers?: string[];

    audit?: {
      /**
       * Keys of the audit trail. The first one signs; the others only verify what they signed before.
       * Default: one key, generated and kept in `keyFile`.
       */
      keys?: Array<{
        /**
         * Stands beside every event that the key signed.
         */
        id: string;
        /**
         * At least 32 characters.
         * @visibility secret
         */
        secret: string;
        /**
         * When the key was retired, such as `2026-11-21T12:00:00Z`: what it signed after that is reported as wrong.
         * Default: never.
         */
        until?: string;
      }>;
      /**
       * Where a generated key is kept when there are no `keys`. For a single machine only.
       * Default: none; a key then lives as long as the process.
       */
      keyFile?: string;
    };

    recording?: {
      /**
       * Record the output of sessions. Default: true.
       */
      enabled?: boolean;
      /**
       * Where the recording of a session stops, in bytes. Default: 67108864 (64 MiB).
       */
      maxBytesPerSession?: number;
      /**
       * Whether those who may or did decide on a request may play its recordings, beside its requester, `admins` and
       * `auditors`. Default: false.
       */
      approversMayPlay?: boolean;
    };

    sessions?: {
      /**
       * How many terminals a user may have open. Default: 10.
       */
      maxPerUser?: number;
      /**
       * How many terminals may be open under one request. Default: 5.
       */
      maxPerRequest?: number;
      /**
       * A terminal in which nothing is typed or printed for so long is closed. Default: 30 minutes.
       */
      idleTimeout?: HumanDuration | string;
    };

    quotas?: {
      /**
       * How many requests of a user may be open. Default: 10.
       */
      openRequestsPerUser?: number;
      /**
       * How many requests a user may make within an hour. Those who can decide are told of each. Default: 30.
       */
      requestsPerHour?: number;
      /**
       * How long after a denial the same user may not ask for the same pods again; `0s`: not at all, at most a day.
       * Default: 5 minutes.
       */
      pauseAfterDenial?: HumanDuration | string;
    };
  };
}
