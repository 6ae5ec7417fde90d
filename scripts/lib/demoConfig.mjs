import { writeFileSync } from 'node:fs';

/** What only this start knows: written as JSON, which is YAML as well. */
export function writeDemoConfig(file, { port, databaseFolder, cluster }) {
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
    ...(cluster && clusterConfig(cluster)),
  };
  // The credential of the kubernetes tab is in it.
  writeFileSync(file, JSON.stringify(config, null, 2), { mode: 0o600 });
  return baseUrl;
}

const clusterConfig = ({ backendKubeconfig, kubernetesTab }) => ({
  kubernetes: {
    clusterLocatorMethods: [
      {
        type: 'config',
        clusters: [
          {
            name: 'demo',
            authProvider: 'serviceAccount',
            skipMetricsLookup: true,
            ...kubernetesTab,
          },
        ],
      },
    ],
  },
  kubernetesAccess: {
    clusters: [{ name: 'demo', title: 'Demo', kubeconfig: backendKubeconfig }],
  },
});
