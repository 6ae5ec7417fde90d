/** What the back end's configuration needs to know of the cluster. */
export interface DemoClusterFacts {
  /** The cluster.json of the running cluster. */
  infoFile: string;
  /** The kubeconfig with exactly the rights that the chart gives. */
  backendKubeconfig: string;
  /** The cluster as the kubernetes plugin wants it configured. */
  kubernetesTab: {
    url: string;
    caData?: string;
    serviceAccountToken: string;
  };
}

/** What the process that runs the cluster tells the one that started it. */
export type DemoClusterMessage =
  | { type: 'log'; line: string }
  /** Backstage can use the cluster; the pods may still be starting. */
  | { type: 'reachable'; facts: DemoClusterFacts }
  | { type: 'ready' }
  | { type: 'failed'; message: string };
