/** Says what is being done, one line at a time. */
export type Log = (line: string) => void;

/** The images of the sample workloads. Where only a public image can be had, those that need one of our own are missing. */
export interface SampleImages {
  /** Busybox with a shell and the usual tools. */
  shell: string;
  /** A single static program and no shell. */
  distroless?: string;
  /** A shell, but the user is not root. */
  nonroot?: string;
  /** Writes many coloured lines. */
  logger?: string;
  /** Ends with an error soon after its start. */
  crashloop?: string;
}

/** What `cluster.json` in the folder of a cluster says. */
export interface ClusterInfo {
  name: string;
  provider: string;
  /** The folder with everything that belongs to the cluster. */
  folder: string;
  /** An administrator's kubeconfig, for set-up and assertions only. */
  kubeconfig: string;
  kubectl: string;
  helm: string;
  images: SampleImages;
  imagePullPolicy: 'Never' | 'IfNotPresent';
  /** Other people's work may be in it, too. */
  shared?: boolean;
  /** The context of a cluster of the user's own. */
  context?: string;
  /** The API server's audit log (JSON lines), where it writes one. */
  auditLog?: string;
  /** It has no node, hence no pods: an API server with what belongs to it. */
  withoutNode?: boolean;
}

export interface Cluster {
  name: string;
  info: ClusterInfo;
  stop(): Promise<void>;
}
