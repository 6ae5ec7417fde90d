import { readFileSync } from 'node:fs';
import { clusterFromEnvironment } from '@kubernetes-access/dev-cluster';
import WebSocket from 'ws';
import { parse } from 'yaml';

/** Where a shell is opened. */
export interface Place {
  namespace: string;
  pod: string;
  container: string;
}

/** How the cluster's administrator reaches the API server, without anything in between. */
export interface ApiServer {
  url: string;
  kubectl: string;
  kubeconfig: string;
  tls: { ca: Buffer; cert: Buffer; key: Buffer };
}

export async function readApiServer(): Promise<ApiServer> {
  const { info } = await clusterFromEnvironment();
  const { kubectl, kubeconfig } = info;
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8'));
  const { cluster } = clusters[0];
  const { user } = users[0];
  return {
    url: cluster.server,
    kubectl,
    kubeconfig,
    tls: {
      ca: bytesOf(cluster, 'certificate-authority'),
      cert: bytesOf(user, 'client-certificate'),
      key: bytesOf(user, 'client-key'),
    },
  };
}

/** In a kubeconfig a certificate is a file, or stands in the file itself. */
function bytesOf(part: Record<string, string>, name: string): Buffer {
  const inline = part[`${name}-data`];
  return inline ? Buffer.from(inline, 'base64') : readFileSync(part[name]);
}

/** Opens an exec at the API server itself. */
export function openExec({ url, tls }: ApiServer, place: Place): WebSocket {
  const target = new URL(
    `/api/v1/namespaces/${place.namespace}/pods/${place.pod}/exec`,
    url.replace(/^http/, 'ws'),
  );
  target.search = new URLSearchParams([
    ['container', place.container],
    ['command', 'sh'],
    ['stdin', 'true'],
    ['stdout', 'true'],
    ['tty', 'true'],
  ]).toString();
  return new WebSocket(target, ['v5.channel.k8s.io'], {
    ...tls,
    perMessageDeflate: false,
  });
}
