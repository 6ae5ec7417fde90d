import { SampleImages } from '../Cluster';

/** Marks everything that belongs to the samples. */
export const PART_OF = {
  'app.kubernetes.io/part-of': 'kubernetes-access-samples',
};

/** A component of the demo's story with the pods that it runs as. */
export interface SampleWorkload {
  namespace: string;
  component: string;
  image: keyof SampleImages;
  replicas?: number;
  containers: SampleContainer[];
  runAsNonRoot?: boolean;
  /** Its pods never become ready, and that is the point of it. */
  crashes?: boolean;
}

export interface SampleContainer {
  name: string;
  /** What the image does by itself where it is missing. */
  script?: string;
}

export interface SampleNamespace {
  name: string;
  /** Who may be given access to it, in the words of the cluster's own people; nobody where it is missing. */
  owners?: string;
}

export const SAMPLE_NAMESPACES: SampleNamespace[] = [
  { name: 'payments', owners: 'group:default/payments' },
  { name: 'storefront', owners: 'group:default/storefront' },
  { name: 'platform', owners: 'group:default/platform' },
  { name: 'legacy' },
];

export const SAMPLE_WORKLOADS: SampleWorkload[] = [
  {
    namespace: 'payments',
    component: 'payments-api',
    image: 'shell',
    replicas: 2,
    containers: [
      { name: 'app', script: everyFewSeconds(10, 'payment $n settled') },
      { name: 'sidecar', script: everyFewSeconds(60, 'metrics pushed') },
    ],
  },
  {
    namespace: 'payments',
    component: 'payments-worker',
    image: 'nonroot',
    runAsNonRoot: true,
    containers: [
      { name: 'worker', script: everyFewSeconds(15, 'batch $n finished') },
    ],
  },
  {
    namespace: 'payments',
    component: 'payments-ledger',
    image: 'distroless',
    containers: [{ name: 'ledger' }],
  },
  {
    namespace: 'storefront',
    component: 'storefront-web',
    image: 'shell',
    containers: [
      { name: 'web', script: everyFewSeconds(10, 'page $n served') },
    ],
  },
  {
    namespace: 'storefront',
    component: 'storefront-logger',
    image: 'logger',
    containers: [{ name: 'logger' }],
  },
  {
    namespace: 'storefront',
    component: 'storefront-import',
    image: 'crashloop',
    crashes: true,
    containers: [{ name: 'import' }],
  },
  {
    namespace: 'legacy',
    component: 'legacy-batch',
    image: 'shell',
    containers: [
      { name: 'batch', script: everyFewSeconds(30, 'row $n copied') },
    ],
  },
];

/** Ends at once when it is told to, so that a rollout is quick. */
function everyFewSeconds(seconds: number, line: string): string {
  return [
    "trap 'exit 0' TERM",
    'n=0',
    'while true; do',
    '  n=$((n + 1))',
    `  echo "$(date +%T) ${line}"`,
    `  sleep ${seconds} &`,
    '  wait $!',
    'done',
  ].join('\n');
}
