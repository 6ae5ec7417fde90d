import { promises as fs, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { Layout, Ports } from './layout';

/** A kubeconfig with the certificate of one of the holders in components/clusternode/certificates.go. */
export function kubeconfigFor(
  holder: string,
  context: string,
  layout: Layout,
  ports: Ports,
): string {
  const encoded = (file: string) =>
    readFileSync(join(layout.certificates, file)).toString('base64');
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [
      {
        name: context,
        cluster: {
          server: `https://127.0.0.1:${ports.apiServer}`,
          'certificate-authority-data': encoded('ca.crt'),
        },
      },
    ],
    contexts: [{ name: context, context: { cluster: context, user: holder } }],
    users: [
      {
        name: holder,
        user: {
          'client-certificate-data': encoded(`${holder}.crt`),
          'client-key-data': encoded(`${holder}.key`),
        },
      },
    ],
  });
}

/** The port of the API server of a cluster that was started earlier. */
export async function kubeconfigPort(layout: Layout): Promise<number> {
  const { clusters } = parse(await fs.readFile(layout.kubeconfig, 'utf8'));
  return Number(new URL(clusters[0].cluster.server).port);
}
