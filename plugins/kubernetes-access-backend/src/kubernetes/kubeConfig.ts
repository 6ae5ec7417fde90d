import { KubeConfig } from '@kubernetes/client-node';
import type { ClusterCredential } from '../config/types';

/** What it takes to reach an API server and to trust it. */
export interface Endpoint {
  /** Without a slash at the end. */
  server: string;
  /** Trust and, where the back end logs in with a certificate, its own. */
  tls: TlsOptions;
  /** The headers of the back end's own identity, read anew for each call: tokens in files change. */
  authorize(): Promise<Record<string, string>>;
}

export interface TlsOptions {
  ca?: string | Buffer;
  cert?: string | Buffer;
  key?: string | Buffer;
  servername?: string;
  rejectUnauthorized?: boolean;
}

/** Reads how to reach a cluster. This is the only file that uses @kubernetes/client-node. */
export async function endpointOf(
  credential: ClusterCredential,
): Promise<Endpoint> {
  const config = loadConfig(credential);
  const cluster = config.getCurrentCluster();
  if (!cluster) {
    throw new Error('The kubeconfig has no current cluster');
  }
  const options = await applied(config);
  return {
    server: cluster.server.replace(/\/+$/, ''),
    tls: {
      ca: asPem(options.ca),
      cert: asPem(options.cert),
      key: asPem(options.key),
      servername: cluster.tlsServerName,
      rejectUnauthorized: !cluster.skipTLSVerify,
    },
    authorize: () => authorizationOf(config),
  };
}

async function authorizationOf(
  config: KubeConfig,
): Promise<Record<string, string>> {
  const { Authorization } = (await applied(config)).headers ?? {};
  return typeof Authorization === 'string'
    ? { authorization: Authorization }
    : {};
}

function loadConfig(credential: ClusterCredential): KubeConfig {
  const config = new KubeConfig();
  switch (credential.kind) {
    case 'inCluster':
      config.loadFromCluster();
      return config;
    case 'kubeconfig':
      config.loadFromFile(credential.file);
      if (credential.context) {
        config.setCurrentContext(credential.context);
      }
      return config;
    default:
      config.loadFromClusterAndUser(
        {
          name: 'cluster',
          server: credential.server,
          caData: credential.caData,
          caFile: credential.caFile,
          skipTLSVerify: credential.skipTlsVerify,
        },
        userOf(credential),
      );
      return config;
  }
}

/** A token in a file is read again every minute by client-node, as in a pod. */
function userOf(credential: Extract<ClusterCredential, { kind: 'token' }>) {
  return credential.tokenFile
    ? {
        name: 'user',
        authProvider: {
          name: 'tokenFile',
          config: { tokenFile: credential.tokenFile },
        },
      }
    : { name: 'user', token: credential.serviceAccountToken };
}

interface AppliedOptions {
  headers?: Record<string, unknown>;
  ca?: unknown;
  cert?: unknown;
  key?: unknown;
}

async function applied(config: KubeConfig): Promise<AppliedOptions> {
  const options: Parameters<KubeConfig['applyToHTTPSOptions']>[0] = {};
  await config.applyToHTTPSOptions(options);
  return options as AppliedOptions;
}

function asPem(value: unknown): string | Buffer | undefined {
  return typeof value === 'string' || Buffer.isBuffer(value)
    ? value
    : undefined;
}
