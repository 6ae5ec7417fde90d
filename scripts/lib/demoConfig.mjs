import { writeFileSync } from 'node:fs';

/** What only this start knows: written as JSON, which is YAML as well. */
export function writeDemoConfig(
  file,
  { port, databaseFolder, auditKeyFile, cluster },
) {
  const baseUrl = `http://localhost:${port}`;
  const config = {
    app: { baseUrl },
    backend: {
      baseUrl,
      listen: { host: '127.0.0.1', port },
      database: {
        client: 'better-sqlite3',
        connection: { directory: databaseFolder },
      },
    },
    ...(cluster && { kubernetes: kubernetesTab(cluster) }),
    kubernetesAccess: kubernetesAccess(auditKeyFile, cluster),
  };
  // The credential of the kubernetes tab is in it.
  writeFileSync(file, JSON.stringify(config, null, 2), { mode: 0o600 });
  return baseUrl;
}

/** The cluster as the neighbour's tab sees it, with a credential of its own. */
const kubernetesTab = cluster => ({
  clusterLocatorMethods: [
    {
      type: 'config',
      clusters: [
        {
          name: 'demo',
          authProvider: 'serviceAccount',
          skipMetricsLookup: true,
          ...cluster.kubernetesTab,
        },
      ],
    },
  ],
});

/** The cluster as Kubernetes Access sees it: with the rights that the chart gives and no others. */
const kubernetesAccess = (keyFile, cluster) => ({
  audit: { keyFile },
  clusters: cluster
    ? [
        {
          name: 'demo',
          title: 'Demo',
          kubeconfig: { file: cluster.backendKubeconfig },
        },
      ]
    : [],
});
